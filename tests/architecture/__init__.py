"""The house rules as tests: who may know whom, what is pure, what is tidy."""
