"""What a country asks of advertising by message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from shopbell.spans import Span

DAY, WEEK = timedelta(days=1), timedelta(days=7)
PREFERENCES, UNSUBSCRIBE = "/preferences/", "/unsubscribe/"
"""Where the addresses on a chain's booking pages begin at which people refuse."""


@dataclass(frozen=True)
class Cap:
    """At most so many messages to one address within any stretch of that length."""

    most: int
    within: timedelta


@dataclass(frozen=True)
class Law:
    """The rules of a country, each by channel; what is not named is not regulated. `sources` say where it is written.

    `labels`: a text begins with one of them; of an e-mail, its subject. `refusal` are the words by which a text ends
    that tell how to refuse, by language; `answers` what people reply.
    """

    country: str
    sources: tuple[str, ...] = ()
    hours: Mapping[str, Span] = field(default_factory=dict)
    caps: Mapping[str, Cap] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refusal: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ("STOP",)

    def labelled(self, channel: str, text: str) -> bool:
        """Whether a text or a subject begins as it has to."""
        labels = self.labels.get(channel, ())
        return not labels or any(_begins(text.lstrip().upper(), label) for label in labels)

    def refusable(self, channel: str, text: str) -> bool:
        """Whether the last words tell how to refuse: what to reply, or where to say so."""
        last = text.rstrip().rpartition("\n\n")[2] if channel == "email" else text.rstrip()
        if _OUR_PAGE.search(last) or _TOLD_LINK.search(last):
            return True
        return channel == "sms" and any(_asks_for(answer).search(last) for answer in self.answers)


LONGEST_REST = 24
"""Characters that may follow what to reply: a short number, a full stop, "to refuse"."""
_OUR_PAGE = re.compile(rf"https?://\S+({PREFERENCES}|{UNSUBSCRIBE})\S+[^\n]{{0,{LONGEST_REST}}}$", re.MULTILINE)
_TOLD_LINK = re.compile(
    r"(refuse|unsubscribe|opt[ -]?out|stop|退订|拒收|từ chối|tu choi|hủy|huy)[^\w\n]{0,3}https?://\S+$", re.IGNORECASE
)
_REPLY = r"(?:回复?|reply|text|soạn|soan|trả lời|tra loi|nhắn|nhan)\s*"
_SHORT = 2
"""Answers of so few letters are told from other words by what stands before them."""


def _begins(text: str, label: str) -> bool:
    """A label of letters ends where no further letter follows: "Adidas" is not marked as advertising."""
    follows = text[len(label) :][:1]
    return text.startswith(label) and not (label.isascii() and label.isalpha() and "A" <= follows <= "Z")


@cache
def _asks_for(answer: str) -> re.Pattern[str]:
    before = _REPLY if len(answer) <= _SHORT and answer.isascii() else r"(?<![A-Z])"
    return re.compile(rf"{before}{answer}(?![A-Z])[^\n]{{0,{LONGEST_REST}}}$", re.IGNORECASE)
