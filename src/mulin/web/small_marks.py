"""Icons and chips: the smallest pieces of a page, drawn hundreds of times, so each is drawn once and remembered."""

from __future__ import annotations

from functools import cache, lru_cache

from django.templatetags.static import static
from markupsafe import Markup

TONE_SHAPES = {
    "neutral": "circle", "info": "circle-dot", "waiting": "circle-dashed", "ok": "circle-check",
    "warn": "triangle-alert", "danger": "octagon-alert", "brand": "circle-dot", "stopped": "ban", "closed": "check",
}  # fmt: skip
CLOCK_ICONS = {"late": "clock-alert", "paused": "pause", "met": "check", "none": "circle-dashed"}
RING = Markup(
    '<svg class="clock-ring" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><circle cx="10" cy="10" r="8"/>'
    '<circle class="clock-ring-used" cx="10" cy="10" r="8" pathLength="100" stroke-dasharray="{} 100" '
    'transform="rotate(-90 10 10)"/></svg>'
)
CHIPS_KEPT = 2048


@cache
def static_url(path: str) -> str:
    """The address of a style sheet, a script or an icon."""
    return static(path)


@lru_cache(CHIPS_KEPT)
def icon(name: str, size: str = "") -> Markup:
    """One outline icon of the sprite, hidden from readers aloud: a word always stands beside it."""
    return Markup(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    ).format(f" icon-{size}" if size else "", static_url("vendor/icons.svg"), name)


@lru_cache(CHIPS_KEPT)
def chip(label: str, tone: str = "neutral", shape: str = "", title: str = "") -> Markup:
    """Word, shape and colour: never colour alone."""
    return Markup('<span class="chip tone-{}"{}>{}<span>{}</span></span>').format(
        tone,
        Markup(' title="{}"').format(title) if title else "",
        icon(shape or TONE_SHAPES.get(tone, "circle"), "s"),
        label,
    )


@lru_cache(CHIPS_KEPT)
def clock(
    text: str, state: str = "calm", iso: str = "", exact: str = "", used_percent: int | None = None
) -> Markup:
    """A limit: what is left of it, with a ring while nobody need hurry and it is known how much has gone."""
    has_ring = state in {"calm", "soon"} and used_percent is not None
    return Markup('<time class="clock clock-{}"{}{}>{}<span>{}</span></time>').format(
        state,
        Markup(' datetime="{}"').format(iso) if iso else "",
        Markup(' title="{}"').format(exact) if exact else "",
        RING.format(used_percent) if has_ring else icon(CLOCK_ICONS.get(state, "clock"), "s"),
        text,
    )
