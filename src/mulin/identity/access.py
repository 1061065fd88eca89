"""Who may do what, where: the one place that answers it.

An `Actor` is what a request, a token or a job acts as. Its scopes are (permission set, area path) pairs; a permission
holds below the path of the scope that carries it, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from mulin.base.paths import is_below, within


@dataclass(frozen=True)
class Scope:
    """One role held in one area."""

    role: str
    permissions: frozenset[str]
    area_path: str
    home: str = "resident"


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a user, nobody (anonymous), or the system itself (`is_system`, used by jobs and commands)."""

    user_id: int | None = None
    public_id: str = ""
    name: str = ""
    scopes: tuple[Scope, ...] = ()
    is_system: bool = False
    token_scopes: frozenset[str] | None = field(default=None)
    must_change_password: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(scope.role for scope in self.scopes)

    def carries(self, permission: str) -> bool:
        """Whether `permission` may be used at all: a key does only what its scopes name, whatever its owner may do."""
        return self.token_scopes is None or permission in self.token_scopes

    def paths(self, permission: str) -> list[str]:
        """The area paths below which this actor holds `permission`."""
        if not self.carries(permission):
            return []
        if self.is_system:
            return [""]
        return [scope.area_path for scope in self.scopes if permission in scope.permissions]

    def may(self, permission: str, area_path: str | None = None) -> bool:
        """Whether the actor holds `permission` over `area_path`, or anywhere when no path is given."""
        paths = self.paths(permission)
        return bool(paths) if area_path is None else any(is_below(area_path, path) for path in paths)

    def may_any(self, permissions: Iterable[str]) -> bool:
        return any(self.may(permission) for permission in permissions)

    def filter(self, permission: str, field: str = "area_path") -> Q:
        """The rows this actor may see by `permission`: one range test an area it is granted."""
        return within(self.paths(permission), field)


ANONYMOUS = Actor()
SYSTEM = Actor(name="系统", is_system=True)
