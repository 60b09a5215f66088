"""What a chain may say of its messages: when they go out, how many, and for how much money."""

from __future__ import annotations

from datetime import date

from blueprints.messaging.gate import hours
from blueprints.messaging.gate.laws import DAY, WEEK, Cap
from blueprints.messaging.gate.values import MARKETING, REMINDER
from shopbell.i18n import gettext as _
from shopbell.spans import spans_text
from shopbell.text import N_
from tenants.settings.keys import CHAIN, Flag, Key, Line, Number, Price, Unfit
from tenants.settings.rules import Path, Said

GROUP = N_("Messages")
PREFIX = "messages."
MOST = 99


def _hours(text: str) -> str:
    try:
        span = hours.read(text)
    except ValueError:
        raise Unfit(_("Write hours within one day like 08:00–21:00, or nothing.")) from None
    return spans_text([span]) if span else ""


HOURS = {
    MARKETING: Key(
        PREFIX + "marketing_hours",
        N_("Advertising is sent between"),
        Line(20, _hours),
        "",
        GROUP,
        N_("In the time zone of the branch. Where the law leaves less than that, the law holds."),
    ),
    REMINDER: Key(
        PREFIX + "reminder_hours",
        N_("Reminders are sent between"),
        Line(20, _hours),
        "08:00–21:00",
        GROUP,
        N_("One that falls into the night is sent in the morning, if the visit is later than that."),
    ),
}
"""By purpose."""


def _cap(purpose: str, channel: str, length: str, label: str, default: int | None) -> Key:
    kind = Number(0, MOST, empty=N_("As many as there are"))
    return Key(f"{PREFIX}{purpose}_{channel}_{length}", label, kind, default, GROUP, levels=frozenset({CHAIN}))


CAPS = {
    (MARKETING, "sms"): (
        _cap(MARKETING, "sms", "day", N_("Advertising by SMS to one number, within a day at most"), 1),
        _cap(MARKETING, "sms", "week", N_("Advertising by SMS to one number, within a week at most"), 3),
    ),
    (MARKETING, "email"): (
        _cap(MARKETING, "email", "day", N_("Advertising by e-mail to one address, within a day at most"), 1),
        _cap(MARKETING, "email", "week", N_("Advertising by e-mail to one address, within a week at most"), 3),
    ),
    (REMINDER, "sms"): (
        _cap(REMINDER, "sms", "day", N_("Reminders by SMS to one number, within a day at most"), None),
        _cap(REMINDER, "sms", "week", N_("Reminders by SMS to one number, within a week at most"), None),
    ),
    (REMINDER, "email"): (
        _cap(REMINDER, "email", "day", N_("Reminders by e-mail to one address, within a day at most"), None),
        _cap(REMINDER, "email", "week", N_("Reminders by e-mail to one address, within a week at most"), None),
    ),
}
"""By purpose and channel: within a day, within a week; counted over all branches."""
BUDGET = Key(
    PREFIX + "budget",
    N_("Messages of a branch cost at most, in a month"),
    Price(empty=N_("As much as they take")),
    None,
    GROUP,
    N_("At 80 % and when it is used up, the branch and head office are told. Advertising stops then."),
)
BUDGET_STOPS = Key(
    PREFIX + "budget_stops_all",
    N_("Without budget, confirmations and reminders stop as well"),
    Flag(),
    False,
    GROUP,
    N_("Codes and news of closed branches are sent all the same."),
)
SETTINGS = (*HOURS.values(), *(key for keys in CAPS.values() for key in keys), BUDGET, BUDGET_STOPS)


def budget(said: Said, path: Path, day: date, currency: str) -> int | None:
    """What a branch may spend in the month, in minor units; None for as much as it takes, and in other currencies."""
    found = said.value(BUDGET, path, day)
    return int(found["minor"]) if found and found["currency"] == currency else None


def caps(said: Said, path: Path, day: date, purpose: str, channel: str) -> list[Cap]:
    """The chain's own caps, as far as it has any."""
    keys = CAPS.get((purpose, channel), ())
    found = [(said.value(key, path, day), length) for key, length in zip(keys, (DAY, WEEK), strict=False)]
    return [Cap(most, length) for most, length in found if most is not None]
