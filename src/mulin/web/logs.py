"""What must not stand in a log."""

from __future__ import annotations

import logging


class HideSecrets(logging.Filter):
    """Put "***" for the secret of an address: whoever reads the log must not be able to open what it opens.

    Belongs to the loggers that are given a request along with the line (`django.request`, `django.security.*`).
    """

    def filter(self, record: logging.LogRecord) -> bool:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        secret = str(match.kwargs.get("secret", "")) if match else ""
        if secret:
            record.msg, record.args = record.getMessage().replace(secret, "***"), ()
        return True
