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
from contextlib import suppress
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
    """Signs and reads tokens. Not encrypted: whoever holds a token can read what is in it.

    Signs by the secret key, and reads what was signed by the `earlier` ones, too.
    """

    def __init__(self, secret_key: str, *earlier: str) -> None:
        if not secret_key:
            raise ValueError("Signing needs a secret key.")
        self._roots = [_root(key) for key in (secret_key, *earlier)]

    def sign(self, purpose: str, payload: dict[str, Any], expires_at: datetime) -> str:
        """A URL-safe token carrying the JSON payload until that instant (whole seconds)."""
        content = {"expires": _seconds(expires_at), "payload": payload}
        body = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        return f"{_encode(body)}.{_encode(self._mac('json', purpose, body))}"

    def read(self, purpose: str, token: str, at: datetime) -> dict[str, Any]:
        """The payload, if the token is ours, for this purpose and not yet expired. Raises BadToken, ExpiredToken."""
        body_text, _, mac_text = token.partition(".")
        body = _decode(body_text)
        self._check("json", purpose, body, _decode(mac_text))
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
        self._check("compact", purpose, body, mac)
        uuid_bytes, seconds = _COMPACT.unpack(body)
        _refuse_expired(seconds, at)
        return UUID(bytes=uuid_bytes)

    def stamp(self, purpose: str, body: bytes, length: int) -> bytes:
        """A keyed hash of so many bytes, for tokens of a shape of their own."""
        return self._mac("stamp", purpose, body)[:length]

    def is_stamp(self, purpose: str, body: bytes, length: int, given: bytes) -> bool:
        """Whether `stamp` made this, by whichever of the keys."""
        stamps = [_mac(root, "stamp", purpose, body)[:length] for root in self._roots]
        return any(hmac.compare_digest(one, given) for one in stamps)

    def _check(self, form: str, purpose: str, body: bytes, mac: bytes) -> None:
        """Raises BadToken unless one of the keys made this MAC, or the beginning of it that compact tokens carry."""
        kept = _COMPACT_MAC_BYTES if form == "compact" else None
        found = [hmac.compare_digest(mac, _mac(root, form, purpose, body)[:kept]) for root in self._roots]
        if not any(found):
            raise BadToken("The token is not valid.")

    def _mac(self, form: str, purpose: str, body: bytes) -> bytes:
        return _mac(self._roots[0], form, purpose, body)


class Sealer:
    """Seals texts that have to be read again (AES-256-GCM). Each purpose has a key of its own.

    What was sealed in a tenant, or in none, with a `context`, opens only there and with it. Seals by the secret key,
    and opens what was sealed by the `earlier` ones, too.
    """

    def __init__(self, secret_key: str, purpose: str, *earlier: str) -> None:
        info = f"seal:{purpose}".encode() + b"\x01"
        self._ciphers = [AESGCM(hmac.digest(_root(key), info, "sha256")) for key in (secret_key, *earlier)]

    def seal(self, context: str, text: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _encode(nonce + self._ciphers[0].encrypt(nonce, text.encode(), _bound(context)))

    def open(self, context: str, sealed: str) -> str:
        """Raises BadToken for what was not sealed by one of these keys, in this tenant and context."""
        return self._opened(context, sealed)[0]

    def renewed(self, context: str, sealed: str) -> str | None:
        """The same sealed by the secret key; None for what is already. Raises BadToken like `open`."""
        text, cipher = self._opened(context, sealed)
        return None if cipher == 0 else self.seal(context, text)

    def _opened(self, context: str, sealed: str) -> tuple[str, int]:
        """The text, and which of the keys it was sealed by."""
        data = _decode(sealed)
        for number, cipher in enumerate(self._ciphers):
            with suppress(InvalidTag, ValueError):
                return cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _bound(context)).decode(), number
        raise BadToken("The text was not sealed here.")


def _root(secret_key: str) -> bytes:
    return hmac.digest(_SALT, secret_key.encode(), "sha256")


def _mac(root: bytes, form: str, purpose: str, body: bytes) -> bytes:
    """HMAC-SHA256 under the HKDF key (RFC 5869, one block) of this form of token and this purpose."""
    key = hmac.digest(root, f"{form}:{purpose}".encode() + b"\x01", "sha256")
    return hmac.digest(key, body, "sha256")


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
