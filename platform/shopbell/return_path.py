"""The envelope addresses that a chain's mail comes back to: each names the chain and the message, and is signed.

They are made of letters and digits of one case, as some mail servers change the case of addresses, and fit into the 64
letters before an @ (RFC 5321).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shopbell.crypto import BadToken, Signer

Kind = Literal["b", "u"]
"""What comes to the address: bounces and complaints, or mail that says one wants no more."""
PURPOSE = "return path"
MAC_BYTES = 6
"""A forger has to try 2^47 mails for one address; what they could do then is say that it bounces."""
LENGTH = 61
_ADDRESS = re.compile(rb"\b([bu][a-z2-7]{61})@", re.IGNORECASE)


@dataclass(frozen=True)
class Returned:
    """What an address of ours is about."""

    kind: Kind
    tenant_id: UUID
    message_id: UUID


def address(signer: Signer, kind: Kind, tenant_id: UUID, message_id: UUID, domain: str) -> str:
    """The address for a message."""
    body = tenant_id.bytes + message_id.bytes
    mac = signer.stamp(PURPOSE, kind.encode() + body, MAC_BYTES)
    return f"{kind}{base64.b32encode(body + mac).decode().rstrip('=').lower()}@{domain}"


def read(signer: Signer, text: str) -> Returned:
    """What an address, or its part before the @, is about. Raises BadToken for any that is not ours."""
    local = text.partition("@")[0].lower()
    kind, encoded = local[:1], local[1:]
    try:
        data = base64.b32decode(encoded.upper() + "=" * (-len(encoded) % 8)) if len(encoded) == LENGTH else b""
    except binascii.Error:
        data = b""
    body, mac = data[:32], data[32:]
    if kind not in ("b", "u") or not signer.is_stamp(PURPOSE, kind.encode() + body, MAC_BYTES, mac):
        raise BadToken("This is no address that mail of ours comes back to.")
    return Returned("b" if kind == "b" else "u", UUID(bytes=body[:16]), UUID(bytes=body[16:]))


def within(signer: Signer, raw: bytes) -> Iterator[Returned]:
    """What the addresses of ours that a mail speaks of are about, in their order."""
    for found in _ADDRESS.finditer(raw):
        try:
            yield read(signer, found.group(1).decode())
        except BadToken:
            continue
