"""The language of the command line: `--language`, else MULIN_LANGUAGE, else the terminal's; Chinese where none is said."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from mulin.kernel.errors import Text

CHINESE, ENGLISH = "zh-hans", "en"
VARIABLES = ("MULIN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_chosen = [CHINESE]


def language() -> str:
    return _chosen[0]


def say(zh: str, en: str) -> str:
    """One of both, in the language chosen for this run."""
    return en if language() == ENGLISH else zh


def text(of: Text) -> str:
    return of.in_language(language())


def language_of(wish: str, environ: Mapping[str, str]) -> str:
    """What was asked for, else what the first variable that says anything says.

    >>> language_of("", {"LANG": "en_GB.UTF-8"}), language_of("", {"LANG": "C.UTF-8"}), language_of("zh", {"LANG": "en"})
    ('en', 'zh-hans', 'zh-hans')
    """
    said = wish or next((environ[name] for name in VARIABLES if environ.get(name)), "")
    return ENGLISH if said.lower().startswith("en") else CHINESE


def choose_language(arguments: Sequence[str]) -> list[str]:
    """Choose by `--language en` anywhere among the arguments; the rest of them is returned."""
    rest: list[str] = []
    wish = ""
    given = iter(arguments)
    for argument in given:
        if argument == "--language":
            wish = next(given, "")
        elif argument.startswith("--language="):
            wish = argument.partition("=")[2]
        else:
            rest.append(argument)
    _chosen[0] = language_of(wish, os.environ)
    return rest
