"""The design holds by itself: contrast in every token set, only tokens that exist, only icons that are shipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from mulin.identity.access import ANONYMOUS
from mulin.kernel.clock import SystemClock
from mulin.web.pages import shell_of
from mulin.web.styleguide import PAGES, styleguide_context

WEB = Path(__file__).resolve().parent.parent
ROOT = WEB.parent.parent.parent
STYLES = WEB / "static" / "css"
SETS = ("light", "dark", "contrast", "contrast-dark", "elder", "elder-dark")
PAIRS = [
    (4.5, "ink", ("ground", "paper", "sunken")),
    (4.5, "ink-2", ("ground", "paper", "sunken", "brand-soft", "info-soft")),
    (4.5, "brand", ("ground", "paper", "sunken", "brand-soft")),
    (4.5, "brand-deep", ("ground", "paper", "brand-soft")),
    (4.5, "accent-ink", ("ground", "paper", "accent-soft")),
    (4.5, "ok", ("ground", "paper", "ok-soft")),
    (4.5, "warn", ("ground", "paper", "warn-soft")),
    (4.5, "danger", ("ground", "paper", "sunken", "danger-soft")),
    (4.5, "info", ("ground", "paper", "info-soft")),
    (4.5, "on-brand", ("brand", "brand-deep")),
    (4.5, "on-danger", ("danger",)),
    (3.0, "line-strong", ("ground", "paper")),
    (3.0, "focus", ("ground", "paper", "brand-soft")),
]


def colours_of_set(name: str) -> dict[str, str]:
    """Tokens in force: the light set, overlaid by those that the named set asks for."""
    whole = (STYLES / "tokens.css").read_text(encoding="utf-8")
    blocks = {
        "light": r"^:root \{",
        "dark": r"^@media \(prefers-color-scheme: dark\) \{\s+:root \{",
        "contrast": r"^@media \(prefers-contrast: more\) \{\s+:root \{",
        "contrast-dark": r"^@media \(prefers-contrast: more\) and \(prefers-color-scheme: dark\) \{\s+:root \{",
        "elder": r"^html\.elder \{",
        "elder-dark": r"^@media \(prefers-color-scheme: dark\) \{\s+html\.elder \{",
    }
    layers = {
        "contrast-dark": ("light", "dark", "contrast", "contrast-dark"),
        "elder-dark": ("light", "dark", "elder", "elder-dark"),
    }
    tokens: dict[str, str] = {}
    for layer in layers.get(name, ("light", name)):
        found = re.search(blocks[layer] + r"([^}]*)\}", whole, re.MULTILINE)
        assert found, f"tokens.css has no set {layer}"
        tokens |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", found.group(1)))
    return tokens


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", SETS)
def test_every_pair_of_colours_that_meet_can_be_read(name: str) -> None:
    tokens = colours_of_set(name)
    weak = [
        f"{ink} on {ground}: {contrast(tokens[ink], tokens[ground]):.2f} < {needed}"
        for needed, ink, grounds in PAIRS
        for ground in grounds
        if contrast(tokens[ink], tokens[ground]) < needed
    ]
    assert not weak


def test_body_text_has_seven_to_one() -> None:
    for name in SETS:
        tokens = colours_of_set(name)
        assert contrast(tokens["ink"], tokens["ground"]) >= 7, name


def test_styles_name_only_tokens_that_exist_and_no_colour_of_their_own() -> None:
    known = set(re.findall(r"(--[\w-]+):", (STYLES / "tokens.css").read_text(encoding="utf-8")))
    for style in sorted(STYLES.glob("*.css")):
        if style.name == "tokens.css":
            continue
        rules = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert set(re.findall(r"var\((--[\w-]+)", rules)) <= known, style.name
        # White under a code to scan and black on paper are the only fixed colours.
        assert set(re.findall(r"#[0-9a-f]{3,6}\b", rules)) <= {"#fff", "#000"}, style.name


def test_styles_keep_to_what_browsers_of_2021_know() -> None:
    for style in sorted(STYLES.glob("*.css")):
        rules = style.read_text(encoding="utf-8")
        assert not re.search(r":has\(|@container|color-mix\(|@layer|\bdvh\b|^\s+&", rules, re.MULTILINE), (
            style.name
        )


def test_every_icon_a_template_names_is_in_the_sprite_list() -> None:
    builder = (ROOT / "tools" / "build_assets.py").read_text(encoding="utf-8")
    listed = set(re.findall(r'"([a-z0-9-]+)"', builder.split("ICONS = (")[1].split("fmt: skip")[0]))
    named: set[str] = set()
    for template in (ROOT / "src" / "mulin").rglob("templates/**/*.html"):
        named |= set(re.findall(r'\bicon\("([a-z0-9-]+)"', template.read_text(encoding="utf-8")))
    assert named, "no template names an icon, so this test sees nothing"
    assert named <= listed, f"add to ICONS in tools/build_assets.py: {sorted(named - listed)}"


def test_no_template_has_inline_styles_or_handlers() -> None:
    for template in (ROOT / "src" / "mulin").rglob("templates/**/*.html"):
        words = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"\s(style|on(click|change|submit|load|input))=", words), template.name
        assert not re.search(r"<script(?![^>]*(\bsrc=|application/json))", words), template.name


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.django_db
def test_the_living_style_guide_renders(name: str) -> None:
    request = RequestFactory().get("/styleguide/")
    request.actor, request.clock = ANONYMOUS, SystemClock()
    page = render_to_string(
        PAGES[name], styleguide_context() | {"shell": shell_of(request)}, request, using="jinja2"
    )
    assert page.count("<h1") >= 1
    assert "None</" not in page


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
def test_error_pages_need_neither_database_nor_shell(status: int) -> None:
    page = render_to_string(f"errors/{status}.html", {}, using="jinja2")
    assert "<h1>" in page
    assert 'href="/"' in page


def test_the_lock_of_front_end_packages_names_no_host() -> None:
    assert "://" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
