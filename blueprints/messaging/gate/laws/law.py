"""What a country asks of advertising by message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

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
        return not labels or text.lstrip().upper().startswith(labels)

    def refusable(self, channel: str, text: str) -> bool:
        """Whether the last words tell how to refuse: what to reply, or a page of ours."""
        last = text.rstrip().rpartition("\n\n")[2] if channel == "email" else text.rstrip()
        if _OUR_PAGE.search(last):
            return True
        return channel == "sms" and any(self._asks_for(answer).search(last) for answer in self.answers)

    def _asks_for(self, answer: str) -> re.Pattern[str]:
        return re.compile(rf"(?<![A-Z]){answer}(?![A-Z])[^\n]{{0,{LONGEST_REST}}}$", re.IGNORECASE)


LONGEST_REST = 24
"""Characters that may follow what to reply: a short number, a full stop, "to refuse"."""
_OUR_PAGE = re.compile(rf"https?://\S+({PREFERENCES}|{UNSUBSCRIBE})\S+[^\n]{{0,{LONGEST_REST}}}$", re.MULTILINE)
