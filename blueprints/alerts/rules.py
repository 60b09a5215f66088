"""Pure rules: which topics there are, whom they concern, how often they are told, when a delivery is tried again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from shopbell.text import N_

KINDS = ("email", "sms", "wecom", "dingtalk", "feishu", "lark", "slack", "teams", "telegram")
CHATS = KINDS[2:]
WITH_EXTRA = ("dingtalk", "telegram")
"""Those whose address is two things: a secret or a chat goes with it."""
LEVELS = ("chain", "region", "branch", "user")
PAUSE = timedelta(minutes=30)
"""How long what happens again at a place is only counted."""
KEPT = timedelta(days=60)
MOST_CHANNELS = 40
MOST_OWN_CHANNELS = 5
LONGEST_LABEL = 60
LONGEST_ADDRESS = 2000
RETRY_SECONDS = (30, 120, 600, 1800, 7200)
"""Until a delivery that nobody took is tried again; after the last one it is given up."""
TEST = "test"


@dataclass(frozen=True)
class Topic:
    """A kind of thing that staff have to know.

    It concerns those who hold `permission` at its place; without one it is about a person's own account, and theirs
    alone. `title` and `said` are msgids, `said` with the names of its facts in it.
    """

    title: str
    said: str
    permission: str = ""
    pause: timedelta = PAUSE


TOPICS = {
    "booking_request": Topic(
        N_("A booking request is waiting"),
        N_("A customer asked for an appointment and waits for an answer."),
        "alerts.bookings",
        timedelta(minutes=5),
    ),
    "reply_waiting": Topic(
        N_("A reply is waiting"),
        N_("A customer answered one of our messages, and somebody has to read it."),
        "alerts.bookings",
        timedelta(minutes=5),
    ),
    "message_given_up": Topic(
        N_("A message could not be delivered"),
        N_("A message to a customer was given up. It can be sent again by hand."),
        "alerts.messages",
    ),
    "provider_trouble": Topic(
        N_("A provider of text messages has trouble"),
        N_("%(account)s fails or is slow. Messages take another way, where there is one."),
        "alerts.messages",
    ),
    "budget_nearly_used": Topic(
        N_("The budget for messages is nearly used"),
        N_("%(percent)s %% of this month's budget for messages is used."),
        "alerts.messages",
        timedelta(days=1),
    ),
    "quota_nearly_used": Topic(
        N_("A limit of the plan is nearly reached"),
        N_("%(percent)s %% of what the plan allows is used."),
        "alerts.chain",
        timedelta(days=1),
    ),
    "new_sign_in": Topic(
        N_("Somebody signed in with your account from a new place"),
        N_("If it was not you, change your password and end all sessions."),
    ),
    TEST: Topic(N_("This is a test"), N_("Alerts from Shopbell arrive here."), pause=timedelta(0)),
}
SHARED = tuple(name for name, topic in TOPICS.items() if topic.permission)
"""What a channel of the chain, a region or a branch may carry."""
OWN = (*SHARED, "new_sign_in")
"""What somebody may have sent to themselves."""


def may_carry(level: str) -> tuple[str, ...]:
    """The topics that a channel of a level may carry."""
    return OWN if level == "user" else SHARED


def concerning(permissions: Collection[str]) -> list[str]:
    """The topics that concern whoever holds these permissions somewhere, besides those of their own account."""
    return [name for name, topic in TOPICS.items() if topic.permission in permissions]


def next_try(attempts: int) -> timedelta | None:
    """After how long a delivery that was tried so often is tried again; None when it is given up."""
    return timedelta(seconds=RETRY_SECONDS[attempts - 1]) if attempts <= len(RETRY_SECONDS) else None
