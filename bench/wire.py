"""What a resident's phone receives when it opens a page for the first time: the page and everything it names.

BENCH_ADDRESS=http://127.0.0.1:8000 python -m bench.wire /c/K11M-4XWT/
"""

from __future__ import annotations

import http.client
import json
import os
import sys
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept-Language": "zh-CN,zh;q=0.9"}


class Assets(HTMLParser):
    """Every address that a browser fetches by itself for this page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "img"} and given.get("src"):
            self.found.append(given["src"] or "")
        if tag == "link" and given.get("rel") in {"stylesheet", "icon", "preload", "manifest"}:
            self.found.append(given.get("href") or "")
        if tag == "use" and given.get("href", "").split("#")[0]:
            self.found.append((given["href"] or "").split("#")[0])


def fetch(base: str, path: str) -> tuple[int, bytes, str]:
    """(bytes on the wire with headers, body as sent, its encoding)."""
    place = urlsplit(base)
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    connection.request("GET", path, headers=BROWSER)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, f"{path}: {answer.status}"
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + len(
        "HTTP/1.1 200 OK\r\n\r\n"
    )
    return head + len(body), body, answer.getheader("Content-Encoding", "")


def unpacked(body: bytes, encoding: str) -> str:
    import gzip

    return (gzip.decompress(body) if encoding == "gzip" else body).decode()


def main(path: str) -> None:
    base = os.environ["BENCH_ADDRESS"]
    size, body, encoding = fetch(base, path)
    sizes = {path: size}
    assets = Assets()
    assets.feed(unpacked(body, encoding))
    for asset in assets.found:
        address = urljoin(path, asset)
        if not address.startswith("data:") and address not in sizes:
            sizes[address] = fetch(base, address)[0]
    print(json.dumps({"total_bytes": sum(sizes.values()), "requests": len(sizes), "sizes": sizes}))


if __name__ == "__main__":
    main(sys.argv[1])
