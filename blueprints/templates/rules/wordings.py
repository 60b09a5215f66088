"""Pure rules: which facts a message lists on each occasion, and how names stand in it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

CHANNELS = ("sms", "email")
LOCALES = ("zh-CN", "en", "vi")


EVERYWHERE = ("chain", "customer", "link", "home")
PLACE = ("branch", "branch_short", "address", "phone", "service", "person")
WHEN = ("day_short", "day_long", "time", "end_time", "zone")
VISIT = (*EVERYWHERE, *PLACE, *WHEN, "ref", "deadline")
PRICED = (*VISIT, "more", "series", "deposit", "late_fee", "no_show_fee")
OFFER = (*EVERYWHERE, *PLACE, *WHEN, "until")
ACCOUNT = (*EVERYWHERE, "deadline")

DAY, TIME, LINK, CODE, TITLE = ("day_short", "day_long"), ("time",), ("link",), ("code",), ("title",)
SAID = ("said",)
SMS_PIECES, MAIL_PIECES = ("sms",), ("subject", "heading", "lead", "closing")
PIECES = {"sms": SMS_PIECES, "email": MAIL_PIECES}
"""What a text over a channel consists of; the rest of an e-mail is its frame."""


@dataclass(frozen=True)
class Wording:
    """What a message of an occasion consists of.

    `rows` are the facts it lists, `action` the words on its button, `policy` the terms it repeats. `struck`: what it
    lists first will not take place. `knows` are the variables that a text of it may name, and `needs` those that a text
    message has to, one of each group. One that is `marketing` carries the marks that the law demands.
    """

    rows: tuple[str, ...] = ("when", "where", "what", "who", "number")
    action: str = "manage"
    policy: tuple[str, ...] = ()
    struck: bool = False
    knows: tuple[str, ...] = VISIT
    needs: tuple[tuple[str, ...], ...] = (DAY, TIME, LINK)
    marketing: bool = False


TERMS = ("deadline", "deposit", "late_fee", "no_show_fee")
LISTED = ("when", "where", "what", "who")

WORDINGS = {
    "confirmation": Wording(policy=("series", *TERMS), knows=PRICED),
    "change": Wording(policy=("deadline",), knows=(*VISIT, "earlier")),
    "cancellation": Wording(action="again", struck=True, needs=(DAY, TIME)),
    "part_cancelled": Wording(needs=(DAY, TIME)),
    "reminder": Wording(policy=("deadline",)),
    "request": Wording(policy=("series", *TERMS), knows=PRICED),
    "review": Wording(needs=(LINK,)),
    "calendar": Wording(rows=(), needs=(LINK,), knows=EVERYWHERE),
    "declined": Wording(action="again", needs=(DAY, TIME)),
    "offer": Wording(rows=LISTED, knows=OFFER),
    "offer_gone": Wording(rows=LISTED, knows=OFFER, needs=(DAY, TIME)),
    "wish_joined": Wording(
        rows=("what", "who", "where", "days"),
        knows=(*EVERYWHERE, *PLACE, "days"),
        needs=(LINK,),
    ),
    "answer": Wording(
        rows=(), action="again", knows=("chain", "branch", "branch_short", "phone", "home", "said"), needs=(SAID,)
    ),
    "too_late": Wording(needs=(DAY, TIME)),
    "invitation": Wording(rows=(), knows=ACCOUNT, needs=(LINK,)),
    "password_link": Wording(rows=(), knows=ACCOUNT, needs=(LINK,)),
    "password_forgotten": Wording(rows=(), knows=ACCOUNT, needs=(LINK,)),
    "sign_in_code": Wording(rows=(), knows=("chain", "customer", "code", "deadline"), needs=(CODE,)),
    "sign_up": Wording(rows=(), knows=ACCOUNT, needs=(LINK,)),
    "staff_alert": Wording(rows=("where",), knows=(*EVERYWHERE, "branch", "title", "said"), needs=(TITLE,)),
}
NAMES = tuple(WORDINGS)
"""Every occasion there are words for."""
OF_CHAINS = tuple(name for name in NAMES if name not in ("sign_up", "staff_alert"))
"""Those that chains may put their own words to; the others are the installation's."""
BY_MAIL_ONLY = frozenset({"invitation", "password_link", "password_forgotten"})
"""Those to members of staff, who have no telephone number here."""


def channels_of(name: str) -> tuple[str, ...]:
    """Over which channels an occasion is told."""
    return ("email",) if name in BY_MAIL_ONLY else CHANNELS


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
