"""A form as it came in: what was typed, kept word for word, and what is wrong with it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from mulin.kernel.errors import FieldProblem, InvalidInput, MulinError


@dataclass
class Typed:
    """`values` hold every field as a list of texts; `problems` messages by field, "" being the form as a whole."""

    values: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def sent(cls, request: HttpRequest) -> Typed:
        """What a POST carries."""
        return cls({name: [str(text) for text in texts] for name, texts in request.POST.lists()})

    @classmethod
    def kept(cls, initial: Mapping[str, Any]) -> Typed:
        """Values to begin with: from a draft, or from what is stored."""
        return cls(
            {
                name: list(map(str, value)) if isinstance(value, list | tuple) else [str(value)]
                for name, value in initial.items()
            }
        )

    def text(self, name: str, default: str = "") -> str:
        texts = self.values.get(name)
        return texts[0] if texts else default

    def texts(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def errors(self, name: str) -> list[str]:
        return self.problems.get(name, [])

    def refuse(self, error: MulinError) -> None:
        """Put an error's problems beside their fields."""
        found: Sequence[FieldProblem] = (
            error.problems
            if isinstance(error, InvalidInput)
            else [FieldProblem(error.field, error.text, error.code)]
        )
        language = get_language() or "zh-hans"
        for problem in found:
            self.problems.setdefault(problem.field or "", []).append(problem.text.in_language(language))

    @property
    def is_bad(self) -> bool:
        return bool(self.problems)

    @property
    def summary(self) -> list[dict[str, str]]:
        """For `error_summary(items=…)`: every problem, linked to its field."""
        return [
            {"href": f"#id_{name}" if name else "", "text": text}
            for name, texts in self.problems.items()
            for text in texts
        ]
