"""The child that sets a page as PDF: `python -m mulin.base.sandbox_pdf LIMITS page.html page.pdf /static/ FOLDER`."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mulin.base.sandbox import child_main

HOST = "http://page.invalid"


def make(arguments: list[str]) -> dict[str, Any]:
    """Read the page and write the PDF; whatever it asks for outside the static folder is left out."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    source, target, static_url, folder = arguments
    root = Path(folder).resolve()

    class OurFilesOnly(URLFetcher):  # type: ignore[misc]
        """Inline data and files of the static folder; nothing leaves for any network."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = (root / unquote(urlsplit(url).path).removeprefix(static_url)).resolve()
            if not url.startswith(HOST + static_url) or not path.is_relative_to(root) or not path.is_file():
                raise ValueError("not a file of ours")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    page = HTML(filename=source, base_url=HOST, url_fetcher=OurFilesOnly(), media_type="print")
    page.write_pdf(target)
    return {"size": Path(target).stat().st_size}


if __name__ == "__main__":
    child_main(make)
