"""Pictures that were sent with a form that was refused: they wait on the server until the form is sent again.

They are found by the secret of the draft's cookie alone, never by an id that a browser names, so nobody can lay hands on
another's picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mulin.base import drafts, files
from mulin.base.models import StoredFile
from mulin.kernel.errors import NotFound

FORM = "service_requests:photos"
PURPOSE = "service_request"


def photos_kept(token: str, place: str) -> list[StoredFile]:
    """The pictures kept for the form at address `place`, in the order they came. At most two queries."""
    fields = drafts.load(token, FORM) if token else None
    if not fields or fields.get("place") != place:
        return []
    ids = list(fields["photos"])
    found = {
        file.public_id: file
        for file in StoredFile.objects.filter(public_id__in=ids, requestphoto__isnull=True)
    }
    return [found[public_id] for public_id in ids if public_id in found]


def photo_kept(token: str, public_id: str) -> StoredFile:
    """One picture of the draft, to show it again. Raises NotFound."""
    fields = drafts.load(token, FORM) if token else None
    if not fields or public_id not in fields["photos"]:
        raise NotFound
    file = StoredFile.objects.filter(public_id=public_id, requestphoto__isnull=True).first()
    if file is None:
        raise NotFound
    return file


def photos_keep(token: str, place: str, kept: Sequence[StoredFile], now: datetime) -> None:
    """Keep exactly these for the form at `place`."""
    if kept:
        drafts.save(token, FORM, {"place": place, "photos": [file.public_id for file in kept]}, now)
    else:
        photos_forget(token)


def photos_forget(token: str) -> None:
    """They were used, or are wanted no more; the files themselves are the caller's."""
    drafts.forget(token, FORM)


def photos_remove_unused(before: datetime, *, limit: int = 500) -> int:
    """Remove pictures stored before a moment that no request ever took; how many went."""
    unused = StoredFile.objects.filter(purpose=PURPOSE, created_at__lt=before, requestphoto__isnull=True)[
        :limit
    ]
    count = 0
    for file in unused:
        files.remove(file)
        count += 1
    return count
