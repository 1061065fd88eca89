"""Channels: what carries a message to a person.

A channel either delivers and says by what, or raises. `Undeliverable` ends the matter (there is no address); any other
error is tried again. What is not configured goes to the console transport, which says plainly that nobody got it.
"""

from __future__ import annotations

import logging
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from mulin.base.models import Notice, OutboxMessage
from mulin.kernel.clock import Clock
from mulin.kernel.errors import MulinError
from mulin.kernel.identifiers import mask_phone

log = logging.getLogger("mulin.channels")
MAIL_TIMEOUT_SECONDS = 20


class Undeliverable(MulinError):
    """It will never arrive as it is; trying again is useless."""

    default_code = "undeliverable"


class Channel(Protocol):
    """Carries one message and returns the name of what carried it ("smtp", "console"), or raises."""

    def deliver(self, message: OutboxMessage, clock: Clock) -> str: ...


class InboxChannel:
    """A line in the inbox inside the application; a second delivery of the same message changes nothing."""

    def deliver(self, message: OutboxMessage, clock: Clock) -> str:
        if message.recipient_id is None:
            raise no_address()
        with transaction.atomic():
            Notice.objects.get_or_create(
                message=message,
                defaults={
                    "recipient_id": message.recipient_id,
                    "subject": message.subject,
                    "body": message.body,
                    "link": message.link,
                    "created_at": clock.now(),
                },
            )
        return "inbox"


class EmailChannel:
    """Django's mail over the configured server; the console while there is none.

    The Message-ID is made of the message's own id, so that a mail sent twice is recognised as one.
    """

    def deliver(self, message: OutboxMessage, clock: Clock) -> str:
        if not message.address:
            raise no_address()
        if not has_mail_server():
            return write_to_console(message, mask_email(message.address))
        mail = EmailMessage(
            subject=" ".join(message.subject.split()),
            body=message.body,
            to=[message.address],
            headers={"Message-ID": f"<{message.public_id}@{settings.EMAIL_HOST}>"},
            connection=get_connection(timeout=MAIL_TIMEOUT_SECONDS),
        )
        mail.send()
        return "smtp"


class SmsGateway(Protocol):
    """One carrier's way of taking a text message. Raises when it was not taken."""

    name: str

    def send(self, *, phone: str, text: str, message_id: str) -> None: ...


class SmsChannel:
    """Text messages by the county's carrier. No carrier is built in: without a gateway the console says so."""

    def __init__(self, gateway: SmsGateway | None = None) -> None:
        self.gateway = gateway

    def deliver(self, message: OutboxMessage, clock: Clock) -> str:
        if not message.address:
            raise no_address()
        if self.gateway is None:
            return write_to_console(message, mask_phone(message.address))
        self.gateway.send(phone=message.address, text=message.body, message_id=message.public_id)
        return self.gateway.name


def write_to_console(message: OutboxMessage, masked_address: str) -> str:
    """One masked line; the text itself stays in the outbox, where those who may see it can read it."""
    log.warning(
        "%s → %s: NOT sent, no %s service is configured; kept in the outbox as %s",
        message.channel,
        masked_address,
        message.channel,
        message.public_id,
    )
    return "console"


def has_mail_server() -> bool:
    """Mail leaves only for a host that stands in the list of allowed hosts."""
    return settings.EMAIL_HOST in settings.MULIN_OUTGOING_HOSTS


def mask_email(address: str) -> str:
    """
    >>> mask_email("wang.xiaoming@example.org")
    'w***@example.org'
    """
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}"


def no_address() -> Undeliverable:
    return Undeliverable(
        zh="没有收件地址。请补上联系方式后重新发送。",
        en="There is no address to send to. Please add one and send it again.",
        code="no-address",
    )


_channels: dict[str, Channel] = {"inbox": InboxChannel(), "email": EmailChannel(), "sms": SmsChannel()}


def register(code: str, channel: Channel) -> None:
    """Put a county's own carrier in place of the built-in one, or add another channel."""
    _channels[code] = channel


def channel(code: str) -> Channel:
    """Raises KeyError for a code that nobody registered: that is a mistake in the code, not a delivery problem."""
    return _channels[code]


def is_known(code: str) -> bool:
    return code in _channels
