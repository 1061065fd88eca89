"""The domain, one folder a part, all with the same file names."""
