"""The facts as the variables of templates: texts, each in one line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from blueprints.templates import days
from blueprints.templates.facts import Facts, Fees
from blueprints.templates.rules.wordings import branch_name, chain_name
from shopbell.money import format_money
from shopbell.text import one_line

NAMED = 2
"""How many services of a visit a short text names before it counts the others."""


def values_of(locale: str, facts: Facts) -> dict[str, str]:
    chain = chain_name(facts.chain, locale)
    values = {
        "locale": locale,
        "chain": chain,
        "branch": facts.branch,
        "branch_short": branch_name(facts.branch, chain),
        "address": facts.address,
        "phone": facts.phone,
        "service": _services(facts),
        "person": facts.person or "",
        "customer": facts.customer,
        "ref": facts.ref,
        "zone": "",
        "earlier": _moment(facts.earlier, facts.zone, locale),
        "deadline": _moment(facts.deadline, facts.zone, locale),
        "until": f"{facts.deadline.astimezone(facts.zone):%H:%M}" if facts.deadline else "",
        "link": facts.link,
        "home": facts.home,
        "colour": facts.colour,
        "days": facts.days,
        "logo": facts.logo,
        "thanks": facts.thanks,
        "foot": facts.foot,
        "code": facts.code,
        "title": facts.title,
        "said": facts.said,
        "more": str(len(facts.more) or ""),
        "series": ", ".join(days.short_day(at.astimezone(facts.zone), locale) for at in facts.more),
        **_times(locale, facts),
        **_fees(locale, facts.fees),
    }
    return {name: one_line(value) for name, value in values.items()}


def _times(locale: str, facts: Facts) -> dict[str, str]:
    if facts.starts_at is None or facts.ends_at is None:
        return dict.fromkeys(("day_short", "day_long", "time", "end_time"), "")
    at = facts.starts_at.astimezone(facts.zone)
    return {
        "day_short": days.short_day(at, locale),
        "day_long": days.long_day(at, locale),
        "time": f"{at:%H:%M}",
        "end_time": f"{facts.ends_at.astimezone(facts.zone):%H:%M}",
        "zone": days.zone_name(at, locale),
    }


def _moment(at: datetime | None, zone: ZoneInfo, locale: str) -> str:
    return days.moment(at.astimezone(zone), locale) if at else ""


def _fees(locale: str, fees: Fees | None) -> dict[str, str]:
    amounts = {"deposit": 0, "late_fee": 0, "no_show_fee": 0}
    if fees is not None:
        amounts = {name: getattr(fees, name) for name in amounts}
    return {
        name: format_money(amount, fees.currency, locale) if fees and amount else "" for name, amount in amounts.items()
    }


def _services(facts: Facts) -> str:
    """What it is about in a few words: Colour + Cut, or Colour +2."""
    names = list(dict.fromkeys(item.service for item in facts.items)) or [facts.service]
    return " + ".join(names) if len(names) <= NAMED else f"{names[0]} +{len(names) - 1}"
