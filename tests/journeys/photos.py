"""Pictures as phones take them, and files that only say they are pictures."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pillow_heif
from PIL import Image

WIDTH_PX, HEIGHT_PX = 2000, 1500
# Where the picture was taken: must never reach anybody who looks at it.
MAKER, GPS_TAG = "Camera of a resident", 0x8825


def jpeg_photo(folder: Path, name: str = "路灯.jpg") -> Path:
    """With the tags of a camera and the place where it stood."""
    path = folder / name
    picture = scene()
    tags = picture.getexif()
    tags[0x010F] = MAKER
    tags.get_ifd(GPS_TAG)[1] = "N"
    tags.get_ifd(GPS_TAG)[2] = (35.0, 24.0, 12.0)
    picture.save(path, quality=80, exif=tags)
    return path


def heic_photo(folder: Path, name: str = "IMG_0001.HEIC") -> Path:
    path = folder / name
    pillow_heif.from_pillow(scene()).save(path, quality=60)
    return path


def scene() -> Image.Image:
    """Night, a dark lamp, a lit window."""
    picture = Image.linear_gradient("L").resize((WIDTH_PX, HEIGHT_PX)).convert("RGB")
    picture.paste((40, 44, 60), (900, 300, 940, 1500))
    picture.paste((90, 94, 100), (800, 240, 1040, 320))
    picture.paste((240, 200, 90), (1500, 700, 1640, 860))
    return picture


def text_named_jpg(folder: Path) -> Path:
    path = folder / "照片.jpg"
    path.write_text("这不是照片，只是一段文字。" * 20, encoding="utf-8")
    return path


def broken_photo(folder: Path) -> Path:
    """A picture whose transfer stopped half-way through the header of its second part."""
    path = folder / "坏的.jpg"
    path.write_bytes(jpeg_photo(folder, "整张.jpg").read_bytes()[:700])
    return path


def flood_photo(folder: Path) -> Path:
    """A few bytes that promise a picture of 65,500 by 65,500: some 12 GB once unpacked."""
    side = 65_500
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    path = folder / "很大.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    )
    return path


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
