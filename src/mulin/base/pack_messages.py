"""What pydantic finds wrong, said in both languages to somebody who edits YAML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from mulin.base.located_yaml import Where
from mulin.kernel.errors import Text

KINDS = {
    "string": ("一段文字（数字编号请加引号）", "text (put a number that is a code in quotes)"),
    "int": ("一个整数", "a whole number"),
    "float": ("一个数", "a number"),
    "decimal": ("一个数", "a number"),
    "bool": ("true 或 false", "true or false"),
    "date": ("日期，例如 2026-01-01", "a date such as 2026-01-01"),
    "time": ("时间，例如 08:30", "a time such as 08:30"),
    "list": ("一个列表", "a list"),
    "tuple": ("一个列表", "a list"),
    "set": ("一个列表", "a list"),
    "frozen_set": ("一个列表", "a list"),
    "dict": ("几个“名称: 值”", "a mapping of names to values"),
    "model": ("几个“名称: 值”", "a mapping of names to values"),
}


def schema_problems(error: ValidationError, schema: type[BaseModel]) -> Iterator[tuple[Where, Text]]:
    """Each problem with the place inside the entry it belongs to."""
    for found in error.errors(include_url=False):
        yield tuple(found["loc"]), message(found, schema)


def message(found: Any, schema: type[BaseModel]) -> Text:
    name = ".".join(str(part) for part in found["loc"])
    kind, context = found["type"], found.get("ctx", {})
    if kind == "missing":
        return Text(zh=f"缺少“{name}”。", en=f"“{name}” is missing.")
    if kind == "extra_forbidden":
        known = ", ".join(schema.model_fields)
        return Text(
            zh=f"不认识的项目“{name}”。可用：{known}。", en=f"“{name}” is not known here. Known: {known}."
        )
    if kind in {"literal_error", "enum"}:
        expected = str(context.get("expected", ""))
        zh = expected.replace(" or ", "、").replace(", ", "、")
        return Text(zh=f"“{name}”应为其中之一：{zh}。", en=f"“{name}” must be one of {expected}.")
    expected_kind = KINDS.get(kind.rsplit("_", 1)[0].removesuffix("_from_date").removesuffix("_attributes"))
    if expected_kind:
        zh, en = expected_kind
        return Text(zh=f"“{name}”应为{zh}。", en=f"“{name}” must be {en}.")
    said = str(context["error"]) if "error" in context else found["msg"]
    return Text(zh=f"“{name}”的值不能用：{said}。", en=f"The value of “{name}” cannot be used: {said}.")
