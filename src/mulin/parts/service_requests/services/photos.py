"""Pictures of a request: stored first, attached in the transaction of the step they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mulin.base.models import StoredFile
from mulin.kernel.errors import LimitReached
from mulin.parts.service_requests.models import RequestPhoto, ServiceRequest
from mulin.parts.service_requests.rules import Step

MAXIMUM_PHOTOS = 9
MAXIMUM_PHOTOS_A_STEP = 3


def photos_attach(*, request: ServiceRequest, files: Sequence[StoredFile], step: Step, now: datetime) -> None:
    """Attach stored pictures. Raises LimitReached when the request would have more than nine."""
    if not files:
        return
    if RequestPhoto.objects.filter(request=request).count() + len(files) > MAXIMUM_PHOTOS:
        raise LimitReached(
            zh=f"一件事最多放 {MAXIMUM_PHOTOS} 张照片。",
            en=f"A request can hold {MAXIMUM_PHOTOS} pictures at most.",
            field="photos",
        )
    RequestPhoto.objects.bulk_create(
        RequestPhoto(request=request, file=file, step=step, added_at=now) for file in files
    )
