"""Variants and add-ons of services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from blueprints.catalog.errors import BadCatalogue, UnknownChoice
from blueprints.catalog.models import ServiceOption
from blueprints.catalog.queries import ServiceView, service
from blueprints.catalog.service.steps import LONGEST_STEP, require_service
from shopbell import ids, money
from shopbell.checks import Checks
from shopbell.i18n import gettext as _

KINDS = ("variant", "addon")
MAX_OPTIONS = 20
LARGEST_DIFFERENCE = 1_000_000_000


@dataclass(frozen=True)
class OptionInput:
    """A variant or an add-on: `price_minor` and minutes are added and may be negative; `step_minutes` maps a step's
    position to the minutes added to it, in steps of five."""

    kind: str
    name: Mapping[str, str]
    price_minor: int = 0
    step_minutes: Mapping[int, int] | None = None


def add_option(session: Session, service_id: UUID, option: OptionInput) -> UUID:
    """A new choice, last of its service. Locks the service. Raises UnknownService or BadCatalogue."""
    require_service(session, service_id, lock=True)
    known = service(session, service_id)
    checks = Checks()
    if len(known.options) >= MAX_OPTIONS:
        checks.refuse("kind", _("A service has at most %(count)s variants and add-ons.", count=MAX_OPTIONS))
    values = _checked(checks, known, option)
    checks.settle(BadCatalogue)
    option_id = ids.uuid7()
    last = select(func.coalesce(func.max(ServiceOption.position) + 1, 0)).where(ServiceOption.service_id == service_id)
    session.execute(
        insert(ServiceOption).values(id=option_id, service_id=service_id, position=last.scalar_subquery(), **values)
    )
    return option_id


def change_option(session: Session, service_id: UUID, option_id: UUID, option: OptionInput) -> None:
    """Replace what is said of a choice; bookings keep their times and prices. Raises UnknownChoice or BadCatalogue."""
    known = _with_option(session, service_id, option_id)
    checks = Checks()
    values = _checked(checks, known, option)
    checks.settle(BadCatalogue)
    session.execute(update(ServiceOption).where(ServiceOption.id == option_id).values(**values))


def retire_option(session: Session, service_id: UUID, option_id: UUID) -> None:
    """No longer offered; bookings keep it. May be repeated. Raises UnknownChoice."""
    _with_option(session, service_id, option_id)
    session.execute(update(ServiceOption).where(ServiceOption.id == option_id).values(active=False))


def restore_option(session: Session, service_id: UUID, option_id: UUID) -> None:
    """Offered again. May be repeated. Raises UnknownChoice."""
    _with_option(session, service_id, option_id)
    session.execute(update(ServiceOption).where(ServiceOption.id == option_id).values(active=True))


def move_option(session: Session, service_id: UUID, option_id: UUID, by: int) -> None:
    """Swap a choice with its neighbour of the same kind before (by = -1) or after it (by = 1); the first variant on
    offer is the one that counts when nothing is chosen. Raises UnknownChoice."""
    known = _with_option(session, service_id, option_id)
    order = [option.id for option in known.options]
    kinds = {option.id: option.kind for option in known.options}
    same = [found for found in order if kinds[found] == kinds[option_id]]
    place = same.index(option_id) + by
    if 0 <= place < len(same):
        first, second = order.index(option_id), order.index(same[place])
        order[first], order[second] = order[second], order[first]
    for position, found in enumerate(order):
        session.execute(update(ServiceOption).where(ServiceOption.id == found).values(position=position))


def _with_option(session: Session, service_id: UUID, option_id: UUID) -> ServiceView:
    require_service(session, service_id, lock=True)
    known = service(session, service_id)
    if option_id not in {option.id for option in known.options}:
        raise UnknownChoice
    return known


def _checked(checks: Checks, known: ServiceView, option: OptionInput) -> dict[str, Any]:
    if option.kind not in KINDS:
        checks.refuse("kind", _("Choose a variant or an add-on."))
    if not -known.price_minor <= option.price_minor <= LARGEST_DIFFERENCE:
        low, high = (money.major_text(amount, known.currency) for amount in (known.price_minor, LARGEST_DIFFERENCE))
        checks.refuse("price", _("An amount from -%(low)s to %(high)s.", low=low, high=high))
    return {
        "kind": option.kind,
        "name": checks.texts("name", option.name),
        "price_minor": option.price_minor,
        "step_minutes": _minutes(checks, known, option),
    }


def _minutes(checks: Checks, known: ServiceView, option: OptionInput) -> dict[str, int]:
    typed = option.step_minutes or {}
    steps = {step.position: step for step in known.steps}
    for position, more in typed.items():
        if position not in steps or abs(more) > LONGEST_STEP or more % 5:
            sentence = _("From -%(longest)s to %(longest)s minutes, in steps of 5.", longest=LONGEST_STEP)
            checks.refuse(f"minutes.{position}", sentence)
    left = [step for step in known.steps if step.option_id is None and step.minutes + typed.get(step.position, 0) > 0]
    if not any(step.skill_id or step.room_type or step.device_type for step in left):
        checks.refuse(f"minutes.{min(steps, default=0)}", _("Some step that needs somebody or something must stay."))
    return {str(position): more for position, more in typed.items() if more}
