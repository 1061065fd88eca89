"""Users, roles as data, grants (role × area × validity), API tokens and the audit trail."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from mulin.base.fields import AreaPathField, EncryptedTextField
from mulin.base.ids import new_public_id


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(login_name=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One person who can sign in, by login name or phone. What they may do stands in their grants alone.

    There is no staff or superuser flag: nothing in Mulin is open to somebody without a grant.
    Personal data: name, phone and e-mail; the phone is encrypted and found by `phone_index`. The e-mail is encrypted,
    too, and only ever written to: copies of what stands in the inbox go there.
    `area_path` is where the person belongs: who looks after the accounts there may see this one even before it holds
    a grant. It gives no right to anything.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    login_name = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=22, null=True, blank=True, unique=True)
    phone_tail = models.CharField(max_length=4, blank=True, default="")
    email = EncryptedTextField(blank=True, default="")
    area_path = AreaPathField(blank=True, default="", db_index=True)
    language = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = UserManager()

    USERNAME_FIELD = "login_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    def __str__(self) -> str:
        return self.display_name


class Role(models.Model):
    """What a kind of person may do, as a list of permissions. Roles are data: they come from packs.

    `excludes` names the roles that nobody may hold together with this one: who keeps the machines, who gives the
    grants and who reads the audit trail are three people (GB/T 22239-2019, 8.1.4.2).
    """

    code = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    excludes = models.JSONField(default=list)
    home = models.CharField(max_length=40, default="resident", help_text="the shell its holders land in")
    pack = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name_zh

    def name_in(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_zh


class Grant(models.Model):
    """One user holds one role in one area for a time; `valid_to` is the last day, `ended_at` ends it at once."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    area_path = AreaPathField(blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(ended_at__isnull=True), name="grant_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id} {self.area_path}"


class ApiToken(models.Model):
    """A key for programs. Only its digest is kept; it can do what its scopes and its owner's grants both allow."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class SignedInSession(models.Model):
    """Whose session this is, on what kind of device, and when it was last used (to five minutes).

    It goes with its session. `device` is a code of `rules.device_of`; neither address nor full user agent are kept.
    """

    session = models.OneToOneField("sessions.Session", on_delete=models.CASCADE, related_name="signed_in")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="signed_in_sessions")
    device = models.CharField(max_length=40, blank=True)
    signed_in_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"


class AuditEntry(models.Model):
    """One act or one look at personal data: who, what, about whom, why. Written in the transaction it speaks of.

    Nothing here is ever changed or removed before its retention ends. It holds no personal data beyond ids.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    actor_label = models.CharField(max_length=80, blank=True)
    act = models.CharField(max_length=60)
    about = models.CharField(max_length=80, blank=True, help_text="<part>.<thing>:<public id>")
    area_path = AreaPathField(blank=True, default="")
    reason = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["about", "-at"], name="audit_about")]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.act} {self.about}"


class SignInAttempt(models.Model):
    """One sign-in that has not succeeded, kept to slow down guessing. Holds digests of the account and the address,
    no names. It is written before the password is looked at, so that guesses made at the same time count too.
    """

    account_digest = models.CharField(max_length=64)
    address_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account_digest", "at"], name="attempt_account"),
            models.Index(fields=["address_digest", "at"], name="attempt_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T}"
