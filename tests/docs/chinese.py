"""Finds Chinese that would reach a reader of English: in code and templates, outside everything that is translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from jinja2 import Environment, nodes

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uff60]")
TRANSLATES = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Found:
    line: int
    text: str


def in_python(source: str) -> Iterator[Found]:
    """Chinese that stands in no gettext call, in no docstring, under no name ending in `zh`, and beside no English.

    >>> [found.text for found in in_python('say("你好"); say(_("你好")); problem("你好", "Hello"); Text(zh="你好")')]
    ['你好']
    """
    yield from _PythonReader().read(ast.parse(source))


def in_template(source: str, environment: Environment) -> Iterator[Found]:
    """Text and constants outside `_()` and `{% trans %}`; comments never reach a page.

    >>> i18n = Environment(extensions=["jinja2.ext.i18n"])
    >>> [found.text for found in in_template('{# 注 #}<p>你好 {{ _("你好") }}{% trans %}你好{% endtrans %}', i18n)]
    ['<p>你好']
    """
    yield from _template_texts(environment.parse(source))


class _PythonReader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[Found] = []

    def read(self, tree: ast.AST) -> list[Found]:
        self.visit(tree)
        return self.found

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring, or a string nobody uses
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if _name_of(node.func) in TRANSLATES:
            return
        for argument, following in zip_longest(node.args, node.args[1:]):
            if not _is_english(following):
                self.visit(argument)
        for part in (node.func, *node.keywords):
            self.visit(part)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not any(
            isinstance(target, ast.Name) and _says_chinese(target.id.lower()) for target in node.targets
        ):
            self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if not _says_chinese(node.arg):
            self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.visit(key)
            if not (isinstance(key, ast.Constant) and _says_chinese(key.value)):
                self.visit(value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and CHINESE.search(node.value):
            self.found.append(Found(node.lineno, node.value))


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_english(argument: ast.expr | None) -> bool:
    """The English half of a pair: `problem("请选择", "Please choose")`."""
    texts = [part.value for part in ast.walk(argument) if isinstance(part, ast.Constant)] if argument else []
    words = [text for text in texts if isinstance(text, str) and len(text) > 4]
    return bool(words) and all(LATIN.search(text) and not CHINESE.search(text) for text in words)


def _says_chinese(name: object) -> bool:
    return isinstance(name, str) and (name == "zh" or name.endswith("_zh"))


def _template_texts(node: nodes.Node) -> Iterator[Found]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATES:
        for named in node.kwargs:
            yield from _template_texts(named)
        return
    if isinstance(node, nodes.TemplateData) and CHINESE.search(node.data):
        yield Found(node.lineno, node.data.strip())
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and CHINESE.search(node.value):
        yield Found(node.lineno, node.value)
    for child in node.iter_child_nodes():
        yield from _template_texts(child)
