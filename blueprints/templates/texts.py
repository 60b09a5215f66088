"""Messages as words: one template per occasion and language, drawn as subject, plain text, HTML and SMS.

A template is a set of named blocks. Text and SMS are drawn without escaping, HTML with it, both in Jinja's sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from blueprints.templates import days
from blueprints.templates.rules import WORDINGS, branch_name, chain_name
from shopbell.money import format_money
from shopbell.sms_text import SmsLength, count
from shopbell.text import one_line
from shopbell.theme import theme

FOLDER = Path(__file__).parent / "templates" / "messages"
COLONS = {"zh-CN": "："}
COMMON = ("greeting", "when", "where", "what", "who", "number", "days", "when_value", "footer", "calendar_summary")
OWN = ("subject", "heading", "lead")
NAMED = 2
"""How many services of a visit a short text names before it counts the others."""


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


@dataclass(frozen=True)
class Texts:
    """A message in all its forms."""

    subject: str
    text: str
    html: str
    sms: str
    sms_length: SmsLength
    calendar_summary: str


def draw(template: str, locale: str, facts: Facts) -> Texts:
    """Draw a message. Raises jinja2.TemplateNotFound for an occasion or language there is no template for."""
    values = _values(locale, facts)
    plain = _pieces(False, template, locale, values)
    rich = _pieces(True, template, locale, values)
    sms = _block(False, f"{template}.{locale}.jinja", "sms", values)
    return Texts(
        subject=plain["subject"],
        text=_layout(False, "layout.txt.jinja", template, plain, values, facts).strip() + "\n",
        html=_layout(True, "layout.html.jinja", template, rich, values, facts),
        sms=sms,
        sms_length=count(sms),
        calendar_summary=plain["calendar_summary"],
    )


def _values(locale: str, facts: Facts) -> dict[str, str]:
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


def _pieces(html: bool, template: str, locale: str, values: Mapping[str, str]) -> dict[str, str]:
    own, common = f"{template}.{locale}.jinja", f"common.{locale}.jinja"
    wording = WORDINGS[template]

    def piece(name: str) -> str:
        """A template's own words where it has some, else everybody's."""
        blocks = _environment(html).get_template(own).blocks
        return _block(html, own if name in blocks else common, name, values)

    said = [name if values[name] or name != "deadline" else "deadline_over" for name in wording.policy]
    sentences = [piece(name) for name in said if name == "deadline_over" or values[name]]
    separator, marked = ("", Markup("")) if locale == "zh-CN" else (" ", Markup(" "))
    return {
        **{name: piece(name) for name in (*OWN, *COMMON)},
        "action": piece("action" if "action" in _environment(html).get_template(own).blocks else wording.action),
        "policy": marked.join(sentences) if html else separator.join(sentences),
    }


def _layout(
    html: bool, layout: str, template: str, pieces: Mapping[str, str], values: Mapping[str, str], facts: Facts
) -> str:
    wording = WORDINGS[template]
    again = wording.action == "again"
    colours = theme(values["colour"]).light
    return (
        _environment(html)
        .get_template(layout)
        .render(
            {
                **pieces,
                "locale": values["locale"],
                "chain": values["chain"],
                "rows": _rows(html, template, pieces, values, facts),
                "cancelled": wording.struck,
                "logo": values["logo"],
                "thanks": values["thanks"] if template == "confirmation" else "",
                "foot": values["foot"],
                "action_link": values["home" if again else "link"],
                "colon": COLONS.get(values["locale"], ": "),
                "preview": pieces["when_value"] if values["time"] else pieces["lead"],
                "brand": colours["brand"],
                "on_brand": colours["on-brand"],
            }
        )
    )


def _rows(
    html: bool, template: str, pieces: Mapping[str, str], values: Mapping[str, str], facts: Facts
) -> list[tuple[str, str]]:
    """The facts that the template lists, as label and value; those it knows nothing of are left out."""
    known = {
        "when": pieces["when_value"] if values["time"] else "",
        "where": _where(html, values),
        "what": values["service"],
        "who": values["person"],
        "number": values["ref"],
        "days": values["days"],
    }
    rows = []
    for name in WORDINGS[template].rows:
        if name == "what" and len(facts.items) > 1:
            rows += [_item(item, facts.zone) for item in facts.items]
        elif known[name] and not (name == "who" and len(facts.items) > 1):
            rows.append((pieces[name], known[name]))
    return rows


def _item(item: Item, zone: ZoneInfo) -> tuple[str, str]:
    """One service of a visit: from when to when, and what, by whom, for whom."""
    start, end = (at.astimezone(zone) for at in (item.starts_at, item.ends_at))
    parts = (item.service, item.person or "", item.guest)
    return f"{start:%H:%M}–{end:%H:%M}", one_line(" · ".join(part for part in parts if part))


def _where(html: bool, values: Mapping[str, str]) -> str:
    parts = [part for part in (values["branch"], values["address"]) if part]
    separator = " " if values["locale"] == "zh-CN" else ", "
    return Markup("<br>").join(parts) if html else separator.join(parts)


def _block(html: bool, name: str, block: str, values: Mapping[str, str]) -> str:
    template = _environment(html).get_template(name)
    drawn = "".join(template.blocks[block](template.new_context(dict(values))))
    line = " ".join(drawn.split())
    # With `html` the block was drawn by an environment that escapes.
    return Markup(line) if html else line  # noqa: S704


@cache
def _environment(html: bool) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
