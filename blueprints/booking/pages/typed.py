"""What the forms of booking rules have in common: when a rule holds, and numbers that may be left empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from blueprints.booking.models import PeakRule, PriorityWindow
from blueprints.booking.service.rulebook import TimesInput
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from shopbell.checks import FIRST_DAY, NOT_A_NUMBER
from shopbell.http import current_session
from shopbell.i18n import gettext as _
from shopbell.i18n import localized
from shopbell.pages.forms import Form
from shopbell.spans import spans_text

REGION = "region:"
Choices = list[tuple[str, str]]


def number(form: Form, name: str) -> int | None:
    """A whole number; None for an empty field."""
    return form.number(name) if form.text(name) else None


def minutes(form: Form, name: str) -> int | None:
    """Minutes from hours as typed ("24", "1.5"), in steps of five; None for an empty field."""
    hours = form.decimal(name)
    if hours is None:
        return None
    found = hours * 60
    # Not-a-number is not smaller than anything.
    return round(found) if abs(found) < 1e7 and round(found) % 5 == 0 else NOT_A_NUMBER


def hours_text(value: int | None) -> str:
    """Minutes as hours for a form: 90 is 1.5."""
    return "" if value is None else f"{value / 60:g}"


def some_day(form: Form, name: str) -> date | None:
    """A date; None for an empty field, and one long past for what is no date: the service refuses it."""
    found = form.day(name)
    return FIRST_DAY.replace(year=1) if found is None and form.text(name) else found


def read_times(form: Form) -> TimesInput:
    place = form.text("place")
    region = place.startswith(REGION)
    return TimesInput(
        branch_id=None if region else form.id("place"),
        region_id=Form({"place": place.removeprefix(REGION)}).id("place") if region else None,
        weekdays=[int(day) if day.isdigit() and day.isascii() and len(day) == 1 else -1 for day in _weekdays(form)],
        spans=form.spans("hours"),
        first_day=some_day(form, "first_day"),
        last_day=some_day(form, "last_day"),
    )


def _weekdays(form: Form) -> list[str]:
    return form.values.getlist("weekdays")


def times_fields(row: PeakRule | PriorityWindow) -> dict[str, Any]:
    return {
        "place": f"{REGION}{row.region_id}" if row.region_id else str(row.branch_id or ""),
        "weekdays": [str(day) for day in row.weekdays],
        "hours": spans_text([(row.starts, row.ends)]),
        "first_day": row.first_day.isoformat() if row.first_day else "",
        "last_day": row.last_day.isoformat() if row.last_day else "",
    }


def branch_choices(everywhere: str) -> Choices:
    return [("", everywhere), *((str(one.id), localized(one.name)) for one in branches().values())]


def place_choices() -> Choices:
    """All branches, those of a region, or one."""
    everywhere, *each = branch_choices(_("All branches"))
    return [everywhere, *((f"{REGION}{id_}", name) for id_, name in region_names().items()), *each]


def service_choices(all_of_them: str) -> Choices:
    found = catalog.services(current_session(), active_only=False)
    return [("", all_of_them), *((str(one.id), localized(one.name)) for one in found)]


def branches() -> dict[UUID, BranchView]:
    return {one.id: one for one in catalog.branches(current_session())}


def region_names() -> dict[UUID, str]:
    found = catalog.regions(current_session())
    return {region.id: _("Region %(name)s", name=localized(region.name)) for region in found}


def places() -> Callable[[PeakRule | PriorityWindow], str]:
    """What the place of a rule is called."""
    regions, known = region_names(), branches()
    return lambda row: regions[row.region_id] if row.region_id else where(row.branch_id, known)


def where(branch_id: UUID | None, known: Mapping[UUID, BranchView]) -> str:
    return localized(known[branch_id].name) if branch_id in known and branch_id else _("All branches")
