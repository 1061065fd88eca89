"""The tree of areas, its history, and the posts and bodies that stand in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from mulin.base.fields import AreaPathField
from mulin.base.ids import new_public_id
from mulin.parts.areas.rules import AreaKind, ChangeKind


class Area(models.Model):
    """One place with an official or county-given code: a county, a community, a grid, a building.

    `path` is the materialised path (see base.paths); an area that has ended keeps its row, its code and its path, so
    that old records still say where they were. `boundary` is GeoJSON geometry in WGS-84 (CGCS2000).
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in AreaKind])
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = AreaPathField(unique=True)
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    boundary = models.JSONField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(
        max_length=30, blank=True, help_text="public telephone where a human answers"
    )
    supervision_telephone = models.CharField(max_length=30, blank=True)
    household_count = models.PositiveIntegerField(null=True, blank=True)
    resident_count = models.PositiveIntegerField(null=True, blank=True)
    page_code = models.CharField(
        max_length=12, null=True, blank=True, unique=True, help_text="short code printed on the QR poster"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="area_code_once_in_force"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="area_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "path"], name="area_kind_path"),
            models.Index(fields=["parent", "code"], name="area_children"),
        ]

    def __str__(self) -> str:
        return self.name


class AreaChange(models.Model):
    """One merge, split, rename, move or new code: from which area to which, on which day, by what paper."""

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ChangeKind])
    before = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="changes_from")
    after = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="changes_to")
    before_name = models.CharField(max_length=80)
    after_name = models.CharField(max_length=80)
    before_code = models.CharField(max_length=40)
    after_code = models.CharField(max_length=40)
    before_path = AreaPathField()
    after_path = AreaPathField()
    on = models.DateField()
    document = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.before_name} → {self.after_name}"


class TreeVersion(models.Model):
    """One row: a token that every change of the tree or of a boundary replaces, in its own transaction.

    Readers keep an index of grids beside the token it was built for; writers hold this row, one at a time. A token
    rather than a number, so that a change that was rolled back can never look like the one that came after it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.CharField(max_length=32, default=new_public_id)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="tree_version_is_one_row")]

    def __str__(self) -> str:
        return self.token


class PostKind(models.Model):
    """A kind of post, as data: on which kind of area it stands, how many are required, which role it brings."""

    code = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    area_kind = models.CharField(max_length=20)
    required_count = models.PositiveSmallIntegerField(default=0)
    role_code = models.CharField(
        max_length=40, blank=True, help_text="role granted to the holder; none if blank"
    )
    is_public = models.BooleanField(default=False, help_text="name and telephone are posted in public")
    order = models.PositiveSmallIntegerField(default=0)
    pack = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name_zh


class PostHolding(models.Model):
    """One person holds one post of a place from a day to a day (the last one included). Ending it ends its grant."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    kind = models.ForeignKey(PostKind, on_delete=models.PROTECT, related_name="holdings")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="post_holdings")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    is_cover = models.BooleanField(default=False, help_text="stands in for somebody on leave")
    covers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="covered_by"
    )
    grant = models.OneToOneField("identity.Grant", null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="post_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["area", "kind"], name="post_of_area")]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.area_id}"


class BodyKind(models.Model):
    """A kind of body that belongs to places of one kind (party committee of a community, party group of a building)."""

    code = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    area_kind = models.CharField(max_length=20)
    is_required = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    pack = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name_zh


class Body(models.Model):
    """One body of a place: its name, its leader and where it meets. Its superior is the nearest body above its area."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    kind = models.ForeignKey(BodyKind, on_delete=models.PROTECT, related_name="bodies")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=100)
    leader_name = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["area", "kind"], name="body_of_area")]

    def __str__(self) -> str:
        return self.name
