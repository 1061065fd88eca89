"""What `mulin doctor` looks at: one function a question, each with an answer and, where it is not good, what to do."""

from mulin.cli.checks.finding import Finding, Status, every_check

__all__ = ["Finding", "Status", "every_check"]
