"""Sessions in the database, as Django keeps them; reading one, which every page does, costs no query building."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from mulin.base.prepared import Prepared
from mulin.kernel.clock import SystemClock

LIVE = Prepared(
    lambda shape, values: Session.objects.filter(
        session_key=values["key"], expire_date__gt=values["now"]
    ).values_list("session_data")
)


class SessionStore(db.SessionStore):
    """What stands in `django_session`."""

    def load(self) -> dict[str, Any]:
        rows = LIVE.rows(None, {"key": self.session_key or "", "now": SystemClock().now()})
        if not rows:
            self._session_key = None
            return {}
        content: dict[str, Any] = self.decode(rows[0][0])
        return content
