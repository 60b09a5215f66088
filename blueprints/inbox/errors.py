"""What the inbox refuses, by name."""

from __future__ import annotations

from shopbell.errors import Invalid, NotFound
from shopbell.text import N_


class UnknownConversation(NotFound):
    code = "unknown_conversation"
    title = N_("There is no such conversation")


class BadAnswer(Invalid):
    code = "bad_answer"
    title = N_("The answer cannot be sent like this")
