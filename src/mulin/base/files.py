"""Uploaded and produced files: their type is read from their bytes, pictures are stored anew without metadata.

Bytes lie under MULIN_HOME/files/<two characters>/<public id>; nothing of what the sender called the file is in a path.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.http import FileResponse

from mulin.base import sandbox, settings_store
from mulin.base.file_types import TYPES, FileType, sniff
from mulin.base.ids import new_public_id
from mulin.base.models import StoredFile
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import InvalidInput, LimitReached, NotFound

log = logging.getLogger("mulin.files")
SIZE_MAX_KEY, SIZE_MAX_DEFAULT = "files.size_bytes_max", 20 * 1024 * 1024
PIXELS_MAX_KEY, PIXELS_MAX_DEFAULT = "files.pixels_max", 60_000_000
SIDE_MAX_KEY, SIDE_MAX_DEFAULT = "files.picture_side_pixels_max", 2560
IMAGE_LIMITS = sandbox.Limits(memory_mb=1024, seconds=20, output_mb=64)
ORPHAN_AGE = timedelta(days=1)
IMAGE = frozenset({"image"})


class Upload(Protocol):
    """Django's UploadedFile, or anything that reads like one."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterator[bytes]: ...


def store_upload(
    uploaded: Any,
    *,
    purpose: str,
    area_path: str,
    actor_user_id: int | None,
    now: datetime,
    kinds: Collection[str] = IMAGE,
) -> StoredFile:
    """Check and store one upload; `kinds` of "image", "pdf", "table".

    Raises InvalidInput (disguised, broken, of another kind) and LimitReached (too large). Must be called inside the
    transaction of what the file belongs to, or alone.
    """
    on = now.astimezone(COUNTY_TIME_ZONE).date()
    public_id = new_public_id()
    with incoming(public_id) as raw:
        digest, size = receive(uploaded, raw, size_max(area_path, on))
        file_type = type_among(raw, kinds)
        stored = StoredFile(
            public_id=public_id,
            area_path=area_path,
            purpose=purpose,
            original_name=clean_name(uploaded.name or ""),
            uploaded_by_id=actor_user_id,
            created_at=now,
        )
        if file_type.kind == "image":
            keep_picture(stored, raw, file_type, area_path, on)
        else:
            stored.media_type, stored.sha256, stored.size_bytes = file_type.media_type, digest, size
            put_in_place(raw, path_of(public_id))
        stored.save()
    return stored


def open_bytes(stored: StoredFile, thumbnail: bool = False) -> tuple[Path, str]:
    """Where the bytes are and what they are. Raises NotFound when they are gone."""
    small = thumbnail and stored.has_thumbnail
    path = thumbnail_path(stored.public_id) if small else path_of(stored.public_id)
    if not path.is_file():
        raise NotFound(
            zh="文件已不在服务器上，请联系系统管理员。",
            en="The file is no longer on the server. Please ask the system administrator.",
            code="file-gone",
        )
    return path, "image/jpeg" if small else stored.media_type


def file_response(
    stored: StoredFile, thumbnail: bool = False, download_name: str | None = None
) -> FileResponse:
    """An answer that a browser can show but never run. Whether the asker may see it is the caller's to check.

    Pictures are shown in the page; everything else, and whatever has a `download_name`, is saved.
    """
    path, media_type = open_bytes(stored, thumbnail)
    as_attachment = download_name is not None or not media_type.startswith("image/")
    response = FileResponse(
        path.open("rb"),
        as_attachment=as_attachment,
        filename=(download_name or stored.original_name) if as_attachment else "",
        content_type=media_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def remove(stored: StoredFile) -> None:
    """Remove the row now and the bytes when the transaction has committed."""
    for path in (path_of(stored.public_id), thumbnail_path(stored.public_id)):
        transaction.on_commit(partial(path.unlink, missing_ok=True))
    stored.delete()


def remove_orphans(now: datetime) -> int:
    """Remove bytes without a row that are older than a day: uploads whose transaction was undone."""
    found = 0
    for path in files_folder().glob("??/*"):
        if path.stat().st_mtime > (now - ORPHAN_AGE).timestamp():
            continue
        if not StoredFile.objects.filter(public_id=path.name.split(".")[0]).exists():
            path.unlink(missing_ok=True)
            found += 1
    return found


def size_max(area_path: str, on: date) -> int:
    return int(settings_store.value(SIZE_MAX_KEY, area_path=area_path, on=on, default=SIZE_MAX_DEFAULT))


def files_folder() -> Path:
    return Path(settings.MULIN_HOME) / "files"


def path_of(public_id: str) -> Path:
    return files_folder() / public_id[:2].lower() / public_id


def thumbnail_path(public_id: str) -> Path:
    return path_of(public_id).with_name(f"{public_id}.thumbnail")


@contextmanager
def incoming(public_id: str) -> Iterator[Path]:
    """A private place for bytes that nobody has checked yet; emptied whatever happens."""
    folder = files_folder() / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    raw = folder / public_id
    try:
        yield raw
    finally:
        for path in folder.glob(f"{public_id}*"):
            path.unlink(missing_ok=True)


def receive(uploaded: Any, target: Path, limit_bytes: int) -> tuple[str, int]:
    """Write the upload down, counting; (SHA-256, size in bytes)."""
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in uploaded.chunks():
            size += len(chunk)
            if size > limit_bytes:
                raise too_large(limit_bytes)
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest(), size


def keep_picture(stored: StoredFile, raw: Path, file_type: FileType, area_path: str, on: date) -> None:
    values = settings_store.settings_at([PIXELS_MAX_KEY, SIDE_MAX_KEY], area_path=area_path, on=on)
    pixels_max = int(values.value(PIXELS_MAX_KEY, PIXELS_MAX_DEFAULT))
    side_max = int(values.value(SIDE_MAX_KEY, SIDE_MAX_DEFAULT))
    clean, thumbnail = raw.with_name(f"{raw.name}.clean"), raw.with_name(f"{raw.name}.small")
    arguments: list[str | Path] = [raw, clean, thumbnail, file_type.code, str(pixels_max), str(side_max)]
    try:
        answer = sandbox.run("mulin.base.sandbox_images", arguments, IMAGE_LIMITS)
    except sandbox.Refused as refusal:
        raise (
            too_many_pixels(pixels_max) if refusal.code == "too-many-pixels" else broken_picture()
        ) from refusal
    except sandbox.Broken as error:
        log.warning("a picture could not be decoded: %s", error)
        raise broken_picture() from error
    stored.media_type, stored.width, stored.height = answer["media_type"], answer["width"], answer["height"]
    stored.sha256 = hashlib.sha256(clean.read_bytes()).hexdigest()
    stored.size_bytes, stored.has_thumbnail = clean.stat().st_size, True
    put_in_place(clean, path_of(stored.public_id))
    put_in_place(thumbnail, thumbnail_path(stored.public_id))


def put_in_place(source: Path, target: Path) -> None:
    """Onto the disk before the row says that it is there."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.replace(target)


def clean_name(name: str) -> str:
    """What the sender called it, for showing: no path, no control or direction marks."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in base if character.isprintable())[-200:] or "file"


def type_among(raw: Path, kinds: Collection[str]) -> FileType:
    file_type = sniff(raw)
    if file_type is not None and file_type.kind in kinds:
        return file_type
    names_zh = "、".join(item.name_zh for item in TYPES if item.kind in kinds)
    names_en = ", ".join(item.name_en for item in TYPES if item.kind in kinds)
    raise InvalidInput(
        zh=f"这个文件的内容不是可以接收的类型。请上传：{names_zh}（看内容，不看后缀名）。",
        en=f"The content of this file is not of a kind we can take. Please upload {names_en} "
        "(what counts is the content, not the name).",
        field="file",
        code="file-kind",
    )


def too_large(limit_bytes: int) -> LimitReached:
    limit = f"{limit_bytes / 1024 / 1024:.3g} MB"
    return LimitReached(
        zh=f"文件太大，上限是 {limit}。请压缩后再上传，照片可改用较小的尺寸。",
        en=f"The file is larger than {limit}. Please make it smaller and upload it again.",
        field="file",
        code="file-too-large",
    )


def too_many_pixels(pixels_max: int) -> LimitReached:
    millions = pixels_max // 1_000_000
    return LimitReached(
        zh=f"图片尺寸太大（上限 {millions} 百万像素）。请缩小后再上传。",
        en=f"The picture has more than {millions} million pixels. Please make it smaller and upload it again.",
        field="file",
        code="picture-too-many-pixels",
    )


def broken_picture() -> InvalidInput:
    return InvalidInput(
        zh="这张图片打不开，可能已损坏或没有传完。请重新拍一张，或换一张再上传。",
        en="This picture cannot be opened; it may be damaged or incomplete. Please take or choose another one.",
        field="file",
        code="picture-broken",
    )
