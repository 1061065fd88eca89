"""Requests, their timeline, the offers made of them, their photos and their rating."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from mulin.base.fields import AreaPathField, EncryptedTextField
from mulin.base.ids import new_public_id
from mulin.parts.service_requests.rules import Channel, OfferState, Outcome, Status, Way


class RequestType(models.Model):
    """One kind of request, as data: its words, its clocks, what it asks for. Comes from packs."""

    code = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    hint_zh = models.CharField(max_length=200, blank=True)
    hint_en = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=40, blank=True, help_text="service category a partner must offer")
    icon = models.CharField(max_length=40, blank=True)
    clocks = models.JSONField()
    is_public = models.BooleanField(default=False)
    residents_may_raise = models.BooleanField(default=True)
    needs_phone = models.BooleanField(default=False, help_text="a resident must leave a number to be called")
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    pack = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name_zh


class ServiceRequest(models.Model):
    """One matter somebody raised. `area` is the community that answers for it, `grid` the grid it lies in if known.

    `holder_*` says who has it now and `due_at` until when; both are empty only once it has ended.
    Personal data: the requester's name and phone and whatever the text says. The phone is encrypted; the link is kept
    as a digest only, so that a copy of the database opens nobody's request.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    number = models.CharField(max_length=20, unique=True, help_text="short code a person can read out")
    link_digest = models.CharField(max_length=64, unique=True)
    type = models.ForeignKey(RequestType, on_delete=models.PROTECT, related_name="requests")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="service_requests")
    grid = models.ForeignKey("areas.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area_path = AreaPathField()
    place = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    channel = models.CharField(max_length=12, choices=[(channel.value, channel.value) for channel in Channel])
    status = models.CharField(
        max_length=12, choices=[(status.value, status.value) for status in Status], default=Status.RAISED
    )
    outcome = models.CharField(
        max_length=20, blank=True, choices=[(outcome.value, outcome.value) for outcome in Outcome]
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="raised_requests",
    )
    requester_name = models.CharField(max_length=60, blank=True)
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=22, blank=True, default="")
    phone_tail = models.CharField(max_length=4, blank=True, default="")
    wants_visit = models.BooleanField(
        default=False, help_text="has no smartphone: to be told in person or by SMS"
    )
    tell_since = models.DateTimeField(
        null=True, blank=True, help_text="since when the oldest of its open tellings waits"
    )
    taken_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    holder_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="held_requests",
    )
    holder_partner = models.ForeignKey(
        "partners.Partner", null=True, blank=True, on_delete=models.SET_NULL, related_name="held_requests"
    )
    holder_label = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    handle_due_at = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_solved = models.BooleanField(
        null=True, blank=True, help_text="what the resident said; nobody else may say it"
    )
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    return_count = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    source_name = models.CharField(max_length=60, blank=True)
    source_key = models.CharField(max_length=80, blank=True)
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_name", "source_key"],
                condition=~Q(source_key=""),
                name="request_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(1, 5)), name="request_score_range"
            ),
        ]
        indexes = [
            models.Index(fields=["area_path", "-raised_at"], name="request_place_raised"),
            models.Index(fields=["-raised_at", "id"], name="request_raised"),
            models.Index(fields=["status", "due_at"], name="request_status_due"),
            models.Index(fields=["status", "area_path", "due_at"], name="request_status_place_due"),
            models.Index(fields=["holder_partner", "status"], name="request_partner_status"),
            models.Index(fields=["holder_user", "status"], name="request_user_status"),
            models.Index(fields=["phone_index"], name="request_phone"),
        ]

    def __str__(self) -> str:
        return self.number


class RequestEvent(models.Model):
    """One line of a request's timeline. Never changed; `is_public` lines are shown to the resident."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="events")
    sequence = models.PositiveIntegerField()
    step = models.CharField(max_length=16)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    actor_label = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    is_public = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "sequence"], name="event_sequence_once")]

    def __str__(self) -> str:
        return f"{self.request_id}#{self.sequence} {self.step}"


class Telling(models.Model):
    """What somebody must tell a person whom no message reaches. `told_by` empty: the person has acted on it already."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="tellings")
    text = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    how = models.CharField(max_length=12, blank=True, choices=[(way.value, way.value) for way in Way])

    class Meta:
        indexes = [
            models.Index(fields=["request"], condition=Q(told_at__isnull=True), name="telling_open"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.text[:20]}"


class Offer(models.Model):
    """One partner's place in the order in which a request is offered. At most one offer of a request is open."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="offers")
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in OfferState],
        default=OfferState.WAITING,
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "round", "position"], name="offer_position_once"),
            models.UniqueConstraint(fields=["request"], condition=Q(state="open"), name="offer_one_open"),
        ]
        indexes = [
            models.Index(fields=["partner", "state"], name="offer_of_partner"),
            models.Index(fields=["answer_by"], condition=Q(state="open"), name="offer_lapses"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} → {self.partner_id}"


class RequestPhoto(models.Model):
    """One picture of a request: what the resident sent, or the proof of what was done."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="photos")
    file = models.OneToOneField("base.StoredFile", on_delete=models.PROTECT)
    step = models.CharField(max_length=16, help_text="the step it came with")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request_id} {self.file_id}"
