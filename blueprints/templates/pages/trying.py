"""A text as somebody would get it: with the facts of a real appointment where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.messaging import api as messaging
from blueprints.templates.facts import Facts
from blueprints.templates.links import beginning, host
from blueprints.templates.pages.blueprint import Where
from blueprints.templates.queries import Spot
from blueprints.templates.queries.texts import in_force, today
from blueprints.templates.service.drawing import Drawn
from blueprints.templates.texts import Texts, draw
from shopbell import clock
from shopbell.http import permitted_at
from shopbell.i18n import gettext as _
from shopbell.i18n import localized
from shopbell.sms_text import SmsLength, count
from shopbell.tenancy import current_tenant
from shopbell.text import without_accents

LONG, SHORT = "x" * 43, "x" * 11
"""As long as real links: one of a real customer is nobody's to try."""
SOON = timedelta(days=1)
FEW = 5


@dataclass(frozen=True)
class Tried:
    """A drawn text, with the lengths of its text message as it is, without accents, and with the long link."""

    texts: Texts
    facts: Facts
    plain: SmsLength
    long: SmsLength

    @property
    def booking_ref(self) -> str:
        """Whose facts these are; empty for made-up ones."""
        return self.facts.ref

    @property
    def drawn(self) -> Drawn:
        """For a trial: the words of no version, as nobody counts on them."""
        return Drawn(self.texts)


def try_out(
    session: Session, where: Where, spot: Spot, parts: Mapping[str, str], *, plain: bool = False, ref: str = ""
) -> Tried:
    """Draw what was typed; the other channel is as it holds there."""
    facts = facts_for(session, where, spot, ref)
    held = in_force(session, where.path, spot.name, spot.locale, today())
    others = {
        name: text for channel, one in held.items() if channel != spot.channel for name, text in one.parts.items()
    }
    texts = draw(spot.name, spot.locale, facts, {**others, **parts}, plain_sms=plain)
    long = draw(spot.name, spot.locale, replace(facts, short_link=""), {**others, **parts}, plain_sms=plain)
    return Tried(texts, facts, count(without_accents(texts.sms)), long.sms_length)


def facts_for(session: Session, where: Where, spot: Spot, ref: str) -> Facts:
    """Those of the appointment with this number, else of the next one there, else made up; never with a real link."""
    facts = _real(session, where, spot, ref) or _made_up(session, where)
    now = clock.now()
    return replace(
        facts,
        link=f"{host()}/m/{LONG}",
        short_link=beginning() + SHORT,
        earlier=(facts.starts_at or now) - SOON,
        deadline=facts.deadline or now + SOON,
        code="123456",
        said=_("Gladly: please come half an hour later."),
        days=facts.days or _("Mon–Fri, 09:00–12:00"),
    )


def _real(session: Session, where: Where, spot: Spot, ref: str) -> Facts | None:
    found = booking.expected_by_ref(session, ref.upper()) if ref else _next(session, where)
    mine = [one for one in found if permitted_at(one.branch_id)]
    return messaging.facts_of(session, mine[0].id, spot.locale) if mine else None


def _next(session: Session, where: Where) -> list[booking.Expected]:
    """What comes next at the place, or at one of the first branches of the chain."""
    branches = [where.branch_id] if where.branch_id else [one.id for one in catalog.branches(session)][:FEW]
    for branch_id in branches:
        found = booking.next_expected(session, branch_id, clock.now())
        if found:
            return [found]
    return []


def _made_up(session: Session, where: Where) -> Facts:
    look = brand.brand(session)
    branch = (
        catalog.branch(session, where.branch_id) if where.branch_id else next(iter(catalog.branches(session)), None)
    )
    services = catalog.services(session)
    starts_at = clock.now() + 2 * SOON
    return Facts(
        chain=look.display_name,
        colour=look.colour,
        branch=localized(branch.name) if branch else _("Branch"),
        address=localized(branch.address) if branch else "",
        phone=branch.phone if branch else "",
        service=localized(services[0].name) if services else _("Service"),
        person=_("Chen Yi"),
        customer=_("Li Ming"),
        ref="",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        earlier=None,
        zone=clock.zone(branch.time_zone if branch else current_tenant().time_zone),
        deadline=None,
        link="",
        home=f"{host()}/",
    )
