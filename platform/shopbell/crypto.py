"""Tokens: signed ones that carry their content and expire, and random ones of which only the hash is kept. And seals.

Every purpose has a key of its own, derived from the one secret, so a token made for one thing never opens another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import struct
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shopbell.tenancy import tenant_or_none

_SALT = b"shopbell token keys"
_NONCE_BYTES = 12
_COMPACT_MAC_BYTES = 12
_COMPACT = struct.Struct(">16sI")


class BadToken(ValueError):
    """Not a token of ours, altered, or made for another purpose."""


class ExpiredToken(BadToken):
    """A genuine token whose time is over."""


class Signer:
    """Signs and reads tokens. Not encrypted: whoever holds a token can read what is in it."""

    def __init__(self, secret_key: str) -> None:
        if not secret_key:
            raise ValueError("Signing needs a secret key.")
        self._root = hmac.digest(_SALT, secret_key.encode(), "sha256")

    def sign(self, purpose: str, payload: dict[str, Any], expires_at: datetime) -> str:
        """A URL-safe token carrying the JSON payload until that instant (whole seconds)."""
        content = {"expires": _seconds(expires_at), "payload": payload}
        body = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        return f"{_encode(body)}.{_encode(self._mac('json', purpose, body))}"

    def read(self, purpose: str, token: str, at: datetime) -> dict[str, Any]:
        """The payload, if the token is ours, for this purpose and not yet expired. Raises BadToken, ExpiredToken."""
        body_text, _, mac_text = token.partition(".")
        body = _decode(body_text)
        if not hmac.compare_digest(_decode(mac_text), self._mac("json", purpose, body)):
            raise BadToken("The token is not valid.")
        content = json.loads(body)
        _refuse_expired(content["expires"], at)
        payload: dict[str, Any] = content["payload"]
        return payload

    def sign_compact(self, purpose: str, uuid: UUID, expires_at: datetime) -> str:
        """A token of 43 characters for one id: short enough for a link in a text message.

        Expires before the year 2106; raises ValueError for a later instant.
        """
        seconds = _seconds(expires_at)
        if not 0 <= seconds < 1 << 32:
            raise ValueError("A compact token expires between 1970 and 2106.")
        body = _COMPACT.pack(uuid.bytes, seconds)
        return _encode(body + self._mac("compact", purpose, body)[:_COMPACT_MAC_BYTES])

    def read_compact(self, purpose: str, token: str, at: datetime) -> UUID:
        """The id in a compact token of this purpose. Raises BadToken, ExpiredToken."""
        content = _decode(token)
        body, mac = content[: _COMPACT.size], content[_COMPACT.size :]
        if not hmac.compare_digest(mac, self._mac("compact", purpose, body)[:_COMPACT_MAC_BYTES]):
            raise BadToken("The token is not valid.")
        uuid_bytes, seconds = _COMPACT.unpack(body)
        _refuse_expired(seconds, at)
        return UUID(bytes=uuid_bytes)

    def stamp(self, purpose: str, body: bytes) -> bytes:
        """A keyed hash of 32 bytes for this purpose, for tokens of a shape of their own."""
        return self._mac("stamp", purpose, body)

    def _mac(self, form: str, purpose: str, body: bytes) -> bytes:
        """HMAC-SHA256 under the HKDF key (RFC 5869, one block) of this form of token and this purpose."""
        key = hmac.digest(self._root, f"{form}:{purpose}".encode() + b"\x01", "sha256")
        return hmac.digest(key, body, "sha256")


class Sealer:
    """Seals texts that have to be read again (AES-256-GCM). Each purpose has a key of its own.

    What was sealed in a tenant, or in none, with a `context`, opens only there and with it.
    """

    def __init__(self, secret_key: str, purpose: str) -> None:
        root = hmac.digest(_SALT, secret_key.encode(), "sha256")
        self._cipher = AESGCM(hmac.digest(root, f"seal:{purpose}".encode() + b"\x01", "sha256"))

    def seal(self, context: str, text: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _encode(nonce + self._cipher.encrypt(nonce, text.encode(), _bound(context)))

    def open(self, context: str, sealed: str) -> str:
        """Raises BadToken for what was not sealed by this key, in this tenant and context."""
        data = _decode(sealed)
        try:
            return self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _bound(context)).decode()
        except (InvalidTag, ValueError):
            raise BadToken("The text was not sealed here.") from None


def _bound(context: str) -> bytes:
    tenant = tenant_or_none()
    return f"{tenant.id if tenant else ''}:{context}".encode()


def new_token() -> str:
    """A random URL-safe secret of 256 bits in 43 characters. Store hash_token() of it, never the token."""
    return secrets.token_urlsafe(32)


def hash_token(text: str) -> str:
    """SHA-256 in hex, by which a random token is found again. Too fast for passwords."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _seconds(instant: datetime) -> int:
    if instant.utcoffset() is None:
        raise ValueError("An instant needs an offset from UTC.")
    return int(instant.timestamp())


def _refuse_expired(seconds: int, at: datetime) -> None:
    if at.timestamp() >= seconds:
        raise ExpiredToken("The token has expired.")


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    """Raises BadToken for anything _encode would not have written, so that a token has one spelling only."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadToken("The token is not valid.") from None
    if _encode(data) != text:
        raise BadToken("The token is not valid.")
    return data
