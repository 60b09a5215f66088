"""Pure rules: which topics there are, whom they concern, how often they are told, and how an address looks in part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from shopbell.text import N_

KINDS = ("email", "sms", "wecom", "dingtalk", "feishu", "lark", "slack", "teams", "telegram")
CHATS = KINDS[2:]
LEVELS = ("chain", "region", "branch", "user")
PAUSE = timedelta(minutes=30)
"""How long what happens again at a place is only counted."""
KEPT = timedelta(days=60)
MOST_CHANNELS = 30
LONGEST_LABEL = 60
#: Seconds until a delivery that nobody took is tried again; after the last one it is given up.
RETRY_SECONDS = (30, 120, 600, 1800, 7200)


@dataclass(frozen=True)
class Topic:
    """A kind of thing that staff have to know.

    It concerns those who hold `permission` at its place; without one it is about a person's own account, and theirs
    alone. `title` and `said` are msgids, `said` with the names of its facts. `endpoint` is the page that says more.
    """

    title: str
    said: str
    permission: str
    endpoint: str
    pause: timedelta = PAUSE

    @property
    def is_personal(self) -> bool:
        return not self.permission


TOPICS = {
    "booking_request": Topic(
        N_("A booking request is waiting"),
        N_("Somebody asks for %(service)s. They are told as soon as you accept or decline."),
        "frontdesk.use",
        "",
        timedelta(minutes=5),
    ),
    "reply_waiting": Topic(
        N_("A reply is waiting"), N_("A customer wrote back and waits for an answer."), "messaging.read", ""
    ),
    "message_given_up": Topic(
        N_("A message could not be delivered"),
        N_("A message was given up: %(reason)s. It can be sent again by hand."),
        "messaging.read",
        "",
    ),
    "provider_trouble": Topic(
        N_("A provider of text messages has trouble"),
        N_("%(account)s answers with errors or late. Messages take another way, if there is one."),
        "messaging.read",
        "",
    ),
    "budget_nearly_used": Topic(
        N_("The message budget is nearly used"),
        N_("%(percent)s %% of the budget for messages is used."),
        "messaging.read",
        "",
        timedelta(days=1),
    ),
    "quota_nearly_used": Topic(
        N_("A limit of your plan is nearly reached"),
        N_("%(percent)s %% of what your plan allows is used: %(what)s."),
        "hq.read",
        "hq.overview",
        timedelta(days=1),
    ),
    "new_sign_in": Topic(
        N_("Somebody signed in with your account from a new place"),
        N_("If it was not you, change your password and sign out everywhere."),
        "",
        "",
    ),
}


def next_try(attempts: int) -> timedelta | None:
    """After how long a delivery that was tried so often is tried again; None when it is given up."""
    return timedelta(seconds=RETRY_SECONDS[attempts - 1]) if attempts <= len(RETRY_SECONDS) else None
