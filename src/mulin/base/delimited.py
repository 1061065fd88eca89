"""Text tables of any origin: UTF-8 with or without mark, UTF-16, GB18030; commas, tabs or semicolons."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from mulin.kernel.errors import InvalidInput

FIELD_LENGTH_MAX = 200_000
CHUNK = 256 * 1024
SEPARATORS = (",", "\t", ";", "|")


def read_delimited(path: Path) -> Iterator[list[str]]:
    """Row by row; raises InvalidInput naming the line where the file cannot be understood."""
    encoding = encoding_of(path)
    csv.field_size_limit(FIELD_LENGTH_MAX)
    with path.open(encoding=encoding, newline="") as file:
        separator = separator_of(file)
        reader = csv.reader(without_nul(file), delimiter=separator, strict=False)
        try:
            yield from reader
        except csv.Error as error:
            raise broken_line(reader.line_num) from error


def encoding_of(path: Path) -> str:
    """The encoding in which the whole file can be read."""
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        candidates = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        if can_be_read(path, encoding):
            return encoding
    raise unknown_encoding(path)


def can_be_read(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(file: TextIO) -> str:
    """The one that the first line has most of; the file is wound back."""
    first = file.readline(FIELD_LENGTH_MAX)
    file.seek(0)
    return max(SEPARATORS, key=first.count)


def without_nul(file: TextIO) -> Iterator[str]:
    for line in file:
        yield line.replace("\0", "")


def broken_line(line: int) -> InvalidInput:
    return InvalidInput(
        zh=f"第 {line} 行附近的引号没有配对，或有一格太长。请检查后再上传。",
        en=f"Near line {line} a quotation mark is not closed, or a cell is too long. Please check and upload again.",
        field="file",
        code="table-broken-line",
    )


def unknown_encoding(path: Path) -> InvalidInput:
    """Names the first line that is not UTF-8."""
    line = 1
    with path.open("rb") as file:
        for line, raw in enumerate(file, 1):  # noqa: B007 the line where it stopped is what we want
            try:
                raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                break
    return InvalidInput(
        zh=f"第 {line} 行的文字无法识别。请在表格软件里另存为“CSV UTF-8”后再上传。",
        en=f"The text in line {line} cannot be read. Please save the table as “CSV UTF-8” and upload it again.",
        field="file",
        code="table-encoding",
    )
