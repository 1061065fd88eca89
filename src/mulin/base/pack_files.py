"""Which files the packs consist of, in which order; read, not yet checked against any schema."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mulin.base import located_yaml
from mulin.base.located_yaml import LocatedYaml, Where
from mulin.kernel.errors import FieldProblem, InvalidInput, Text

ABOUT = "pack.yaml"
FILE_BYTES_MAX = 4 * 1024 * 1024


@dataclass(frozen=True)
class SourceFile:
    """One YAML file of one section."""

    pack: str
    section: str
    file: str
    yaml: LocatedYaml = field(repr=False)

    def entries(self) -> Iterator[tuple[Where, Any]]:
        if isinstance(self.yaml.data, list):
            yield from (((place,), data) for place, data in enumerate(self.yaml.data))
        elif self.yaml.data is not None:
            yield (), self.yaml.data


@dataclass
class PackFiles:
    packs: list[str] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)
    problems: list[FieldProblem] = field(default_factory=list)


def read_pack_files(directory: Path, names: Sequence[str] | None, sections: Container[str]) -> PackFiles:
    """All files of the packs asked for, needed packs first; problems are gathered, an unknown pack raises."""
    files = PackFiles()
    wanted = pack_names(directory) if names is None else list(names)
    for name in wanted:
        add_pack(directory, name, files, sections, asked_by=())
    return files


def pack_names(directory: Path) -> list[str]:
    if not directory.is_dir():
        raise unknown_pack(str(directory), [])
    return sorted(
        path.name for path in directory.iterdir() if path.is_dir() and not path.name.startswith(".")
    )


def add_pack(
    directory: Path, name: str, files: PackFiles, sections: Container[str], asked_by: tuple[str, ...]
) -> None:
    if name in files.packs or name in asked_by:
        return
    folder = directory / name
    if "/" in name or name.startswith(".") or not folder.is_dir():
        raise unknown_pack(name, pack_names(directory))
    for needed in needs(folder, files):
        add_pack(directory, needed, files, sections, (*asked_by, name))
    files.packs.append(name)
    for path in sorted(folder.rglob("*.y*ml")):
        add_file(folder, path, files, sections)


def needs(folder: Path, files: PackFiles) -> list[str]:
    """The packs named under `needs` in pack.yaml; without one, the pack `base` if it lies beside."""
    about = folder / ABOUT
    default = ["base"] if folder.name != "base" and (folder.parent / "base").is_dir() else []
    if not about.is_file():
        return default
    located = read_yaml(about, folder, files)
    data = located.data if located and isinstance(located.data, dict) else {}
    named = data.get("needs", default)
    return [str(item) for item in named] if isinstance(named, list) else default


def add_file(folder: Path, path: Path, files: PackFiles, sections: Container[str]) -> None:
    inside = path.relative_to(folder)
    if str(inside) == ABOUT:
        return
    section = inside.parts[0] if len(inside.parts) > 1 else path.stem
    if path.suffix != ".yaml" or len(inside.parts) > 2 or section not in sections:
        files.problems.append(problem_at(shown(path, folder), 1, unknown_place(section)))
        return
    located = read_yaml(path, folder, files)
    if located is not None:
        files.sources.append(SourceFile(folder.name, section, shown(path, folder), located))


def read_yaml(path: Path, folder: Path, files: PackFiles) -> LocatedYaml | None:
    file = shown(path, folder)
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise located_yaml.YamlProblem(1, Text(zh="文件太大（上限 4 MB）。", en="The file is over 4 MB."))
        return located_yaml.read(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        text = Text(zh="文件不是 UTF-8 编码，请另存为 UTF-8。", en="The file is not UTF-8; save it as UTF-8.")
        files.problems.append(problem_at(file, line, text))
    except located_yaml.YamlProblem as problem:
        files.problems.append(problem_at(file, problem.line, problem.text))
    return None


def shown(path: Path, folder: Path) -> str:
    """How messages name a file: from the pack's own name on."""
    return str(path.relative_to(folder.parent))


def problem_at(file: str, line: int, text: Text) -> FieldProblem:
    return FieldProblem(
        field=f"{file}:{line}",
        text=Text(zh=f"{file} 第 {line} 行：{text.zh}", en=f"{file}:{line}: {text.en}"),
        code="pack-invalid",
    )


def unknown_place(section: str) -> Text:
    return Text(
        zh=f"没有名为“{section}”的配置项。文件应放在“配置项.yaml”或“配置项/名称.yaml”，可用的配置项见 packs/README.md。",
        en=f"There is no section “{section}”. A file is <section>.yaml or <section>/<name>.yaml; "
        "packs/README.md lists the sections.",
    )


def unknown_pack(name: str, known: list[str]) -> InvalidInput:
    listed_zh, listed_en = "、".join(known) or "（无）", ", ".join(known) or "none"
    return InvalidInput(
        zh=f"没有找到配置包“{name}”。现有：{listed_zh}。",
        en=f"There is no pack “{name}”. Found here: {listed_en}.",
        code="pack-unknown",
    )
