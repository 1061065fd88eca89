"""YAML that remembers on which line everything stood, with fewer surprises than YAML itself.

`yes` and `on` are words, not truth values; `0101` and `12:30` stay text; a key given twice is an error; aliases are
refused (a pack is read by people).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from mulin.kernel.errors import Text

Where = tuple[str | int, ...]


class Resolver(yaml.SafeLoader):
    """SafeLoader with its own idea of what a plain word is."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}


for tag, pattern, first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", [*"-+0123456789"]),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", [*"-+0123456789"]),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", [*"0123456789"]),
):
    Resolver.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), first)


@dataclass
class YamlProblem(Exception):
    """One thing wrong with the file itself, at a line."""

    line: int
    text: Text


@dataclass
class LocatedYaml:
    """Plain data, and for each place in it (keys and indexes from the top) its line."""

    data: Any = None
    lines: dict[Where, int] = field(default_factory=dict)

    def line(self, where: Where) -> int:
        """The line of that place, or of the nearest thing around it that is there."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


def read(text: str) -> LocatedYaml:
    """Raises YamlProblem."""
    located = LocatedYaml()
    try:
        loader = Resolver(text)
        refuse_aliases(text)
        node = loader.get_single_node()
        located.data = None if node is None else build(loader, node, (), located.lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlProblem(
            line=mark.line + 1 if mark else 1,
            text=Text(
                zh=f"文件格式有误（{error.problem}）。请检查缩进、冒号和引号。",
                en=f"This is not valid YAML ({error.problem}). Check indentation, colons and quotes.",
            ),
        ) from error
    except yaml.reader.ReaderError as error:
        raise YamlProblem(
            line=text.count("\n", 0, error.position) + 1,
            text=Text(zh="文件里有不能使用的控制字符。", en="The file holds a control character."),
        ) from error
    return located


def refuse_aliases(text: str) -> None:
    for token in yaml.scan(text, Loader=Resolver):
        if isinstance(token, yaml.AliasToken):
            raise YamlProblem(
                line=token.start_mark.line + 1,
                text=Text(
                    zh="不能使用引用（*名称），请把内容写全。",
                    en="Aliases (*name) are not used here; write it out.",
                ),
            )


def build(loader: Resolver, node: yaml.Node, where: Where, lines: dict[Where, int]) -> Any:
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return build_mapping(loader, node, where, lines)
    if isinstance(node, yaml.SequenceNode):
        return [build(loader, item, (*where, place), lines) for place, item in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except ValueError as error:  # 2026-02-30
        raise YamlProblem(
            line=node.start_mark.line + 1,
            text=Text(zh=f"“{node.value}”不是有效的值。", en=f"“{node.value}” is not a valid value."),
        ) from error


def build_mapping(
    loader: Resolver, node: yaml.MappingNode, where: Where, lines: dict[Where, int]
) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None:
            raise YamlProblem(line, Text(zh="项目名应是一个词。", en="A key must be one word."))
        if key in built:
            raise YamlProblem(
                line, Text(zh=f"“{key}”写了两次，请删去一处。", en=f"“{key}” is given twice; remove one.")
            )
        lines[*where, key] = line
        built[key] = build(loader, value_node, (*where, key), lines)
    return built
