"""Partners, what they can do, where they serve, and the accounts that act for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from mulin.base.fields import AreaPathField, EncryptedTextField
from mulin.base.ids import new_public_id
from mulin.parts.partners.rules import STANDING_STATES, PartnerKind, PartnerState


class ServiceCategory(models.Model):
    """What a partner can be asked for (repair, haircut, legal advice …), as data from packs."""

    code = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    pack = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name_zh


class Partner(models.Model):
    """One community partner. `area_path` is the place that answers for it (admission, review).

    Personal data: contact name and phone; the phone is encrypted.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in PartnerKind])
    state = models.CharField(
        max_length=12,
        choices=[(state.value, state.value) for state in PartnerState],
        default=PartnerState.APPLIED,
    )
    uscc = models.CharField(max_length=18, blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    phone = EncryptedTextField(blank=True, default="")
    phone_tail = models.CharField(max_length=4, blank=True, default="")
    address = models.CharField(max_length=200, blank=True)
    introduction = models.CharField(max_length=500, blank=True)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="partners")
    area_path = AreaPathField(db_index=True)
    categories = models.ManyToManyField(ServiceCategory, related_name="partners", blank=True)
    applied_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True, blank=True)
    state_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(uscc="") & Q(state__in=[state.value for state in STANDING_STATES]),
                name="partner_once_per_credit_code",
            ),
        ]
        indexes = [models.Index(fields=["state", "area_path"], name="partner_state_place")]

    def __str__(self) -> str:
        return self.name


class ServiceArea(models.Model):
    """One place where a partner serves."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="service_areas")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    area_path = AreaPathField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "area"], name="service_area_once")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.area_path}"


class PartnerMember(models.Model):
    """One account that acts for a partner."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="partner_memberships"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "user"], name="partner_member_once")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.user_id}"


class PartnerEvent(models.Model):
    """One step in a partner's file: applied, admitted, suspended, left; by whom and why."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    actor_label = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["partner", "at"], name="partner_file")]

    def __str__(self) -> str:
        return self.kind
