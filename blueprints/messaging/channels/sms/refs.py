"""What providers call a message, and how the same name may come back. Pure.

Through SMPP the name given at hand-over and the one in the receipt may differ in case, in leading zeros, or in that one
is hexadecimal and the other decimal. Numbers of recipients are told apart by keyed hashes.
"""

from __future__ import annotations

import hmac
import re
from uuid import UUID

HEX = re.compile(r"[0-9a-f]{1,20}")
MARK_BYTES = 8
REFERENCE = re.compile(r"([0-9a-f]{32})([0-9a-f]{32})")


def plain(ref: str) -> str:
    """A name without what makes no difference."""
    return ref.strip().lower().lstrip("0") or ref.strip()


def forms(ref: str) -> tuple[str, ...]:
    """All plain names under which a message may be known that somebody calls so, the likeliest first."""
    found = [plain(ref)]
    if HEX.fullmatch(found[0]):
        if found[0].isdigit():
            found.append(f"{int(found[0]):x}")
        found.append(str(int(found[0], 16)))
    return tuple(dict.fromkeys(found))


def reference(tenant_id: UUID, message_id: UUID) -> str:
    """What we call a message to providers."""
    return f"{tenant_id.hex}{message_id.hex}"


def read_reference(text: str) -> tuple[UUID, UUID] | None:
    """The tenant and the message of a reference of ours; None for anything else."""
    found = REFERENCE.fullmatch(text)
    return (UUID(found[1]), UUID(found[2])) if found else None


def number_mark(secret_key: str, number: str) -> int:
    """64 bits that stand for a number where it must not be kept; 0 for none."""
    digits = "".join(letter for letter in number if letter.isdigit())
    if not digits:
        return 0
    mac = hmac.digest(b"sms number" + secret_key.encode(), digits.encode(), "sha256")
    return int.from_bytes(mac[:MARK_BYTES], "big", signed=True)
