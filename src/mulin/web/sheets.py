"""Pages made for paper: shown in the browser, or sent as PDF when `?format=pdf` asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mulin.base import printing
from mulin.web.pages import as_dict, page

STATIC_FOLDER = Path(__file__).resolve().parent / "static"


def sheet(request: HttpRequest, template: str, context: Any, *, name: str) -> HttpResponse:
    """The sheet `template`; as a PDF called `name` where it is asked for. Raises Unavailable when none can be made."""
    words = as_dict(context) | {"pdf_url": "?format=pdf" if printing.is_available() else ""}
    answer = page(request, template, words)
    if request.GET.get("format") != "pdf":
        return answer
    content = printing.pdf_of(answer.content.decode(), settings.STATIC_URL, STATIC_FOLDER)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.pdf"
    return response
