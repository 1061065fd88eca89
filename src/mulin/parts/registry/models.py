"""One row a person, a household, a dwelling; where each came from stands in its source."""

from __future__ import annotations

from django.db import models

from mulin.base.fields import AreaPathField, EncryptedTextField
from mulin.base.ids import new_public_id


class Source(models.Model):
    """Where facts came from: an import, a visit, a self-report, a department; on which day."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    on = models.DateField()
    import_run = models.ForeignKey("base.ImportRun", null=True, blank=True, on_delete=models.SET_NULL)

    def __str__(self) -> str:
        return self.name


class Dwelling(models.Model):
    """One flat or house. `area` is the building, or the nearest area known."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="dwellings")
    area_path = AreaPathField(db_index=True)
    unit = models.CharField(max_length=20, blank=True)
    room = models.CharField(max_length=20)
    address = models.CharField(max_length=200)
    floor_area_m2 = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["area", "unit", "room"], name="dwelling_door")]

    def __str__(self) -> str:
        return self.address


class Household(models.Model):
    """People who live and keep house together in one dwelling."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    dwelling = models.ForeignKey(
        Dwelling, null=True, blank=True, on_delete=models.PROTECT, related_name="households"
    )
    area_path = AreaPathField(db_index=True)
    number = models.CharField(max_length=30, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.number or self.public_id


class Person(models.Model):
    """One person. Sex is GB/T 2261.1 (0 unknown, 1 male, 2 female, 9 not stated). No ethnicity, religion or politics.

    Personal data: everything. ID number and phone are encrypted and found by blind indexes; kept while the person lives
    in the county and as long after as the retention setting says.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    name = models.CharField(max_length=60)
    id_number = EncryptedTextField(blank=True, default="")
    id_number_index = models.CharField(max_length=22, blank=True, default="", db_index=True)
    id_number_tail = models.CharField(max_length=4, blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=22, blank=True, default="", db_index=True)
    phone_tail = models.CharField(max_length=4, blank=True, default="")
    sex = models.CharField(max_length=1, default="0")
    birth_date = models.DateField(null=True, blank=True)
    household = models.ForeignKey(
        Household, null=True, blank=True, on_delete=models.SET_NULL, related_name="members"
    )
    relation_to_head = models.CharField(max_length=20, blank=True)
    area_path = AreaPathField(db_index=True)
    user = models.OneToOneField(
        "identity.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["area_path", "name"], name="person_place_name")]

    def __str__(self) -> str:
        return self.public_id
