"""What a person sees whose form carried no valid cross-site mark: too old a page, or another sign-in meanwhile."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from mulin.identity.middleware import page_of
from mulin.web.errors import csrf_failure, wants_json
from mulin.web.pages import page


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Set as CSRF_FAILURE_VIEW. `request.is_form_expired` tells the outer layer to keep what was typed."""
    if wants_json(request):
        return csrf_failure(request, reason)
    request.is_form_expired = True  # type: ignore[attr-defined]
    return page(request, "portals/form_expired.html", {"back_url": page_of(request)}, status=403)
