"""English is complete: every sentence has its translation, and nobody reads Chinese that should have had one."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from mulin.web.jinja import environment
from tests.docs.chinese import in_python, in_template
from tools import translations

pytestmark = [pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "mulin"
# What speaks to people through gettext. The floors below carry both languages in one object (kernel.errors.Text),
# and what services store, notes of the timeline and messages to residents, is written in Chinese for its readers.
SPEAKING_FILES = (
    "forms.py",
    "views.py",
    "labels.py",
    "frames.py",
    "frame.py",
    "pages.py",
    "exporting.py",
    "finding.py",
)
SPEAKING_FOLDERS = {"views", "forms", "portals", "web"}
ALLOWED = {
    ("portals/accounts_import.py", None): "headings that people's tables have, in any language",
    ("web/formats.py", None): "how dates and lists are written, chosen by language",
    ("web/styleguide.py", None): "samples of residents' words and of names",
    ("web/templates/web/", None): "samples of residents' words and of names",
    ("web/templates/shells/_preferences.html", "中文"): "a language is offered in its own words",
    ("parts/areas/forms.py", "，"): "typed by people, understood in both languages",
    ("parts/registry/views.py", "："): "joins a reason as it is stored",
    ("parts/service_requests/views/partner_work.py", "联系居民办理"): "a reason as it is stored",
    ("parts/service_requests/views/work_lists.py", "\u3000"): "a wide space, no word",
}


@pytest.fixture(scope="module")
def found():
    return translations.gather()


@pytest.fixture(scope="module", params=translations.LANGUAGES)
def catalogue(request):
    return translations.read(request.param)


def test_the_code_speaks(found):
    assert len(found) > 1000


def test_every_sentence_of_the_code_is_in_the_catalogue(found, catalogue):
    known = {(message.id, message.context) for message in translations.messages(catalogue)}
    missing = [
        message.id for message in translations.messages(found) if (message.id, message.context) not in known
    ]
    assert missing == [], "run `make translations` and translate these"


def test_the_catalogue_holds_no_sentence_that_left_the_code(found, catalogue):
    spoken = {(message.id, message.context) for message in translations.messages(found)}
    left = [m.id for m in translations.messages(catalogue) if (m.id, m.context) not in spoken]
    assert left == [], "run `make translations`"


def test_every_sentence_is_translated(catalogue):
    assert translations.untranslated(catalogue) == []


def test_a_translation_fills_the_same_gaps(catalogue):
    assert translations.with_other_gaps(catalogue) == []


def test_a_lost_gap_and_a_guess_are_noticed():
    broken = Catalog(locale="en")
    broken.add("还有 %(count)s 件", "some left")
    broken.add("保存", "Sav", flags=["fuzzy"])
    broken.add("提交")
    assert translations.with_other_gaps(broken) == ["还有 %(count)s 件"]
    assert translations.untranslated(broken) == ["保存", "提交"]


def test_no_chinese_is_written_past_the_translations():
    assert [str(place) for place in untranslatable()] == []


def test_every_allowed_place_still_stands():
    names = [name_of(path) for path in SOURCE.rglob("*") if path.is_file()]
    assert [start for start, _ in ALLOWED if not any(name.startswith(start) for name in names)] == []


@pytest.mark.parametrize("source", ['say("你好")', 'say(f"{name}，你好")', 'WORDS = {"done": "办好了"}'])
def test_chinese_in_code_is_noticed(source):
    assert list(in_python(source))


@pytest.mark.parametrize(
    "source", ["<p>你好</p>", '{{ button("提交") }}', '{{ _("%(x)s 好", x=names|join("、")) }}']
)
def test_chinese_in_templates_is_noticed(source):
    assert list(in_template(source, environment()))


def untranslatable():
    """What nobody allowed, as "file:line: text"."""
    templates = environment()
    for path in sorted(SOURCE.rglob("*.py")):
        if speaks(path):
            yield from not_allowed(path, in_python(path.read_text(encoding="utf-8")))
    for path in sorted(SOURCE.rglob("*.html")):
        yield from not_allowed(path, in_template(path.read_text(encoding="utf-8"), templates))


def speaks(path):
    parts = path.relative_to(SOURCE).parts
    if "tests" in parts or "migrations" in parts:
        return False
    return parts[-1] in SPEAKING_FILES or not SPEAKING_FOLDERS.isdisjoint(parts[:-1])


def not_allowed(path, places):
    name = name_of(path)
    return (
        f"{name}:{place.line}: {place.text}"
        for place in places
        if not any(name.startswith(start) and text in {None, place.text} for start, text in ALLOWED)
    )


def name_of(path):
    return path.relative_to(SOURCE).as_posix()
