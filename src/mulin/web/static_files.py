"""Style sheets, scripts and icons, sent small: each is packed once, on the first start that finds it changed."""

from __future__ import annotations

import gzip
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

PACKED = (".css", ".js", ".svg", ".json", ".txt", ".html", ".xml", ".webmanifest")
WORTH_PACKING_BYTES = 512


class PackedStaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, which offers browsers the packed copies that are kept under MULIN_HOME."""

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        plain = super().get_static_file(path, url, stat_cache=stat_cache)
        if not path.endswith(PACKED) or Path(path).stat().st_size < WORTH_PACKING_BYTES:
            return plain
        packed = str(packed_copy(Path(path)))
        headers = [(name, value) for name, value in plain.alternatives[-1][2] if name not in OWN_HEADERS]
        return StaticFile(path, headers, encodings={"gzip": packed})


# What a StaticFile works out anew for each way of sending it.
OWN_HEADERS = {"Content-Length", "Content-Encoding", "Last-Modified", "ETag", "Vary"}


def packed_copy(path: Path) -> Path:
    """The packed copy of a file, made if there is none of these bytes; several servers may start at once."""
    content = path.read_bytes()
    folder = Path(settings.MULIN_HOME) / "cache" / "static"
    copy = folder / f"{sha256(content).hexdigest()[:32]}.gz"
    if not copy.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = copy.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(gzip.compress(content, 9, mtime=0))
        unfinished.replace(copy)
    return copy
