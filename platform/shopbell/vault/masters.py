"""Master keys: what wraps the tenants' data keys. They are in the settings, and never in the database."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,40}")


class NoSuchMaster(Exception):
    """Data keys are wrapped by a master key that this installation does not have."""


class BadMasters(ValueError):
    """SHOPBELL_MASTER_KEYS cannot be read; says why, and never what was in it."""


class Masters(Protocol):
    """Whoever wraps data keys: the settings, or a key management service that never gives its key away."""

    @property
    def newest(self) -> str:
        """The name of the key that wraps from now on."""

    def wrap(self, context: bytes, key: bytes) -> bytes:
        """The key under the newest master key; unwrapped only with the same context."""

    def unwrap(self, name: str, context: bytes, wrapped: bytes) -> bytes:
        """Raises NoSuchMaster when the named key is not there or is not the one that wrapped this."""


class HeldMasters:
    """Master keys that the process itself holds, the newest first."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self.newest = next(iter(keys))

    def wrap(self, context: bytes, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._ciphers[self.newest].encrypt(nonce, key, context)

    def unwrap(self, name: str, context: bytes, wrapped: bytes) -> bytes:
        try:
            return self._ciphers[name].decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except (KeyError, InvalidTag, ValueError):
            raise NoSuchMaster(f"SHOPBELL_MASTER_KEYS does not hold the master key {name!r} of these data") from None


def read(text: str) -> dict[str, bytes]:
    """`name:base64` pairs, parted by commas or white space, the newest first. Raises BadMasters."""
    found: dict[str, bytes] = {}
    for pair in text.replace(",", " ").split():
        name, colon, encoded = pair.partition(":")
        if not colon or not NAME.fullmatch(name) or name in found:
            raise BadMasters("each key needs a name of its own, of small letters and digits, before a colon")
        found[name] = _decoded(name, encoded)
    return found


def new(name: str) -> str:
    """A fresh master key as SHOPBELL_MASTER_KEYS takes it. Raises BadMasters for a name it does not take."""
    if not NAME.fullmatch(name):
        raise BadMasters("a key's name is made of small letters, digits, dots and hyphens")
    return f"{name}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def _decoded(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadMasters(f"the key {name} is not {KEY_BYTES} bytes in base64")
    return key
