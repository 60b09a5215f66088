"""What can come of handing a message over. An attempt has three outcomes, not two: taken, not taken, nobody knows."""

from __future__ import annotations


class Trouble(Exception):
    """A message was not certainly accepted; the text says why, in the provider's words.

    `reason` is our own code for it, one vocabulary for all providers. `retry_after` are the seconds that the other side
    wants to be left alone, 0 where it did not say.
    """

    def __init__(self, said: str, *, reason: str = "", retry_after: float = 0.0) -> None:
        super().__init__(said)
        self.reason = reason
        self.retry_after = retry_after


class Refused(Trouble):
    """Not accepted, and asking again would not help: a wrong number, a full stop, a bad address."""


class NotNow(Trouble):
    """Not accepted, and it may be tried again: the provider is busy, away, or does not know our account."""


class InDoubt(Trouble):
    """The connection ended between our last word and the answer: the provider may have it or not."""
