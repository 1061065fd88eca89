"""A page as PDF, by WeasyPrint in a limited child. It needs the system library pango; without it pages print from the
browser all the same.
"""

from __future__ import annotations

import ctypes.util
import importlib.util
import tempfile
from functools import cache
from pathlib import Path

from mulin.base import sandbox
from mulin.kernel.errors import Unavailable

LIMITS = sandbox.Limits(memory_mb=3072, seconds=30, output_mb=64)


@cache
def is_available() -> bool:
    """Whether this machine has what PDF needs."""
    return bool(importlib.util.find_spec("weasyprint") and ctypes.util.find_library("pango-1.0"))


def pdf_of(html: str, static_url: str, static_folder: Path) -> bytes:
    """The printed form of a whole page. Only files under `static_folder` are read, and nothing from any network.

    Raises Unavailable when the machine lacks the libraries or the page could not be set.
    """
    if not is_available():
        raise missing()
    with tempfile.TemporaryDirectory(prefix="mulin-print-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(html, encoding="utf-8")
        try:
            sandbox.run("mulin.base.sandbox_pdf", [source, target, static_url, static_folder], LIMITS)
        except sandbox.Broken as error:
            raise failed() from error
        return target.read_bytes()


def missing() -> Unavailable:
    return Unavailable(
        zh="这台服务器没有装 PDF 组件。请用浏览器的“打印”，也可以另存为 PDF。",
        en="This server cannot make PDF files. Please print from the browser, which can also save as PDF.",
        code="printing-missing",
    )


def failed() -> Unavailable:
    return Unavailable(
        zh="PDF 没有生成。请用浏览器的“打印”，或过一会儿再试。",
        en="The PDF could not be made. Please print from the browser, or try again later.",
        code="printing-failed",
    )
