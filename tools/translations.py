"""Gather every translatable sentence into the .po files and say what is still missing.

Chinese is the source: a sentence in the code is its own Chinese text. Sentences that left the code leave the
.po files too; guesses are never made, since a wrong sentence is worse than none.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "mulin"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("en",)
METHODS = [("**/tests/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {
    # As in mulin.web.jinja.environment.
    "**/templates/**.html": {
        "silent": "false",
        "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "newstyle_gettext": "true",
    }
}
KEYWORDS = DEFAULT_KEYWORDS | parse_keywords(("gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2"))
HEADER = "# Texts of Mulin: Chinese is the source. `make translations` gathers them, tests/docs holds them complete."
GAP = re.compile(r"%\(\w+\)[.\d]*[a-z]|\{\w*\}")
SHOWN = 20


def main() -> int:
    found = gather()
    missing = 0
    for language in LANGUAGES:
        catalogue = read(language)
        bring_up_to(catalogue, found)
        write(catalogue, language)
        missing += report(catalogue, language)
    return 1 if missing else 0


def gather() -> Catalog:
    """Every sentence that the code and the templates hand to gettext, with the files it stands in."""
    result = Catalog(project="mulin")
    for name, _line, message, _comments, context in extract_from_dir(
        PACKAGE, METHODS, OPTIONS, keywords=KEYWORDS
    ):
        result.add(message, locations=[(f"src/mulin/{name}", 0)], context=context)
    return result


def catalogue_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = catalogue_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def bring_up_to(catalogue: Catalog, found: Catalog) -> None:
    """The sentences of `found`, with the translations that are there already."""
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version = "mulin", "1"
    catalogue.header_comment = HEADER
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "mulin"


def write(catalogue: Catalog, language: str) -> None:
    path = catalogue_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, sort_by_file=True, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def report(catalogue: Catalog, language: str) -> int:
    """Print what is untranslated or has lost a gap; how many sentences that is."""
    missing, damaged = untranslated(catalogue), with_other_gaps(catalogue)
    print(f"{language}: {len(catalogue)} texts, {len(missing)} untranslated, {len(damaged)} with other gaps")
    for text in (missing + damaged)[:SHOWN]:
        print(f"  {text}")
    return len(missing) + len(damaged)


def untranslated(catalogue: Catalog) -> list[str]:
    return [
        source(message) for message in messages(catalogue) if message.fuzzy or not all(forms(message.string))
    ]


def with_other_gaps(catalogue: Catalog) -> list[str]:
    """Sentences whose translation does not fill the same gaps: `%(count)s` in one, nothing in the other."""
    return [
        source(message)
        for message in messages(catalogue)
        if any(text and gaps(text) != gaps(source(message)) for text in forms(message.string))
    ]


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def source(message: Message) -> str:
    return forms(message.id)[0]


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """One text, or the singular and the plural; a new sentence has none yet."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def gaps(text: str) -> set[str]:
    """
    >>> sorted(gaps("还有 %(count)s 件，%(score).1f 分"))
    ['%(count)s', '%(score).1f']
    """
    return set(GAP.findall(text))


if __name__ == "__main__":
    sys.exit(main())
