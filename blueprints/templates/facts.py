"""What a message speaks of, as values; the words are put to them by `texts`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Item:
    """One service of a visit of several, with the guest it is for when it is not for whoever booked."""

    service: str
    person: str | None
    guest: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Fees:
    """What the terms of an appointment may cost, in minor units; nothing is said about a zero."""

    currency: str
    deposit: int = 0
    late_fee: int = 0
    no_show_fee: int = 0


@dataclass(frozen=True)
class Facts:
    """What a message speaks of, already in its language. `earlier` is the time before a move.

    `deadline` is until when the customer may change it without help, or until when a time is kept for them; None when
    that is over. `items` are the services of a visit of several. `days` says in words on which days somebody could
    come. A message about no certain time has neither start nor end.
    """

    chain: str
    colour: str
    branch: str
    address: str
    phone: str
    service: str
    person: str | None
    customer: str
    ref: str
    starts_at: datetime | None
    ends_at: datetime | None
    earlier: datetime | None
    zone: ZoneInfo
    deadline: datetime | None
    link: str
    home: str
    items: tuple[Item, ...] = ()
    fees: Fees | None = None
    days: str = ""
    more: tuple[datetime, ...] = ()
    """Further dates, when the visit recurs."""
    code: str = ""
    logo: str = ""
    """The full address of a picture."""
    thanks: str = ""
    foot: str = ""
    """What the chain itself says after a booking, and at the end of every message."""
    title: str = ""
    said: str = ""
    """What staff are told of, and the sentence about it; or what somebody at the branch answers, as they typed it."""
    imprint: str = ""
    """The full address of the page that says who is behind the chain."""
    short_link: str = ""
    """What leads to the same place as `link`, for text messages."""
