"""Messages as words: one template per occasion and language, drawn as subject, plain text, HTML and SMS.

A template is a set of named blocks. Text and SMS are drawn without escaping, HTML with it, both in Jinja's sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from blueprints.templates.colours import colours
from blueprints.templates.facts import Facts, Item
from blueprints.templates.rules.filling import fill, fill_markup
from blueprints.templates.rules.wordings import WORDINGS
from blueprints.templates.variables import values_of
from shopbell.sms_text import SmsLength, count
from shopbell.text import one_line, without_accents

FOLDER = Path(__file__).parent / "templates" / "messages"
COLONS = {"zh-CN": "："}
COMMON = (
    "greeting",
    "when",
    "where",
    "what",
    "who",
    "number",
    "days",
    "when_value",
    "footer",
    "calendar_summary",
    "imprint",
)
OWN = ("subject", "heading", "lead")


@dataclass(frozen=True)
class Texts:
    """A message in all its forms. `variables` are those of its text message, by name."""

    subject: str
    text: str
    html: str
    sms: str
    sms_length: SmsLength
    calendar_summary: str
    variables: Mapping[str, str] = field(default_factory=dict)


def draw(
    template: str, locale: str, facts: Facts, own: Mapping[str, str] | None = None, *, plain_sms: bool = False
) -> Texts:
    """Draw a message. `own` are pieces (rules.wordings.PIECES) that take the place of the product's; a `plain_sms` has
    no accents.

    Raises jinja2.TemplateNotFound for an occasion or language there is no template for.
    """
    values, own = values_of(locale, facts), own or {}
    plain = _pieces(False, template, locale, values, own)
    rich = _pieces(True, template, locale, values, own)
    short = {**values, "link": facts.short_link or values["link"]}
    if plain_sms:
        short = {name: without_accents(value) for name, value in short.items()}
    sms = fill(own["sms"], short) if "sms" in own else block(False, f"{template}.{locale}.jinja", "sms", short)
    sms = without_accents(sms) if plain_sms else sms
    return Texts(
        subject=plain["subject"],
        text=_layout(False, "layout.txt.jinja", template, plain, values, facts).strip() + "\n",
        html=_layout(True, "layout.html.jinja", template, rich, values, facts),
        sms=sms,
        sms_length=count(sms),
        calendar_summary=plain["calendar_summary"],
        variables=short,
    )


def _pieces(
    html: bool, template: str, locale: str, values: Mapping[str, str], mine: Mapping[str, str]
) -> dict[str, str]:
    own, common = f"{template}.{locale}.jinja", f"common.{locale}.jinja"
    wording = WORDINGS[template]

    def piece(name: str) -> str:
        """The chain's words, else the template's own where it has some, else everybody's."""
        if name in mine:
            return fill_markup(mine[name], values) if html else fill(mine[name], values)
        blocks = _environment(html).get_template(own).blocks
        return block(html, own if name in blocks else common, name, values)

    said = [name if values[name] or name != "deadline" else "deadline_over" for name in wording.policy]
    sentences = [piece(name) for name in said if name == "deadline_over" or values[name]]
    separator, marked = ("", Markup("")) if locale == "zh-CN" else (" ", Markup(" "))
    return {
        **{name: piece(name) for name in (*OWN, *COMMON)},
        "action": piece("action" if "action" in _environment(html).get_template(own).blocks else wording.action),
        "policy": marked.join(sentences) if html else separator.join(sentences),
        "closing": piece("closing") if "closing" in mine else "",
    }


def _layout(
    html: bool, layout: str, template: str, pieces: Mapping[str, str], values: Mapping[str, str], facts: Facts
) -> str:
    wording = WORDINGS[template]
    again = wording.action == "again"
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
                "identity": _identity(values),
                "imprint_link": facts.imprint,
                **colours(values["colour"]),
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


def _identity(values: Mapping[str, str]) -> str:
    """Who writes, and where they are; most branches are called by the chain's name anyway."""
    where = _where(False, values)
    named = values["branch"].startswith(values["chain"])
    return where if named else " · ".join(part for part in (values["chain"], where) if part)


def _item(item: Item, zone: ZoneInfo) -> tuple[str, str]:
    """One service of a visit: from when to when, and what, by whom, for whom."""
    start, end = (at.astimezone(zone) for at in (item.starts_at, item.ends_at))
    parts = (item.service, item.person or "", item.guest)
    return f"{start:%H:%M}–{end:%H:%M}", one_line(" · ".join(part for part in parts if part))


def _where(html: bool, values: Mapping[str, str]) -> str:
    parts = [part for part in (values["branch"], values["address"]) if part]
    separator = " " if values["locale"] == "zh-CN" else ", "
    return Markup("<br>").join(parts) if html else separator.join(parts)


def block(html: bool, name: str, block: str, values: Mapping[str, str]) -> str:
    """A block of the product's own templates, in one line."""
    template = _environment(html).get_template(name)
    drawn = "".join(template.blocks[block](template.new_context(dict(values))))
    line = " ".join(drawn.split())
    # With `html` the block was drawn by an environment that escapes.
    return Markup(line) if html else line  # noqa: S704


def has_block(name: str, piece: str) -> bool:
    return piece in _environment(False).get_template(name).blocks


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
