"""Field encryption and blind indexes.

A stored value reads `aesgcm.<key id>.<base64 of nonce, ciphertext and tag>`: algorithm and key stand in every value, so
that keys can be changed while old values stay readable. Keys lie in MULIN_HOME/keys/field-<id> (or in the variable
MULIN_FIELD_KEY, base64), made on first use.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from mulin.kernel.errors import Unavailable

ALGORITHM = "aesgcm"
CURRENT_KEY_ID = "k1"
NONCE_BYTES = 12
BLIND_INDEX_LENGTH = 22


def encrypt(text: str) -> str:
    """Encrypt under the current key; the same text gives another value each time."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher(CURRENT_KEY_ID).encrypt(nonce, text.encode(), None)
    return f"{ALGORITHM}.{CURRENT_KEY_ID}.{base64.b64encode(nonce + sealed).decode()}"


def decrypt(value: str) -> str:
    """The text behind `value`; raises Unavailable when the key is missing or the value was tampered with."""
    try:
        _, key_id, body = value.split(".", 2)
        raw = base64.b64decode(body)
        return cipher(key_id).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None).decode()
    except (ValueError, InvalidTag) as error:
        raise Unavailable(
            zh="有一项加密信息无法解开，请联系系统管理员检查密钥。",
            en="An encrypted value cannot be read. Ask the system administrator to check the keys.",
            code="decryption-failed",
        ) from error


def blind_index(text: str, purpose: str) -> str:
    """A keyed digest by which equal values can be found; `purpose` keeps columns from being joined to one another."""
    digest = hmac.new(index_key(), f"{purpose}\0{text}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:BLIND_INDEX_LENGTH]


@cache
def cipher(key_id: str) -> AESGCM:
    return AESGCM(field_key(key_id))


@cache
def index_key() -> bytes:
    return hmac.new(field_key(CURRENT_KEY_ID), b"mulin blind index", hashlib.sha256).digest()


@cache
def field_key(key_id: str) -> bytes:
    given = os.environ.get("MULIN_FIELD_KEY")
    return (
        base64.b64decode(given) if given else kept_key(Path(settings.MULIN_HOME) / "keys" / f"field-{key_id}")
    )


def kept_key(path: Path) -> bytes:
    """The 256-bit key in `path`, made on first use. Losing the file loses the values: it belongs into every backup."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(32))
    return path.read_bytes()
