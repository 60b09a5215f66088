"""The steps of a service: who does them, what they need, how long they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from blueprints.catalog import queries
from blueprints.catalog.errors import BadCatalogue, UnknownService
from blueprints.catalog.models import Service, ServiceOption, ServiceStep, Skill
from blueprints.catalog.place_types import type_meant
from blueprints.catalog.process import LEVELS, ROLES
from shopbell import ids
from shopbell.checks import Checks
from shopbell.i18n import gettext as _

MAX_STEPS = 20
LONGEST_STEP = 720
LONGEST_WAIT = 240
MOST_PLACES = 20


@dataclass(frozen=True)
class StepInput:
    """A step: minutes in steps of five; None means that no person, no room or no device is needed.

    With an `option_id` it takes part only when that variant or add-on is chosen. `was` is its place before, from 0, so
    that minutes which options add to it move along; None for a new step. The rest is as in models.ServiceStep.
    """

    name: Mapping[str, str]
    minutes: int
    skill_id: UUID | None = None
    room_type: str | None = None
    device_type: str | None = None
    option_id: UUID | None = None
    role: str = "main"
    level: int = 1
    room_count: int = 1
    device_count: int = 1
    wait_minutes: int = 0
    was: int | None = None


def set_steps(session: Session, service_id: UUID, steps: Sequence[StepInput]) -> None:
    """Replace the steps, in this order; bookings made before keep their times. May be repeated.

    Locks the service. Raises UnknownService, or BadCatalogue naming "steps.<number from 0>.minutes" and the like.
    """
    checks = Checks()
    require_service(session, service_id, lock=True)
    rows = checked_steps(session, checks, steps, service_id)
    checks.settle(BadCatalogue)
    session.execute(delete(ServiceStep).where(ServiceStep.service_id == service_id))
    write_steps(session, service_id, rows)
    _follow(session, service_id, {step.was: number for number, step in enumerate(steps) if step.was is not None})


def move_step(session: Session, service_id: UUID, position: int, by: int) -> None:
    """Swap a step with the one before (by = -1) or after it (by = 1); at an end nothing happens.

    Whoever is first now waits no longer: there is nothing to wait for. Locks the service. Raises UnknownService.
    """
    require_service(session, service_id, lock=True)
    statement = select(ServiceStep).where(ServiceStep.service_id == service_id).order_by(ServiceStep.position)
    steps = list(session.scalars(statement))
    other = position + by
    if not (0 <= position < len(steps) and 0 <= other < len(steps)):
        return
    steps[position], steps[other] = steps[other], steps[position]
    steps[0].wait_minutes = 0
    # Two rows cannot hold one position even for a moment, so the moved ones first go where nobody is.
    for offset in (len(steps), 0):
        for number, step in enumerate(steps):
            step.position = number + offset
        session.flush()
    _follow(session, service_id, {number: number for number in range(len(steps))} | {position: other, other: position})


def require_service(session: Session, service_id: UUID, *, lock: bool = False) -> None:
    """Raises UnknownService. With `lock`, nobody else changes its steps until this transaction ends."""
    statement = select(Service.id).where(Service.id == service_id)
    if session.scalar(statement.with_for_update() if lock else statement) is None:
        raise UnknownService


def checked_steps(
    session: Session, checks: Checks, steps: Sequence[StepInput], service_id: UUID | None = None
) -> list[dict[str, Any]]:
    """The steps as rows; what is wrong is said at "steps.<number>.<field>"."""
    if not 1 <= len(steps) <= MAX_STEPS:
        checks.refuse("steps", _("A service has 1 to %(count)s steps.", count=MAX_STEPS))
    if steps and not any(_needs(step) for step in steps if step.option_id is None):
        checks.refuse("steps", _("At least one step must need a person, a room or a device."))
    skills = set(session.scalars(select(Skill.id))) if any(step.skill_id for step in steps) else set()
    options = _options(session, service_id) if any(step.option_id for step in steps) else set()
    types = queries.types_in_use(session) if any(step.room_type or step.device_type for step in steps) else []
    return [_row(checks, number, step, skills, options, types) for number, step in enumerate(steps)]


def write_steps(session: Session, service_id: UUID, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(ServiceStep), [{"id": ids.uuid7(), "service_id": service_id, **row} for row in rows])


def _needs(step: StepInput) -> bool:
    return bool(step.skill_id or step.room_type or step.device_type)


def _options(session: Session, service_id: UUID | None) -> set[UUID]:
    return set(session.scalars(select(ServiceOption.id).where(ServiceOption.service_id == service_id)))


def _row(
    checks: Checks, number: int, step: StepInput, skills: set[UUID], options: set[UUID], types: Sequence[str]
) -> dict[str, Any]:
    field = f"steps.{number}"
    if not 5 <= step.minutes <= LONGEST_STEP or step.minutes % 5:
        checks.refuse(f"{field}.minutes", _("5 to %(longest)s minutes, in steps of 5.", longest=LONGEST_STEP))
    if step.skill_id and step.skill_id not in skills:
        checks.refuse(f"{field}.skill", _("Choose a skill from the list."))
    if step.option_id and step.option_id not in options:
        checks.refuse(f"{field}.option", _("Choose a variant or an add-on of this service."))
    if step.role not in ROLES:
        checks.refuse(f"{field}.role", _("Choose from the list."))
    if step.level not in LEVELS:
        checks.refuse(f"{field}.level", _("Choose from the list."))
    room, device = (
        _type(checks, f"{field}.room_type", step.room_type, types),
        _type(checks, f"{field}.device_type", step.device_type, types),
    )
    return {
        "position": number,
        "name": checks.texts(f"{field}.name", step.name),
        "minutes": step.minutes,
        "skill_id": step.skill_id,
        "room_type": room,
        "device_type": device,
        "option_id": step.option_id,
        "role": step.role,
        "level": step.level if step.skill_id else 1,
        "room_count": checks.number(f"{field}.room_count", step.room_count, 1, MOST_PLACES) if room else 1,
        "device_count": checks.number(f"{field}.device_count", step.device_count, 1, MOST_PLACES) if device else 1,
        "wait_minutes": _wait(checks, f"{field}.wait", number, step.wait_minutes),
    }


def _wait(checks: Checks, field: str, number: int, minutes: int) -> int:
    if not 0 <= minutes <= LONGEST_WAIT or minutes % 5:
        checks.refuse(field, _("0 to %(longest)s minutes, in steps of 5.", longest=LONGEST_WAIT))
    elif minutes and number == 0:
        checks.refuse(field, _("Nobody waits before the first step. Leave this empty."))
    return minutes


def _type(checks: Checks, field: str, text: str | None, types: Sequence[str]) -> str | None:
    cleaned = checks.line(field, text or "", longest=40, required=False)
    return type_meant(cleaned, types) if cleaned else None


def _follow(session: Session, service_id: UUID, places: Mapping[int, int]) -> None:
    """Let the minutes that options add go with their steps; those of a step that is gone go with it."""
    statement = select(ServiceOption.id, ServiceOption.step_minutes).where(ServiceOption.service_id == service_id)
    for option_id, minutes in session.execute(statement).all():
        moved = {str(places[int(place)]): more for place, more in minutes.items() if int(place) in places}
        if moved != minutes:
            session.execute(update(ServiceOption).where(ServiceOption.id == option_id).values(step_minutes=moved))
