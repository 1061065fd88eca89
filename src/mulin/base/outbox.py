"""The outbox: what must reach somebody is a row, written in the transaction of what it tells about.

A worker takes it by a lease, sends it, and marks it sent afterwards. Killed between sending and marking, it is sent
again: never lost, now and then twice, and twice under the same id.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length

from mulin.base import channels, leases, settings_store, wakeup
from mulin.base.models import OutboxMessage
from mulin.kernel.clock import Clock
from mulin.kernel.errors import WrongState

log = logging.getLogger("mulin.outbox")
State = OutboxMessage.State

LEASE = timedelta(seconds=60)
BACKOFF_FIRST = timedelta(seconds=5)
BACKOFF_MAX = timedelta(minutes=5)
ATTEMPTS_MAX_KEY = "outbox.attempts_max"
ATTEMPTS_MAX_DEFAULT = 100
CANDIDATES = 20


def queue(
    *,
    channel: str,
    subject: str,
    body: str,
    now: datetime,
    once_key: str,
    recipient_user_id: int | None = None,
    address: str = "",
    link: str = "",
    about: str = "",
    not_before: datetime | None = None,
) -> None:
    """Leave a message to be sent; the same `once_key` is queued once, whoever is faster. Call it inside the
    transaction of what it tells about. `about` reads "<part>:<public id>".
    """
    assert channels.is_known(channel), f"no channel {channel!r} is registered"
    message = OutboxMessage(
        channel=channel,
        recipient_id=recipient_user_id,
        address=address,
        subject=subject[:200],
        body=body,
        link=link,
        about=about,
        once_key=once_key,
        created_at=now,
        not_before=not_before or now,
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    wakeup.ring()


@dataclass
class Delivered:
    """What one round of the delivery came to."""

    sent: int = 0
    failed: int = 0
    dead: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.failed + self.dead


def deliver_waiting(clock: Clock, limit: int = 100, holder: str = "") -> Delivered:
    """Send what is due, at most `limit` messages. Never call it inside a transaction: the lease must be seen."""
    holder = holder or leases.new_holder()
    attempts_max = int(settings_store.value(ATTEMPTS_MAX_KEY, on=clock.today(), default=ATTEMPTS_MAX_DEFAULT))
    delivered = Delivered()
    while delivered.total < limit and (message := take_next(clock.now(), holder)) is not None:
        deliver(message, clock, holder, attempts_max, delivered)
    return delivered


def take_next(now: datetime, holder: str) -> OutboxMessage | None:
    due = OutboxMessage.objects.filter(leases.is_free(now), is_due(now), state=State.WAITING)
    for message in due.order_by("not_before", "pk")[:CANDIDATES]:
        waiting = OutboxMessage.objects.filter(state=State.WAITING)
        attempts = F("attempts") + 1
        if leases.take(waiting, message, holder=holder, now=now, duration=LEASE, attempts=attempts):
            message.attempts += 1
            return message
    return None


def is_due(now: datetime) -> Q:
    """Its time has come; or the clock was set back, and only what somebody scheduled for later may wait."""
    first_try_at_once = Q(attempts=0, not_before__lte=F("created_at"))
    pause_too_long = Q(attempts__gt=0, not_before__gt=now + BACKOFF_MAX)
    return Q(not_before__lte=now) | first_try_at_once | pause_too_long


def deliver(
    message: OutboxMessage, clock: Clock, holder: str, attempts_max: int, delivered: Delivered
) -> None:
    try:
        carrier = channels.channel(message.channel).deliver(message, clock)
    except channels.Undeliverable as error:
        mark_failed(message, error, clock.now(), holder, is_dead=True)
        delivered.dead += 1
    except Exception as error:  # noqa: BLE001 whatever a channel throws, the message stays and its error is shown
        is_dead = message.attempts >= attempts_max
        log.warning("%s attempt %s failed: %s", message, message.attempts, shown_error(error))
        mark_failed(message, error, clock.now(), holder, is_dead=is_dead)
        delivered.dead += is_dead
        delivered.failed += not is_dead
    else:
        mark_sent(message, carrier, clock.now())
        delivered.sent += 1


def mark_sent(message: OutboxMessage, carrier: str, now: datetime) -> None:
    """Whoever holds the lease by now: it was sent, and the sooner that is known the fewer are sent twice."""
    OutboxMessage.objects.filter(pk=message.pk, state=State.WAITING).update(
        state=State.SENT, sent_at=now, carried_by=carrier, lease_until=None, lease_holder="", last_error=""
    )


def mark_failed(
    message: OutboxMessage, error: Exception, now: datetime, holder: str, *, is_dead: bool
) -> None:
    OutboxMessage.objects.filter(pk=message.pk, state=State.WAITING, lease_holder=holder).update(
        state=State.DEAD if is_dead else State.WAITING,
        not_before=now + backoff(message.attempts),
        last_error=shown_error(error),
        lease_until=None,
        lease_holder="",
    )


def backoff(attempts: int) -> timedelta:
    """The pause after so many attempts: 5 s, doubling, at most 5 min."""
    return min(BACKOFF_FIRST * 2 ** min(attempts - 1, 10), BACKOFF_MAX)


def shown_error(error: Exception) -> str:
    """What went wrong, without the addresses and numbers that servers like to repeat."""
    text = f"{type(error).__name__}: {error}"
    without_mail = re.sub(r"[^\s<>@]+@", "***@", text)
    return re.sub(r"\d{5,}", "***", without_mail)[:300]


def dead_messages() -> QuerySet[OutboxMessage]:
    """What was given up and waits for somebody to look."""
    return OutboxMessage.objects.filter(state=State.DEAD).order_by("-created_at", "-pk")


def send_again(message: OutboxMessage, now: datetime) -> None:
    """Put a dead message back into the queue, from the start. Raises WrongState if it is not dead."""
    revived = OutboxMessage.objects.filter(pk=message.pk, state=State.DEAD).update(
        state=State.WAITING, attempts=0, not_before=now, lease_until=None, lease_holder=""
    )
    if not revived:
        raise WrongState(
            zh="这条消息已经在发送或已经发出，不必重发。",
            en="This message is already waiting or sent; there is no need to send it again.",
        )
    wakeup.ring()


def forget_texts_before(moment: datetime) -> int:
    """Empty address and body of messages that ended before `moment`; that they were sent stays known."""
    ended = OutboxMessage.objects.filter(created_at__lt=moment).exclude(state=State.WAITING)
    return ended.alias(length=Length("body")).filter(length__gt=0).update(address="", body="")
