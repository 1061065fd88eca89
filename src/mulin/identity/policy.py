"""What a route demands of whoever asks. Each part lists its routes in `policies.py`; a route in no list is denied."""

from __future__ import annotations

from dataclasses import dataclass

from mulin.identity.access import Actor


@dataclass(frozen=True)
class Policy:
    """`anyone`: open to all. Otherwise the actor must be signed in and hold at least one of `permissions`, if any."""

    anyone: bool = False
    permissions: tuple[str, ...] = ()

    def allows(self, actor: Actor) -> bool:
        if self.anyone:
            return True
        if not (actor.is_signed_in or actor.is_system):
            return False
        return not self.permissions or actor.may_any(self.permissions)


def anyone() -> Policy:
    """No account needed. The view itself must check any secret that the address carries."""
    return Policy(anyone=True)


def signed_in() -> Policy:
    """Any account; the view reaches only what belongs to the account."""
    return Policy()


def needs(*permissions: str) -> Policy:
    """An account that holds at least one of `permissions` somewhere; the doorway checks the object's own area."""
    return Policy(permissions=permissions)
