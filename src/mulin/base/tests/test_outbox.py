from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import Q

from mulin.base import channels, leases, notices, outbox
from mulin.base.models import Notice, OutboxMessage
from mulin.base.settings_store import put
from mulin.base.tests.conftest import NOON
from mulin.kernel.errors import Unavailable, WrongState

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
State = OutboxMessage.State


class Recording:
    """A channel that keeps what it delivered, and does what it is told before."""

    def __init__(self, before=lambda message: None):
        self.delivered = []
        self.before = before

    def deliver(self, message, clock):
        self.before(message)
        self.delivered.append(message.once_key)
        return "test"


@pytest.fixture
def use(monkeypatch):
    def use_channel(channel):
        monkeypatch.setitem(channels._channels, "test", channel)
        return channel

    return use_channel


def queue(key="k1", **more):
    values = {"channel": "test", "subject": "s", "body": "b", "now": NOON, "once_key": key, **more}
    outbox.queue(**values)
    return OutboxMessage.objects.get(once_key=key)


def fails(message):
    raise Unavailable


def test_a_message_is_sent_once_and_marked(use, clock):
    channel = use(Recording())
    message = queue()
    assert outbox.deliver_waiting(clock).sent == 1
    assert outbox.deliver_waiting(clock).total == 0
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.carried_by) == (State.SENT, NOON, "test")
    assert channel.delivered == ["k1"]


def test_the_same_key_is_queued_once(use):
    use(Recording())
    assert queue().pk == queue(body="other").pk
    assert OutboxMessage.objects.get().body == "b"


def test_what_is_rolled_back_is_never_sent(use, clock):
    channel = use(Recording())
    with pytest.raises(RuntimeError):
        queue_and_fail()
    outbox.deliver_waiting(clock)
    assert channel.delivered == []


@transaction.atomic
def queue_and_fail():
    queue()
    raise RuntimeError


def test_a_dead_channel_is_tried_again_after_growing_pauses(use, clock):
    channel = use(Recording(before=fails))
    queue()
    tried_at = []
    for second in range(200):
        if outbox.deliver_waiting(clock).failed:
            tried_at.append(second)
        clock.advance(SECOND)
    assert tried_at == [0, 5, 15, 35, 75, 155]
    assert OutboxMessage.objects.get().state == State.WAITING
    channel.before = lambda message: None
    clock.advance(outbox.BACKOFF_MAX)
    assert outbox.deliver_waiting(clock).sent == 1


def test_a_pause_never_grows_beyond_five_minutes():
    assert max(outbox.backoff(attempts) for attempts in range(1, 10_000)) == timedelta(minutes=5)


def test_after_the_last_attempt_it_is_dead_visible_and_can_be_sent_again(use, clock):
    put(key="outbox.attempts_max", value=2, valid_from=NOON.date(), source="测试")
    channel = use(Recording(before=fails))
    queue()
    for _ in range(5):
        outbox.deliver_waiting(clock)
        clock.advance(timedelta(minutes=6))
    (dead,) = outbox.dead_messages()
    assert (dead.attempts, dead.state) == (2, State.DEAD)
    assert "Unavailable" in dead.last_error
    channel.before = lambda message: None
    outbox.send_again(dead, clock.now())
    assert outbox.deliver_waiting(clock).sent == 1
    with pytest.raises(WrongState):
        outbox.send_again(dead, clock.now())


def test_one_message_that_fails_does_not_hold_up_the_next(use, clock):
    def first_fails(message):
        if message.once_key == "bad":
            raise ValueError("13800131234 <wang@example.org> refused")

    channel = use(Recording(before=first_fails))
    queue("bad")
    queue("good")
    delivered = outbox.deliver_waiting(clock)
    assert (delivered.sent, delivered.failed) == (1, 1)
    assert channel.delivered == ["good"]
    error = OutboxMessage.objects.get(once_key="bad").last_error
    assert "1380013" not in error
    assert "wang" not in error


def test_a_message_for_later_waits(use, clock):
    use(Recording())
    queue(not_before=NOON + timedelta(hours=1))
    assert outbox.deliver_waiting(clock).total == 0
    clock.advance(timedelta(hours=1))
    assert outbox.deliver_waiting(clock).sent == 1


def second_worker_comes_in_between(clock):
    """While one worker is sending, another looks for work."""
    return Recording(
        before=lambda message: message.attempts == 1 and outbox.deliver_waiting(clock, holder="second")
    )


def test_two_workers_send_one_message_once(use, clock):
    channel = use(second_worker_comes_in_between(clock))
    queue()
    outbox.deliver_waiting(clock, holder="first")
    assert channel.delivered == ["k1"]


def test_without_the_lease_both_would_send_it(use, clock, monkeypatch):
    monkeypatch.setattr(leases, "is_free", lambda now: Q())
    channel = use(second_worker_comes_in_between(clock))
    queue()
    outbox.deliver_waiting(clock, holder="first")
    assert channel.delivered == ["k1", "k1"]


def test_the_slower_of_two_takers_goes_away_empty_handed(use):
    use(Recording())
    message = queue()
    rows = OutboxMessage.objects.filter(state=State.WAITING)
    taken = [leases.take(rows, message, holder=name, now=NOON, duration=outbox.LEASE) for name in ("a", "b")]
    assert taken == [True, False]


def test_what_a_dead_worker_held_is_sent_when_its_lease_ends(use, clock):
    channel = use(Recording())
    queue()
    assert outbox.take_next(clock.now(), "killed") is not None
    assert outbox.deliver_waiting(clock).total == 0
    clock.advance(outbox.LEASE)
    assert outbox.deliver_waiting(clock).sent == 1
    assert channel.delivered == ["k1"]


def test_a_clock_set_back_holds_nothing_up(use, clock):
    use(Recording(before=fails))
    queue("held")
    queue("failed")
    outbox.take_next(clock.now(), "killed")
    outbox.deliver_waiting(clock)
    queue("new")
    clock.advance(timedelta(days=-1))
    use(Recording())
    assert outbox.deliver_waiting(clock).sent == 3


def test_without_the_clamp_a_lease_would_hold_for_a_day(use, clock, monkeypatch):
    monkeypatch.setattr(leases, "LEASE_MAX", timedelta(days=9))
    use(Recording())
    queue()
    outbox.take_next(clock.now(), "killed")
    clock.advance(timedelta(days=-1))
    assert outbox.deliver_waiting(clock).total == 0


def test_the_inbox_gets_one_line_however_often_it_is_delivered(user, clock):
    message = queue(channel="inbox", recipient_user_id=user.pk, link="/work/", subject="新的诉求")
    channels.InboxChannel().deliver(message, clock)
    assert outbox.deliver_waiting(clock).sent == 1
    (notice,) = notices.notice_list(user.pk)
    assert (notice.subject, notice.link) == ("新的诉求", "/work/")
    assert notices.unread_count(user.pk) == 1
    assert notices.notices_read(user.pk, NOON) == 1
    assert notices.unread_count(user.pk) == 0


def test_a_message_without_an_address_is_dead_at_once(clock):
    queue(channel="sms")
    assert outbox.deliver_waiting(clock).dead == 1
    assert "没有收件地址" in OutboxMessage.objects.get().last_error


def test_mail_goes_by_the_server_that_is_allowed(clock, settings):
    settings.EMAIL_HOST = "mail.example.org"
    settings.MULIN_OUTGOING_HOSTS = ("mail.example.org",)
    message = queue(channel="email", address="wang@example.org", subject="两行\n标题", body="正文")
    outbox.deliver_waiting(clock)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["wang@example.org"], "两行 标题", "正文")
    assert message.public_id in sent.extra_headers["Message-ID"]
    assert OutboxMessage.objects.get().carried_by == "smtp"


@pytest.mark.parametrize(
    ("channel", "address", "masked"),
    [("email", "wang@example.org", "w***@example.org"), ("sms", "13800131234", "138****1234")],
)
def test_without_a_service_the_console_says_that_nobody_got_it(channel, address, masked, clock, caplog):
    queue(channel=channel, address=address, body="秘密")
    outbox.deliver_waiting(clock)
    assert OutboxMessage.objects.get().carried_by == "console"
    assert masked in caplog.text
    assert "NOT sent" in caplog.text
    assert address not in caplog.text
    assert "秘密" not in caplog.text
    assert mail.outbox == []


def test_a_countys_own_carrier_is_used_for_text_messages(monkeypatch, clock):
    class Carrier:
        name = "carrier"
        sent = []

        def send(self, **message):
            self.sent.append(message)

    monkeypatch.setitem(channels._channels, "sms", channels.SmsChannel(Carrier()))
    message = queue(channel="sms", address="13800131234", body="正文")
    outbox.deliver_waiting(clock)
    assert Carrier.sent == [{"phone": "13800131234", "text": "正文", "message_id": message.public_id}]
    assert OutboxMessage.objects.get().carried_by == "carrier"


def test_texts_of_old_messages_are_emptied_but_not_those_that_wait(use, clock):
    use(Recording())
    queue("sent", address="13800131234")
    outbox.deliver_waiting(clock)
    queue("waiting")
    assert outbox.forget_texts_before(NOON + SECOND) == 1
    kept = {message.once_key: (message.body, message.address) for message in OutboxMessage.objects.all()}
    assert kept == {"sent": ("", ""), "waiting": ("b", "")}


def test_queueing_takes_few_queries(user, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        queue(channel="inbox", recipient_user_id=user.pk)
    assert Notice.objects.count() == 0
