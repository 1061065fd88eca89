"""Run in a limited child: decode one picture, turn it upright, store it anew without metadata, with a thumbnail.

python -m mulin.base.sandbox_images LIMITS IN OUT THUMBNAIL KIND PIXELS_MAX SIDE_MAX
"""

from __future__ import annotations

import sys
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

from mulin.base.sandbox import Refused, child_main

THUMBNAIL_SIDE = 360
FORMATS = {"jpeg": ("JPEG",), "png": ("PNG",), "webp": ("WEBP",), "gif": ("GIF",), "heic": ("HEIF",)}


def convert(arguments: list[str]) -> dict[str, Any]:
    from PIL import Image, UnidentifiedImageError

    source, target, thumbnail, kind, pixels_max, side_max = arguments
    Image.MAX_IMAGE_PIXELS = int(pixels_max)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if kind == "heic":
        load_heif()
    try:
        with Image.open(source, formats=FORMATS[kind]) as opened:
            if opened.width * opened.height > int(pixels_max):
                raise Refused("too-many-pixels", {"width": opened.width, "height": opened.height})
            picture = upright(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too-many-pixels", {}) from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        KeyError,
    ) as error:
        raise Refused("broken", {"why": type(error).__name__}) from error
    picture.thumbnail((int(side_max), int(side_max)))
    media_type = save(picture, target, keeps_sharp_edges=kind in {"png", "gif"})
    width, height = picture.size
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    save(picture, thumbnail, keeps_sharp_edges=False)
    return {"media_type": media_type, "width": width, "height": height}


def load_heif() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)


def upright(opened: Any) -> Any:
    """The first frame, turned as the camera meant it, in plain RGB or RGBA; nothing but its pixels is left."""
    from PIL import ImageOps

    opened.seek(0)
    opened.load()
    profile = opened.info.get("icc_profile")
    turned = ImageOps.exif_transpose(opened)
    has_alpha = turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info
    plain = turned.convert("RGBA" if has_alpha else "RGB")
    plain = in_srgb(plain, turned, profile)
    plain.info.clear()
    return plain


def in_srgb(plain: Any, turned: Any, profile: bytes | None) -> Any:
    """Phones use wide colours; without their profile the picture would look pale."""
    from PIL import ImageCms

    if not profile or turned.mode != "RGB":
        return plain
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB")) or plain
    except (ImageCms.PyCMSError, OSError):
        return plain  # a broken profile costs a little colour, not the picture


def save(picture: Any, target: str, *, keeps_sharp_edges: bool) -> str:
    from PIL import Image

    if keeps_sharp_edges:
        picture.save(target, format="PNG", optimize=False)
        return "image/png"
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    picture.save(target, format="JPEG", quality=85, progressive=True)
    return "image/jpeg"


if __name__ == "__main__":
    assert len(sys.argv) == 8, Path(__file__).name
    child_main(convert)
