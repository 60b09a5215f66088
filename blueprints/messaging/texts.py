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

from blueprints.messaging import days
from blueprints.messaging.rules import branch_name, chain_name, one_line
from shopbell.sms_text import SmsLength, count
from shopbell.theme import theme

FOLDER = Path(__file__).parent / "templates" / "messages"
COLONS = {"zh-CN": "："}
COMMON = (
    "greeting",
    "when",
    "where",
    "what",
    "who",
    "number",
    "when_value",
    "manage",
    "again",
    "footer",
    "calendar_summary",
)
OWN = ("subject", "heading", "lead")


@dataclass(frozen=True)
class Facts:
    """What a message speaks of, already in its language. `earlier` is the time before a move.

    `deadline` is until when the customer may change it without help; None when that is over.
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
    starts_at: datetime
    ends_at: datetime
    earlier: datetime | None
    zone: ZoneInfo
    deadline: datetime | None
    link: str
    home: str


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
        text=_layout(False, "layout.txt.jinja", template, plain, values).strip() + "\n",
        html=_layout(True, "layout.html.jinja", template, rich, values),
        sms=sms,
        sms_length=count(sms),
        calendar_summary=plain["calendar_summary"],
    )


def _values(locale: str, facts: Facts) -> dict[str, str]:
    at = facts.starts_at.astimezone(facts.zone)
    chain = chain_name(facts.chain, locale)
    values = {
        "locale": locale,
        "chain": chain,
        "branch": facts.branch,
        "branch_short": branch_name(facts.branch, chain),
        "address": facts.address,
        "phone": facts.phone,
        "service": facts.service,
        "person": facts.person or "",
        "customer": facts.customer,
        "ref": facts.ref,
        "day_short": days.short_day(at, locale),
        "day_long": days.long_day(at, locale),
        "time": f"{at:%H:%M}",
        "end_time": f"{facts.ends_at.astimezone(facts.zone):%H:%M}",
        "zone": days.zone_name(at, locale),
        "earlier": days.moment(facts.earlier.astimezone(facts.zone), locale) if facts.earlier else "",
        "deadline": days.moment(facts.deadline.astimezone(facts.zone), locale) if facts.deadline else "",
        "link": facts.link,
        "home": facts.home,
        "colour": facts.colour,
    }
    return {name: one_line(value) for name, value in values.items()}


def _pieces(html: bool, template: str, locale: str, values: Mapping[str, str]) -> dict[str, str]:
    own, common = f"{template}.{locale}.jinja", f"common.{locale}.jinja"
    deadline = "deadline" if values["deadline"] else "deadline_over"
    return {
        **{name: _block(html, own, name, values) for name in OWN},
        **{name: _block(html, common, name, values) for name in COMMON},
        "policy": "" if template == "cancellation" else _block(html, common, deadline, values),
    }


def _layout(html: bool, layout: str, template: str, pieces: Mapping[str, str], values: Mapping[str, str]) -> str:
    cancelled = template == "cancellation"
    rows = [
        (pieces["when"], pieces["when_value"]),
        (pieces["where"], _where(html, values)),
        (pieces["what"], values["service"]),
        *([(pieces["who"], values["person"])] if values["person"] else []),
        (pieces["number"], values["ref"]),
    ]
    colours = theme(values["colour"]).light
    return (
        _environment(html)
        .get_template(layout)
        .render(
            {
                **pieces,
                "locale": values["locale"],
                "chain": values["chain"],
                "rows": rows,
                "cancelled": cancelled,
                "action": pieces["again" if cancelled else "manage"],
                "action_link": values["home" if cancelled else "link"],
                "colon": COLONS.get(values["locale"], ": "),
                "preview": pieces["when_value"],
                "brand": colours["brand"],
                "on_brand": colours["on-brand"],
            }
        )
    )


def _where(html: bool, values: Mapping[str, str]) -> str:
    parts = [part for part in (values["branch"], values["address"]) if part]
    separator = " " if values["locale"] == "zh-CN" else ", "
    return Markup("<br>").join(parts) if html else separator.join(parts)


def _block(html: bool, name: str, block: str, values: Mapping[str, str]) -> str:
    template = _environment(html).get_template(name)
    drawn = "".join(template.blocks[block](template.new_context(dict(values))))
    one_line = " ".join(drawn.split())
    # With `html` the block was drawn by an environment that escapes.
    return Markup(one_line) if html else one_line  # noqa: S704


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
