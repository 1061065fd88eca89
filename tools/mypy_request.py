"""Tells mypy what the gate in identity/middleware.py hangs on every request before a view sees it."""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, Var
from mypy.plugin import ClassDefContext, Plugin
from mypy.types import AnyType, TypeOfAny

# `Any`, since Django's stubs are read before the house's own classes exist.
GATE_ATTRIBUTES = ("actor", "clock")


class RequestPlugin(Plugin):
    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return add_gate_attributes if fullname == "django.http.request.HttpRequest" else None


def add_gate_attributes(context: ClassDefContext) -> None:
    info = context.cls.info
    for name in GATE_ATTRIBUTES:
        attribute = Var(name, AnyType(TypeOfAny.explicit))
        attribute.info = info
        attribute._fullname = f"{info.fullname}.{name}"
        info.names[name] = SymbolTableNode(MDEF, attribute)


def plugin(version: str) -> type[Plugin]:
    return RequestPlugin
