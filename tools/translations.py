"""Gather every translatable sentence into the .po files and say what is still missing.

Chinese is the source: a sentence in the code is its own Chinese text. Sentences that left the code leave the
.po files too; guesses are never made (`--no-fuzzy-matching`), since a wrong sentence is worse than none.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "mulin" / "locale"
PYBABEL = Path(sys.executable).with_name("pybabel")
LANGUAGES = ("en",)
KEYWORDS = ("gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2", "gettext_noop")
SHOWN = 20


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "django.pot"
        extract(template)
        for language in LANGUAGES:
            update(catalogue_of(language), template, language)
    return 1 if report([catalogue_of(language) for language in LANGUAGES]) else 0


def catalogue_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def extract(template: Path) -> None:
    keywords = [option for keyword in KEYWORDS for option in ("-k", keyword)]
    run("extract", "-F", "pyproject.toml", *keywords, "--sort-by-file", "--no-wrap", "--project", "mulin",
        "--add-location=file", "-o", str(template), "src/mulin")  # fmt: skip


def update(catalogue: Path, template: Path, language: str) -> None:
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    files = ("-i", str(template), "-o", str(catalogue), "-l", language)
    if not catalogue.exists():
        run("init", *files, "--no-wrap")
        return
    run(
        "update",
        *files,
        "--no-fuzzy-matching",
        "--ignore-obsolete",
        "--no-wrap",
        "--ignore-pot-creation-date",
    )


def run(*arguments: str) -> None:
    subprocess.run([PYBABEL, "-q", *arguments], cwd=ROOT, check=True)


def report(paths: list[Path]) -> int:
    """Print what is untranslated, by language; how many sentences that is in all."""
    total = 0
    for path in paths:
        with path.open("rb") as file:
            catalogue = read_po(file)
        missing = untranslated(catalogue)
        total += len(missing)
        print(f"{path.parts[-3]}: {len(catalogue)} texts, {len(missing)} untranslated")
        for text in missing[:SHOWN]:
            print(f"  {text}")
    return total


def untranslated(catalogue: Catalog) -> list[str]:
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id
        and (
            message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string)
        )
    ]


if __name__ == "__main__":
    sys.exit(main())
