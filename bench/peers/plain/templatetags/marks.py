"""The few filters that a page of masked rows needs."""

from django import template
from django.utils.timesince import timesince, timeuntil

register = template.Library()


@register.filter
def masked(name):
    return name[:1] + "*" * (len(name) - 1)


@register.filter
def left(due_at, now):
    return (
        f"超时 {timesince(due_at, now, depth=1)}"
        if due_at <= now
        else f"还剩 {timeuntil(due_at, now, depth=1)}"
    )
