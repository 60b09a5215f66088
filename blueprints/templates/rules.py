"""Pure rules: which facts a message lists on each occasion, and how names stand in it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LOCALES = ("zh-CN", "en", "vi")


@dataclass(frozen=True)
class Wording:
    """What a message of an occasion consists of.

    `rows` are the facts it lists, `action` the words on its button, `policy` the terms it repeats. `struck`: what it
    lists first will not take place.
    """

    rows: tuple[str, ...] = ("when", "where", "what", "who", "number")
    action: str = "manage"
    policy: tuple[str, ...] = ()
    struck: bool = False


TERMS = ("deadline", "deposit", "late_fee", "no_show_fee")
LISTED = ("when", "where", "what", "who")

WORDINGS = {
    "confirmation": Wording(policy=("series", *TERMS)),
    "change": Wording(policy=("deadline",)),
    "cancellation": Wording(action="again", struck=True),
    "part_cancelled": Wording(),
    "reminder": Wording(policy=("deadline",)),
    "request": Wording(policy=("series", *TERMS)),
    "review": Wording(),
    "calendar": Wording(rows=()),
    "declined": Wording(action="again"),
    "offer": Wording(rows=LISTED),
    "offer_gone": Wording(rows=LISTED),
    "wish_joined": Wording(rows=("what", "who", "where", "days")),
    "invitation": Wording(rows=()),
    "password_link": Wording(rows=()),
    "password_forgotten": Wording(rows=()),
    "sign_in_code": Wording(rows=()),
    "sign_up": Wording(rows=()),
}
NAMES = tuple(WORDINGS)
"""Every occasion there are words for."""


def chain_name(name: str, locale: str) -> str:
    """A chain's name in two scripts ("Lumi Optik 明眸眼镜") as one language writes it; any other name as it is."""
    words = name.split()
    latin = [word for word in words if not _is_han(word)]
    han = [word for word in words if _is_han(word)]
    if not latin or not han:
        return name
    return " ".join(han if locale == "zh-CN" else latin)


def branch_name(branch: str, chain: str) -> str:
    """A branch's name without the chain's in front of it, for texts that have just named the chain."""
    short = branch.removeprefix(chain).strip(" ·-–—")
    return short or branch


def _is_han(word: str) -> bool:
    return any(unicodedata.name(letter, "").startswith("CJK UNIFIED") for letter in word)
