"""Tables of the plumbing. What waits is a row; a worker takes it by a lease."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from mulin.base.fields import AreaPathField, EncryptedTextField
from mulin.base.ids import new_public_id


class Operation(models.Model):
    """One change a client asked for by its own id: sent twice, it happens once and the first answer is given again.

    `digest` is taken over who asked and what was asked; the same key with another digest is refused.
    """

    key = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class DatedSetting(models.Model):
    """A number of the trade: what it is, where, from when to when, and by which source. `valid_to` is the last day."""

    key = models.CharField(max_length=80)
    area_path = AreaPathField(blank=True, default="")
    value = models.JSONField()
    unit = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    pack = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "area_path", "valid_from"], name="setting_once_per_place_and_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="setting_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} @{self.area_path or '*'} {self.valid_from}"


class OutboxMessage(models.Model):
    """One message to one address by one channel. Written in the transaction of what it tells about; marked after sending.

    Personal data: `address` and `body`, encrypted; both are emptied when the message is older than its retention.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DEAD = "dead"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    channel = models.CharField(max_length=20)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    address = EncryptedTextField(blank=True, default="")
    subject = models.CharField(max_length=200, blank=True)
    body = EncryptedTextField()
    link = models.CharField(max_length=300, blank=True)
    about = models.CharField(
        max_length=80, blank=True, help_text="what it tells about, as <part>:<public id>"
    )
    once_key = models.CharField(max_length=160, unique=True, help_text="the same key is queued once")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_holder = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    carried_by = models.CharField(max_length=20, blank=True, help_text="what took it: inbox, smtp, console …")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="waiting"), name="outbox_waiting"),
            models.Index(fields=["about"], name="outbox_about"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.public_id}"


class Notice(models.Model):
    """One line in a user's inbox inside the application: what the in-app channel delivers."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    message = models.OneToOneField(OutboxMessage, on_delete=models.CASCADE)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["recipient", "-created_at"], name="notice_inbox")]

    def __str__(self) -> str:
        return self.subject


class Job(models.Model):
    """One long piece of work that somebody asked for: it shows progress, can be cancelled, and resumes after a kill.

    `checkpoint` is what the job needs to go on from where it stood; it is written with the work it speaks of.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_holder = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state__in=["waiting", "running"]), name="job_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class PeriodicRun(models.Model):
    """One thing done again and again: when it last ran, what came of it, when it is next due."""

    name = models.CharField(max_length=80, primary_key=True)
    interval_seconds = models.PositiveIntegerField()
    next_due_at = models.DateTimeField()
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_finished_at = models.DateTimeField(null=True, blank=True)
    last_result = models.CharField(max_length=300, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_holder = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """One process that should be alive, and when it last said so."""

    name = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class StoredFile(models.Model):
    """One uploaded or produced file. Its bytes lie under MULIN_HOME/files, named by public id; its type is read from
    the bytes, never from the name. A picture is stored anew without its metadata (place, camera).
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    area_path = AreaPathField(blank=True, default="")
    purpose = models.CharField(max_length=40)
    original_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    has_thumbnail = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public_id


class ImportRun(models.Model):
    """One table brought in: staged, looked at, applied in chunks, resumable at the chunk where it stood."""

    class State(models.TextChoices):
        STAGING = "staging"
        PREVIEWED = "previewed"
        APPLYING = "applying"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    kind = models.CharField(max_length=60)
    area_path = AreaPathField(blank=True, default="")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.SET_NULL)
    source_name = models.CharField(max_length=200)
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STAGING)
    staged = models.PositiveIntegerField(default=0)
    applied_through = models.PositiveIntegerField(
        default=0, help_text="the last row number whose chunk is stored"
    )
    created = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.source_name}"


class ImportRow(models.Model):
    """One row of a table being brought in, as text, with the reason if it was rejected. Emptied with its run."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="line in the sheet, the header being line 1")
    cells = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["run", "number"], condition=~Q(reason=""), name="import_row_rejected")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"


class Draft(models.Model):
    """What somebody typed and has not sent: kept here so that an expired session or a broken form loses nothing.

    Found by a secret in an HttpOnly cookie; `fields` is encrypted; removed when sent or after its retention.
    """

    token_digest = models.CharField(max_length=64)
    form = models.CharField(max_length=120)
    fields = EncryptedTextField()
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_digest", "form"], name="draft_once_per_form")]

    def __str__(self) -> str:
        return self.form
