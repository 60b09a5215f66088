"""Hashes that have a key: a million codes are tried in a second, and the table alone is to give nothing away."""

from __future__ import annotations

import hmac

from shopbell import runtime
from shopbell.tenancy import current_tenant


def hashed(text: str) -> str:
    """What is kept of a text, under the secret key of today."""
    return _hashes(text)[0]


def fits(text: str, kept: str | None) -> bool:
    """Whether this is what was kept, under the secret key of today or one before it."""
    return any(hmac.compare_digest(one, kept or "") for one in _hashes(text))


def _hashes(text: str) -> list[str]:
    settings = runtime.settings()
    said = f"{current_tenant().id}:{text}".encode()
    keys = (settings.secret_key, *settings.earlier_secret_keys)
    roots = (hmac.digest(b"shopbell customers' codes", key.encode(), "sha256") for key in keys)
    return [hmac.digest(root, said, "sha256").hex() for root in roots]
