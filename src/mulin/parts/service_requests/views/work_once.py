"""A form of the workbench does its work once, on the request its sender saw, and leaves no picture behind if refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from mulin.base import files
from mulin.base.models import StoredFile
from mulin.base.operations import digest_of, run_once
from mulin.kernel.errors import Conflict, InvalidInput, LimitReached
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.services.photos import MAXIMUM_PHOTOS_A_STEP
from mulin.web.typed import Typed

NOT_OF_THE_REQUEST = frozenset({"csrfmiddlewaretoken", "operation_id"})
Result = dict[str, Any]


def check_version(found: ServiceRequest, typed: Typed) -> None:
    """Raises Conflict when the request changed after the sender's page was made."""
    if typed.text("version") != str(found.version):
        raise Conflict(
            zh="您看的时候，别人刚办过这件事，所以这一步没有办。下面是最新情况，您写的内容还在；看过再决定。",
            en="Somebody else acted on this while you were looking, so nothing was done. Below is how it stands now; "
            "what you wrote is kept. Please look again and decide.",
            code="request-changed",
        )


def send_once(
    request: HttpRequest,
    typed: Typed,
    action: Callable[[list[StoredFile]], Result],
    *,
    area_path: str = "",
    check: Callable[[], None] = lambda: None,
) -> Result:
    """Run `action` once for the form's operation id; its pictures are stored first and removed if it did not use them.

    `check` runs before anything is stored, and again, as part of `action`, is the action's own affair.
    """
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    uploads = request.FILES.getlist("photos")
    if len(uploads) > MAXIMUM_PHOTOS_A_STEP:
        raise LimitReached(
            zh=f"一次最多放 {MAXIMUM_PHOTOS_A_STEP} 张照片，请去掉几张。",
            en=f"At most {MAXIMUM_PHOTOS_A_STEP} pictures at a time. Please leave some out.",
            field="photos",
            code="photos-too-many",
        )
    sent = sorted((name, texts) for name, texts in typed.values.items() if name not in NOT_OF_THE_REQUEST)
    pictures = [(upload.name, upload.size) for upload in uploads]
    stored: list[StoredFile] = []
    is_used = False

    def act() -> Result:
        nonlocal is_used
        result = action(stored)
        is_used = True
        return result

    try:
        if uploads:
            check()
        for upload in uploads:
            stored.append(store(upload, area_path, actor.user_id, now))  # noqa: PERF401 (known even if the next one fails)
        return run_once(
            key=typed.text("operation_id") or None,
            actor_key=actor.public_id,
            request_digest=digest_of(request.path, sent, pictures),
            now=now,
            action=act,
        )
    finally:
        if not is_used:
            for file in stored:
                files.remove(file)


def store(upload: Any, area_path: str, user_id: int | None, now: datetime) -> StoredFile:
    """Store one picture; what is wrong with it is told beside the form's field for pictures."""
    try:
        return files.store_upload(
            upload, purpose="service_request", area_path=area_path, actor_user_id=user_id, now=now
        )
    except (InvalidInput, LimitReached) as error:
        raise type(error)(zh=error.text.zh, en=error.text.en, code=error.code, field="photos") from error
