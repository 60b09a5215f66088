"""Writing the booking rules of a chain: terms, busy times, time kept for members. What was agreed stays agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.booking.errors import BadRule, UnknownRule
from blueprints.booking.models import BookingPolicy, PeakRule, PriorityWindow
from blueprints.booking.rules.terms import NAMES
from blueprints.booking.settings import LIMITS, TERMS
from blueprints.catalog import api as catalog
from shopbell import clock, ids
from shopbell.checks import Checks
from shopbell.db import table
from shopbell.i18n import gettext as _
from shopbell.spans import Span, usable
from tenants.settings import store
from tenants.settings.rules import path_to
from tenants.settings.store import Change

HOURS = frozenset({"cancel_minutes", "move_minutes"})
"""Terms that people give in hours."""

HIGHEST_TIER = 9

_NEW = insert(table(BookingPolicy))
ADD = _NEW.on_conflict_do_nothing(index_elements=["branch_id", "service_id"]).returning(table(BookingPolicy).c.id)

R = TypeVar("R", PeakRule, PriorityWindow)


@dataclass(frozen=True)
class TimesInput:
    """When and where a rule holds: `spans` has to be exactly one, in minutes of the day; 0 is Monday. At a branch, in a
    region, or without either everywhere."""

    branch_id: UUID | None
    weekdays: Sequence[int]
    spans: Sequence[Span]
    first_day: date | None = None
    last_day: date | None = None
    region_id: UUID | None = None


@dataclass(frozen=True)
class PeakInput:
    times: TimesInput
    name: Mapping[str, str]
    lead_minutes: int | None = None
    horizon_days: int | None = None
    deposit_percent: int | None = None
    staff_min: int | None = None


@dataclass(frozen=True)
class WindowInput:
    times: TimesInput
    tier: int
    until_hours: int


@dataclass(frozen=True)
class PolicyInput:
    """Terms for a branch, a service, both or neither (the chain); what is None is left to the less specific."""

    branch_id: UUID | None
    service_id: UUID | None
    terms: Mapping[str, int | None] = field(default_factory=dict)


def add_policy(session: Session, policy: PolicyInput) -> UUID:
    """Write what holds there. Returns the rule's id.

    Raises BadRule naming fields, `service` when there is a rule for that place already; UnknownBranch, UnknownService;
    SettingLocked for a branch when something is locked above it.
    """
    if policy.branch_id:
        catalog.branch(session, policy.branch_id)
    if policy.service_id:
        catalog.service(session, policy.service_id)
    terms = checked_terms(policy.terms)
    row = {"id": ids.uuid7(), "branch_id": policy.branch_id, "service_id": policy.service_id}
    saved: UUID | None = session.scalar(ADD, {**row, **dict.fromkeys(NAMES), **terms})
    if saved is None:
        sentence = _("There is a rule for this already. Open it in the list and change it.")
        raise BadRule(sentence, fields={"service": sentence})
    _say(session, policy.branch_id, policy.service_id, terms)
    return saved


def change_policy(session: Session, rule_id: UUID, terms: Mapping[str, int | None]) -> None:
    """Replace the terms of a rule. Raises UnknownRule, BadRule naming fields, SettingLocked."""
    row = session.get(BookingPolicy, rule_id, with_for_update=True)
    if row is None:
        raise UnknownRule
    found = checked_terms(terms)
    for name in NAMES:
        setattr(row, name, found.get(name))
    session.flush()
    _say(session, row.branch_id, row.service_id, found)


def _say(session: Session, branch_id: UUID | None, service_id: UUID | None, terms: Mapping[str, int]) -> None:
    """Terms written here hold from today on, whatever was said of the place as a setting before."""
    said, path, today = store.said(session), path_to(), clock.now().date()
    if branch_id:
        branch = catalog.branch(session, branch_id)
        path, today = catalog.path_of(branch), catalog.today_at(branch)
    changes = []
    for name, key in TERMS.items():
        subject, value = str(service_id or ""), terms.get(name)
        if value is not None:
            store.check(said, Change(key, path, today, value, subject, field=name))
        if said.own(key, path[-1], subject):
            changes.append(Change(key, path, today, value, subject, value is not None, field=name))
    store.say(session, changes)


def checked_terms(terms: Mapping[str, int | None]) -> dict[str, int]:
    checks = Checks()
    found = {name: value for name, value in terms.items() if value is not None and name in NAMES}
    for name, value in found.items():
        low, high = LIMITS[name]
        if name in HOURS and not low <= value <= high:
            checks.refuse(name, _("Hours from 0 to %(high)s, in steps of 5 minutes.", high=high // 60))
        else:
            checks.number(name, value, low, high)
    grace, after = found.get("late_grace_minutes"), found.get("no_show_after_minutes")
    if grace is not None and after is not None and after < grace:
        checks.refuse("no_show_after_minutes", _("Not before the customer counts as late."))
    if not found:
        checks.refuse("cancel_minutes", _("Say at least one thing, or remove this rule."))
    checks.settle(BadRule)
    return found


def drop_policy(session: Session, rule_id: UUID) -> None:
    """Raises UnknownRule."""
    row = session.get(BookingPolicy, rule_id)
    place = (row.branch_id, row.service_id) if row else None
    _drop(session, BookingPolicy, rule_id)
    if place:
        _say(session, *place, {})


def save_peak(session: Session, peak: PeakInput, rule_id: UUID | None = None) -> UUID:
    """A new busy time, or another one in the place of `rule_id`. Raises BadRule, UnknownRule, UnknownBranch or
    UnknownRegion."""
    checks = Checks()
    values = _times(session, checks, peak.times)
    values["name"] = checks.texts("name", peak.name)
    limits = {"lead_minutes": 43200, "horizon_days": 365, "deposit_percent": 100, "staff_min": 99}
    for name, high in limits.items():
        value = getattr(peak, name)
        if name == "lead_minutes" and value is not None and not 0 <= value <= high:
            checks.refuse(name, _("Hours from 0 to %(high)s, in steps of 5 minutes.", high=high // 60))
        values[name] = None if value is None else checks.number(name, value, 0, high)
    if all(values[name] is None for name in limits):
        checks.refuse("horizon_days", _("Say at least one thing that is different at this time."))
    checks.settle(BadRule)
    return _save(session, PeakRule, rule_id, values)


def drop_peak(session: Session, rule_id: UUID) -> None:
    """Raises UnknownRule."""
    _drop(session, PeakRule, rule_id)


def save_window(session: Session, window: WindowInput, rule_id: UUID | None = None) -> UUID:
    """Time kept for members, new or in the place of `rule_id`. Raises BadRule, UnknownRule, UnknownBranch or
    UnknownRegion."""
    checks = Checks()
    values = _times(session, checks, window.times)
    values["tier"] = checks.number("tier", window.tier, 1, HIGHEST_TIER)
    values["until_hours"] = checks.number("until_hours", window.until_hours, 0, 2160)
    checks.settle(BadRule)
    return _save(session, PriorityWindow, rule_id, values)


def drop_window(session: Session, rule_id: UUID) -> None:
    """Raises UnknownRule."""
    _drop(session, PriorityWindow, rule_id)


def _times(session: Session, checks: Checks, times: TimesInput) -> dict[str, Any]:
    if times.branch_id:
        catalog.branch(session, times.branch_id)
    if times.region_id:
        catalog.region(session, times.region_id)
    if times.branch_id and times.region_id:
        checks.refuse("region", _("A region or a branch, not both."))
    spans = list(times.spans)
    good = len(spans) == 1 and usable(spans[0]) and not any(minute % 5 for minute in spans[0])
    if not good:
        checks.refuse("hours", _("One span in steps of five minutes, like 17:00–20:00."))
    days = sorted(set(times.weekdays))
    if not days or not set(days) <= set(range(7)):
        checks.refuse("weekdays", _("Choose at least one day of the week."))
    for name, day in (("first_day", times.first_day), ("last_day", times.last_day)):
        if day is not None:
            checks.day(name, day)
    if times.first_day and times.last_day and times.last_day < times.first_day:
        checks.refuse("last_day", _("Not before the first day."))
    starts, ends = spans[0] if good else (0, 5)
    where = {"branch_id": times.branch_id, "region_id": times.region_id}
    when = {"weekdays": days, "starts": starts, "ends": ends}
    return {**where, **when, "first_day": times.first_day, "last_day": times.last_day}


def _save(session: Session, model: type[R], rule_id: UUID | None, values: dict[str, Any]) -> UUID:
    row = session.get(model, rule_id, with_for_update=True) if rule_id else model(id=ids.uuid7())
    if row is None:
        raise UnknownRule
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row.id


def _drop(session: Session, model: type[BookingPolicy] | type[PeakRule] | type[PriorityWindow], rule_id: UUID) -> None:
    row = session.get(model, rule_id, with_for_update=True)
    if row is None:
        raise UnknownRule
    session.delete(row)
    session.flush()
