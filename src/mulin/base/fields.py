"""Column types: an area path that compares by bytes, and text that is encrypted at rest."""

from __future__ import annotations

from typing import Any

from django.db import models

from mulin.base import crypto
from mulin.base.paths import PATH_LENGTH


class AreaPathField(models.CharField):
    """A materialised area path. On PostgreSQL it compares by bytes whatever the database's locale."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", PATH_LENGTH)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class EncryptedTextField(models.TextField):
    """Text that only the application can read. Equality is asked of a blind index beside it, never of this column."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else crypto.decrypt(value) if value else ""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return crypto.encrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError("an encrypted field cannot be searched; ask its blind index")
        return super().get_lookup(lookup_name)
