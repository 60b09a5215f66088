"""Values, places and subjects in people's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from shopbell.i18n import BABEL_NAMES, babel_locale, current_locale, localized
from shopbell.i18n import gettext as _
from shopbell.money import format_money
from shopbell.pages.forms import weekday_names
from shopbell.spans import spans_text
from tenants.settings.keys import CHAIN, REGION, Key
from tenants.settings.rules import Place


def value_text(key: Key, value: Any) -> str:
    """A value as people read it; a dash for none."""
    if key.kind.name == "flag":
        return _("Yes") if value else _("No")
    if key.kind.name == "week":
        return week_text(value or {})
    if key.kind.name == "day":
        return day_text(value)
    if key.choices:
        return dict(key.choices).get(value, "–")
    if value is None or value == "":
        return "–"
    if key.kind.name == "price":
        return format_money(value["minor"], value["currency"], BABEL_NAMES[current_locale()])
    return str(value)


def day_text(value: Mapping[str, Any] | None) -> str:
    """The hours of a single day: "10:00–14:00 · Stocktaking"."""
    if value is None:
        return _("The usual hours of the weekday")
    spans = spans_text((span[0], span[1]) for span in value["spans"]) or _("Closed")
    return f"{spans} · {value['reason']}" if value["reason"] else spans


def week_text(week: Mapping[str, list[list[int]]]) -> str:
    """Days in a row with the same hours together: "Monday–Friday 09:00–18:00; Saturday 10:00–14:00"."""
    names, runs = weekday_names(), list[list[int]]()
    for day in range(7):
        if runs and week.get(str(day)) == week.get(str(runs[-1][-1])):
            runs[-1].append(day)
        else:
            runs.append([day])
    told = []
    for run in runs:
        spans = week.get(str(run[0]))
        days = names[run[0]] if len(run) == 1 else f"{names[run[0]]}–{names[run[-1]]}"
        told.append(f"{days} {spans_text((span[0], span[1]) for span in spans) if spans else _('Closed')}")
    return "; ".join(told)


class Names:
    """The names of places and subjects, asked for once."""

    def __init__(self, session: Session) -> None:
        self._regions = {region.id: region.name for region in catalog.regions(session)}
        self._branches = {branch.id: branch.name for branch in catalog.branches(session)}
        services = catalog.services(session, active_only=False)
        self._subjects = {str(service.id): localized(service.name) for service in services}
        for service in services:
            self._subjects |= {
                str(option.id): f"{localized(service.name)}, {localized(option.name)}" for option in service.options
            }

    def place(self, place: Place) -> str:
        if place.level == CHAIN or place.id is None:
            return _("The whole chain")
        if place.level == REGION:
            return _("Region %(name)s", name=localized(self._regions.get(place.id, {})))
        return localized(self._branches.get(place.id, {}))

    def region(self, region_id: UUID | None) -> str:
        return localized(self._regions[region_id]) if region_id in self._regions and region_id else ""

    def subject(self, subject: str) -> str:
        """A service, an option or a day; empty for what is not there."""
        try:
            return format_date(date.fromisoformat(subject), "full", babel_locale())
        except ValueError:
            return self._subjects.get(subject, "")

    def places(self) -> list[tuple[str, str]]:
        """Everything that may be chosen, for a field."""
        regions = [(f"region:{id_}", self.place(Place(REGION, id_))) for id_ in self._regions]
        branches = [(f"branch:{id_}", localized(name)) for id_, name in self._branches.items()]
        return [(CHAIN, _("The whole chain")), *regions, *branches]
