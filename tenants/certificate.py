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
    key = _key()
    text = json.dumps({**said, "key": _encoded(key.public_key())}, ensure_ascii=False, sort_keys=True)
    return Certificate(text, base64.b64encode(key.sign(text.encode())).decode())


def is_ours(certificate: Certificate) -> bool:
    """Whether this installation, with the secret key it has now, said exactly this."""
    try:
        _key().public_key().verify(base64.b64decode(certificate.signature), certificate.text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _key() -> Ed25519PrivateKey:
    seed = hmac.digest(b"shopbell certificates", runtime.settings().secret_key.encode(), "sha256")
    return Ed25519PrivateKey.from_private_bytes(seed)


def _encoded(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes_raw()).decode()
