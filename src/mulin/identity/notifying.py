"""What users are told: a line in the inbox of each, and a copy by e-mail for whoever left an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from mulin.base import outbox
from mulin.identity.models import User
from mulin.kernel.errors import Text

LEAVE_OFF = Text(
    zh="不想再收到这样的邮件，请登录后在“我的账号”里删掉邮箱。",
    en="If you do not want such mails, sign in and remove the address from “My account”.",
)


def notify(
    *,
    user_ids: Sequence[int],
    subject: str,
    body: str,
    link: str,
    about: str,
    once_key: str,
    now: datetime,
    known: Sequence[User] = (),
) -> None:
    """Queue one message for each user; call it inside the transaction of what it tells about.

    `once_key` is of the message; each user's is made of it. The mail says only what stands in the subject: who reads
    more signs in. One query, and one for each message; none for users who were read already and are given as `known`.
    """
    read = {user.pk: (user.email, user.language) for user in known if user.email and user.is_active}
    known_ids = {user.pk for user in known}
    emails = read | emails_of([user_id for user_id in user_ids if user_id not in known_ids])
    for user_id in user_ids:
        key = f"{once_key}:{user_id}"
        outbox.queue(
            channel="inbox", recipient_user_id=user_id, subject=subject, body=body, link=link, about=about,
            once_key=key, now=now,
        )  # fmt: skip
        if user_id in emails:
            address, language = emails[user_id]
            outbox.queue(
                channel="email", recipient_user_id=user_id, address=address, subject=subject,
                body=mail_text(subject, link, language), link=link, about=about, once_key=f"{key}:mail", now=now,
            )  # fmt: skip


def emails_of(user_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """(address, language) by user, for open accounts that left an address. One query, or none for nobody."""
    if not user_ids:
        return {}
    rows = User.objects.filter(pk__in=user_ids, is_active=True).values_list("pk", "email", "language")
    return {pk: (email, language) for pk, email, language in rows if email}


def mail_text(subject: str, link: str, language: str) -> str:
    """The sentence, the way to it where this installation knows its own address, and how to be left alone."""
    way = f"{settings.MULIN_PUBLIC_ADDRESS}{link}" if settings.MULIN_PUBLIC_ADDRESS and link else ""
    return "\n\n".join(part for part in (subject, way, LEAVE_OFF.in_language(language or "zh-hans")) if part)
