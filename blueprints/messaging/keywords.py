"""What a reply says, when it says just one thing. Pure."""

from __future__ import annotations

import unicodedata
from typing import Literal

Keyword = Literal["confirm", "refuse", "stop", "start"]

HARD_STOPS = frozenset({"stop", "stop all", "stopall", "全部退订"})
"""Nothing at all any more, whatever they answer."""
STOPS = HARD_STOPS | frozenset(
    {
        "unsubscribe", "quit", "end", "revoke", "opt out", "optout",
        "退订", "退", "td", "t", "拒收", "取消订阅", "回td退订",
        "tc", "tu choi qc", "huy qc", "dung", "ngung",
    }
)  # fmt: skip
STARTS = frozenset({"start", "unstop", "订阅", "恢复订阅", "重新订阅", "dang ky", "dk"})
CONFIRMS = frozenset(
    {
        "c", "1", "y", "yes", "ok", "okay", "confirm",
        "确认", "是", "好", "好的", "可以", "会来", "来",
        "co", "dong y", "xac nhan", "x", "vang",
    }
)  # fmt: skip
REFUSES = frozenset(
    {
        "r", "2", "n", "no",
        "否", "不", "不来", "来不了", "拒绝", "取消",
        "k", "khong", "huy", "tu choi",
    }
)  # fmt: skip
IN_ADVERTISING = frozenset({"r", "n", "huy", "tu choi", "khong", "0", "拒绝", "取消"})
"""Under an advertisement these are asked for, and mean: no more of it (回R退订, HUY)."""
LONGEST = 20


def read(text: str, *, advertising: bool) -> Keyword | None:
    """What a text says as an answer to an advertisement, or to anything else; None for words that a person has to read.

    CANCEL is left to a person: half of those who write it mean their appointment.
    """
    word = plain(text)
    if len(word) > LONGEST:
        return None
    if word in STOPS or (advertising and word in IN_ADVERTISING):
        return "stop"
    if word in STARTS:
        return "start"
    if word in CONFIRMS:
        return "confirm"
    return "refuse" if word in REFUSES else None


def plain(text: str) -> str:
    """Small letters and figures of any width without accents and marks, in one line."""
    apart = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    kept = (letter if letter.isalnum() else " " for letter in apart if not unicodedata.combining(letter))
    return " ".join("".join(kept).split())
