"""What a report says, whoever made it and in whatever form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from shopbell.text import one_line

Kind = Literal["bounce", "late", "delivered", "complaint", "unsubscribe", "answer", "unreadable"]
"""It was given up; it is still being tried; it arrived; its reader calls it spam; its reader wants no more; a person or
their machine has answered; nobody can tell."""
LONGEST = 300
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")


@dataclass(frozen=True)
class Report:
    """`reason` is our code for it, `dead` says that the address will never work, and `said` are the words of the other
    side, without addresses in them."""

    kind: Kind
    reason: str = ""
    dead: bool = False
    said: str = ""


def without_addresses(text: str) -> str:
    """The words in one line, short, with no personal data of the most usual kind."""
    return _ADDRESS.sub("…", one_line(text[: 4 * LONGEST]))[:LONGEST]
