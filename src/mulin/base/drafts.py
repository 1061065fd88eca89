"""What somebody typed and has not sent yet, kept on the server so that nothing is lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from mulin.base.models import Draft
from mulin.kernel.clock import SystemRandomness
from mulin.kernel.errors import LimitReached
from mulin.kernel.identifiers import new_secret

FIELDS_LENGTH_MAX = 1_000_000
NEVER_KEPT = ("csrf", "password", "token")
Fields = dict[str, str | list[str]]


def new_token() -> str:
    """The secret for the cookie by which drafts are found again."""
    return new_secret(SystemRandomness())


def save(token: str, form: str, fields: Mapping[str, str | list[str]], now: datetime) -> None:
    """Keep what stands in `form`; what was kept before is replaced. Passwords and tokens are left out."""
    kept = {
        name: text for name, text in fields.items() if not any(word in name.lower() for word in NEVER_KEPT)
    }
    body = json.dumps(kept, ensure_ascii=True)
    if len(body) > FIELDS_LENGTH_MAX:
        raise LimitReached(
            zh="内容太长，无法暂存。请先复制到别处，再分几次提交。",
            en="This is too long to be kept as a draft. Please copy it elsewhere and send it in pieces.",
            code="draft-too-long",
        )
    Draft.objects.update_or_create(
        token_digest=digest(token), form=form, defaults={"fields": body, "updated_at": now}
    )


def load(token: str, form: str) -> Fields | None:
    """What was kept, or None."""
    draft = Draft.objects.filter(token_digest=digest(token), form=form).first()
    if draft is None:
        return None
    fields: Fields = json.loads(draft.fields)
    return fields


def forget(token: str, form: str) -> None:
    """Once it is sent, the draft goes."""
    Draft.objects.filter(token_digest=digest(token), form=form).delete()


def forget_before(moment: datetime) -> int:
    """Remove drafts that nobody touched since `moment`."""
    return Draft.objects.filter(updated_at__lt=moment).delete()[0]


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
