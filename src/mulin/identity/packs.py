"""Roles from packs: `<pack>/roles.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mulin.base.packs import Applied, BilingualName, Entry, PackError, PackModel, Section, store_rows
from mulin.identity.models import Role
from mulin.kernel.errors import Text

# Every permission there is. A role that names another one would give a right that nothing asks for.
PERMISSIONS = frozenset(
    {
        "areas.view",
        "areas.manage",
        "posts.manage",
        "users.view",
        "users.manage",
        "grants.manage",
        "audit.view",
        "registry.view",
        "registry.look",
        "registry.import",
        "partners.view",
        "partners.look",
        "partners.manage",
        "partner.act",
        "requests.view",
        "requests.take_in",
        "requests.dispatch",
        "requests.handle",
        "requests.close",
        "requests.look",
        "requests.export",
        "requests.import",
        "requests.statistics",
        "settings.manage",
        "operations.view",
        "operations.manage",
        "packs.manage",
    }
)


class RoleEntry(PackModel):
    """One role. `excludes`: roles that nobody may hold together with it; `home`: where its holders land."""

    code: str
    name: BilingualName
    home: Literal["resident", "workbench", "partner"] = "resident"
    permissions: list[str]
    excludes: list[str] = []


def apply_roles(entries: Sequence[Entry[RoleEntry]]) -> Applied:
    """Roles that no pack names any more stay: grants may stand on them."""
    known = {entry.value.code for entry in entries} | set(Role.objects.values_list("code", flat=True))
    problems = [
        entry.problem(Text(zh=f"没有权限“{name}”。", en=f"There is no permission “{name}”."), "permissions")
        for entry in entries
        for name in entry.value.permissions
        if name not in PERMISSIONS
    ]
    problems += [
        entry.problem(Text(zh=f"没有角色“{code}”。", en=f"There is no role “{code}”."), "excludes")
        for entry in entries
        for code in entry.value.excludes
        if code not in known
    ]
    if problems:
        raise PackError(problems=problems)
    return store_rows(Role, [({"code": entry.value.code}, values_of(entry)) for entry in entries])


def values_of(entry: Entry[RoleEntry]) -> dict[str, object]:
    role = entry.value
    return {
        "name_zh": role.name.zh,
        "name_en": role.name.en,
        "home": role.home,
        "permissions": role.permissions,
        "excludes": role.excludes,
        "pack": entry.pack,
    }


role_section = Section(name="roles", schema=RoleEntry, apply=apply_roles, key=lambda role: role.code)
