"""The same tables, as a plain project would describe them."""
# ruff: noqa: DJ008

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

STATUSES = [
    ("raised", "待受理"), ("accepted", "待派单"), ("dispatched", "待接单"), ("taken", "办理中"), ("handled", "待确认"),
    ("confirmed", "已确认"), ("returned", "被退回"), ("closed", "已办结"), ("withdrawn", "已撤回"), ("rejected", "未受理"),
]  # fmt: skip
CHANNELS = [
    ("code_page", "扫码"), ("web", "网页"), ("telephone", "电话"), ("desk", "窗口"), ("visit", "上门"), ("import", "导入"),
    ("api", "接口"),
]  # fmt: skip


class User(AbstractBaseUser):
    login_name = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login_name"

    class Meta:
        managed = False
        db_table = "identity_user"


class Role(models.Model):
    code = models.CharField(max_length=40, primary_key=True)
    permissions = models.JSONField()

    class Meta:
        managed = False
        db_table = "identity_role"


class Grant(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    area_path = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "identity_grant"


class Area(models.Model):
    public_id = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    path = models.CharField(max_length=200)
    valid_to = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "areas_area"


class RequestType(models.Model):
    code = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    order = models.IntegerField()
    is_active = models.BooleanField()

    class Meta:
        managed = False
        db_table = "service_requests_requesttype"


class ServiceRequest(models.Model):
    public_id = models.CharField(max_length=32)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    type = models.ForeignKey(RequestType, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    status = models.CharField(max_length=12, choices=STATUSES)
    place = models.CharField(max_length=200)
    requester_name = models.CharField(max_length=60)
    holder_label = models.CharField(max_length=120)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=12, choices=CHANNELS)
    return_count = models.PositiveSmallIntegerField()
    area_path = models.CharField(max_length=200)
    holder_user_id = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "service_requests_servicerequest"


class Telling(models.Model):
    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE)
    told_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "service_requests_telling"
