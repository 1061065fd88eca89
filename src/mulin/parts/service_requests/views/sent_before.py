"""Back to the form and pressed again: the same words from the same browser within a quarter of an hour are one matter.

The form's operation id does not see this, since a page opened anew brings a new one.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE, SALT = "mulin-sent", "service_requests.sent"
COOKIE_SECONDS = 15 * 60


def sent_before(request: HttpRequest, digest: str) -> str:
    """The public id of the matter raised just now with exactly these words; nothing when a new picture came along."""
    if request.FILES:
        return ""
    try:
        sent = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return ""
    return str(sent["public_id"]) if sent["digest"] == digest else ""


def remember(response: HttpResponse, digest: str, public_id: str) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps({"digest": digest, "public_id": public_id}, salt=SALT),
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
