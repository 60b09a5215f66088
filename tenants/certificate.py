"""Statements of this installation that others can check: JSON, signed with Ed25519 by a key made of its secret."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shopbell import runtime


@dataclass(frozen=True)
class Certificate:
    """`text` is signed as it stands: whoever keeps it keeps it unchanged. It names the key that checks it."""

    text: str
    signature: str

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found

    def to_json(self) -> str:
        """One file with both."""
        return json.dumps({"certificate": self.text, "signature": self.signature}, ensure_ascii=False, indent=1)


def issue(said: dict[str, Any]) -> Certificate:
    key = _key(runtime.settings().secret_key)
    text = json.dumps({**said, "key": _encoded(key.public_key())}, ensure_ascii=False, sort_keys=True)
    return Certificate(text, base64.b64encode(key.sign(text.encode())).decode())


def is_ours(certificate: Certificate) -> bool:
    """Whether this installation, with a secret key that it has, said exactly this."""
    settings = runtime.settings()
    return any(_made_by(key, certificate) for key in (settings.secret_key, *settings.earlier_secret_keys))


def _made_by(secret_key: str, certificate: Certificate) -> bool:
    try:
        _key(secret_key).public_key().verify(base64.b64decode(certificate.signature), certificate.text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(secret_key: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hmac.digest(b"shopbell certificates", secret_key.encode(), "sha256"))


def _encoded(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes_raw()).decode()
