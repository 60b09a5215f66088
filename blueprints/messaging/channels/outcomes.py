"""What can come of handing a message over. An attempt has three outcomes, not two: taken, not taken, nobody knows."""

from __future__ import annotations


class Trouble(Exception):
    """A message was not certainly accepted; the text says why, in the provider's words."""


class Refused(Trouble):
    """Not accepted, and asking again would not help: a wrong number, a full stop, a bad address."""


class NotNow(Trouble):
    """Not accepted, and it may be tried again: the provider is busy, away, or does not know our account."""


class InDoubt(Trouble):
    """The connection ended between our last word and the answer: the provider may have it or not."""
