"""The roles that come with the house."""

import pytest
from django.conf import settings

from mulin.base.pack_sections import settings_section
from mulin.base.packs import PackError, load_packs
from mulin.identity.attempts import ACCOUNT_LIMIT, ADDRESS_LIMIT, limit
from mulin.identity.models import Role
from mulin.identity.packs import PERMISSIONS, role_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def base_pack(tmp_path):
    (tmp_path / "base").mkdir()
    for name in ("roles.yaml", "settings/identity.yaml"):
        target = tmp_path / "base" / name
        target.parent.mkdir(exist_ok=True)
        target.write_text((settings.MULIN_PACKS / "base" / name).read_text())
    return tmp_path


def test_the_base_pack_brings_thirteen_roles_and_loading_it_again_changes_nothing(base_pack):
    sections = [role_section, settings_section]
    load_packs(base_pack, sections=sections)
    assert Role.objects.count() == 13
    assert not load_packs(base_pack, sections=sections).is_change
    assert {name for role in Role.objects.all() for name in role.permissions} == PERMISSIONS


def test_the_powers_of_the_three_administrators_are_apart(base_pack):
    load_packs(base_pack, sections=[role_section, settings_section])
    three = ["system_administrator", "security_administrator", "audit_administrator"]
    for role in Role.objects.filter(code__in=three):
        assert sorted([role.code, *role.excludes]) == sorted(three)
    holders = {name: set(Role.objects.get(code=name).permissions) for name in three}
    assert "grants.manage" not in holders["system_administrator"] | holders["audit_administrator"]
    assert "audit.view" not in holders["system_administrator"] | holders["security_administrator"]


def test_the_limits_of_the_pack_are_those_of_the_code(base_pack, world):
    load_packs(base_pack, sections=[role_section, settings_section])
    today = world.clock.today()
    assert limit("account", today, ADDRESS_LIMIT) == ACCOUNT_LIMIT
    assert limit("address", today, ACCOUNT_LIMIT) == ADDRESS_LIMIT


def test_a_permission_that_nothing_asks_for_is_named_with_its_line(base_pack):
    roles = base_pack / "base" / "roles.yaml"
    roles.write_text(roles.read_text().replace("registry.look", "registry.loook", 1))
    with pytest.raises(PackError) as caught:
        load_packs(base_pack, sections=[role_section, settings_section])
    assert "roles.yaml" in caught.value.problems[0].text.zh
    assert "registry.loook" in caught.value.problems[0].text.en
    assert not Role.objects.exists()
