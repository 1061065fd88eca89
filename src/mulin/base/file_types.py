"""What a file is, told from its first bytes; its name is never asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 4096
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


@dataclass(frozen=True)
class FileType:
    """`kind` is what callers ask for: "image", "pdf", "table"."""

    code: str
    kind: str
    media_type: str
    name_zh: str
    name_en: str


JPEG = FileType("jpeg", "image", "image/jpeg", "JPEG 照片", "JPEG")
PNG = FileType("png", "image", "image/png", "PNG 图片", "PNG")
WEBP = FileType("webp", "image", "image/webp", "WebP 图片", "WebP")
HEIC = FileType("heic", "image", "image/heic", "HEIC 照片", "HEIC")
GIF = FileType("gif", "image", "image/gif", "GIF 图片", "GIF")
PDF = FileType("pdf", "pdf", "application/pdf", "PDF 文件", "PDF")
XLSX = FileType(
    "xlsx",
    "table",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "Excel 表格（xlsx）",
    "Excel (xlsx)",
)
XLS = FileType("xls", "table", "application/vnd.ms-excel", "旧版 Excel 表格（xls）", "old Excel (xls)")
CSV = FileType("csv", "table", "text/csv", "CSV 表格", "CSV")
TYPES = (JPEG, PNG, WEBP, HEIC, GIF, PDF, XLSX, XLS, CSV)

STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", XLSX),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", XLS),
)


def sniff(path: Path) -> FileType | None:
    """The type of the file at `path`, None for anything else. Text of any encoding counts as a CSV table."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return type_of(head)


def type_of(head: bytes) -> FileType | None:
    """
    >>> type_of(b"\\xff\\xd8\\xff\\xe0").code
    'jpeg'
    >>> type_of(b"MZ\\x90\\x00") is None
    True
    """
    for start, file_type in STARTS:
        if head.startswith(start):
            return file_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return HEIC if head[8:12] in HEIC_BRANDS else None
    return CSV if is_text(head) else None


def is_text(head: bytes) -> bool:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return True  # UTF-16 with its mark
    if not head.strip() or head.lstrip()[:1] == b"<":
        return False  # nothing at all, or a page that calls itself something else
    return not any(byte < 9 or 13 < byte < 32 for byte in head)
