"""The secret link by which somebody without an account reaches their request.

The secret is derived from the request's id under the instance's key: it can be printed again by those who may, while a
copy of the database alone, which holds only its digest, opens nothing.
"""

from __future__ import annotations

import hashlib

from mulin.base.crypto import blind_index


def link_secret(public_id: str) -> str:
    """The secret of a request's link, 132 bits, safe in an address."""
    return blind_index(public_id, "service_request.link")


def link_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
