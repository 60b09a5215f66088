"""E-mail addresses, as far as one can tell without writing to them."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 254

# What may stand before and after the @; addresses with quotes or brackets are legal, unused and dangerous in headers.
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\".]+(?:\.[^\s@<>()\[\]\\,;:\".]+)*")


def mailbox(text: str) -> str | None:
    """The trimmed address in NFC, None for what cannot be one. Any script is; whether anybody reads it only a message
    can tell."""
    address = unicodedata.normalize("NFC", text).strip()
    local = address.partition("@")[0]
    if len(address) > LONGEST or not address.isprintable() or not _ADDRESS.fullmatch(address):
        return None
    return None if local.startswith(".") or local.endswith(".") or ".." in local else address


def public_mailbox(text: str) -> str | None:
    """A mailbox somewhere on the internet: a domain without a dot is a machine of one's own."""
    address = mailbox(text)
    return address if address and "." in address.partition("@")[2] else None
