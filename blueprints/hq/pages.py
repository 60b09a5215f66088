"""The frame around all HQ pages, and the overview."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from blueprints.alerts import api as alerts
from blueprints.booking import api as booking
from blueprints.brand import api as brand
from blueprints.brand.api import BrandView
from blueprints.catalog import api as catalog
from blueprints.hq import rules
from shopbell import charts, clock
from shopbell.auth import Principal
from shopbell.http import current_principal, current_session, permit, permitted_at
from shopbell.http.context import application
from shopbell.pages import render
from shopbell.tenancy import Allowance, current_tenant
from shopbell.text import N_
from tenants import quotas

ALERTS = "alerts.listing"
"""The one entry that says how much is new."""
START = "access.start"
"""Leads to the board of one's branch, or to a choice of several."""
PAGES = Blueprint("hq", __name__, template_folder="templates", url_prefix="/hq")


@dataclass(frozen=True)
class Entry:
    """A line of the side navigation; `here` when the page belongs to it, `count` what waits there."""

    label: str
    icon: str
    address: str
    here: bool
    count: int = 0


@dataclass(frozen=True)
class Frame:
    brand: BrandView
    entries: list[Entry]


@PAGES.app_context_processor
def give_frame() -> dict[str, Callable[[], Frame]]:
    """HQ templates of every feature ask for their frame by calling hq_frame()."""
    return {"hq_frame": frame}


def frame() -> Frame:
    person = current_principal()
    # Whoever works at the desk of some branches comes from there, and has to find the way back.
    at_desk = bool(person.branches_for("frontdesk.use"))
    entries = [Entry(N_("Day board"), "calendar", url_for(START), here=False)] if at_desk else []
    for entry in application().navigation:
        if person.may(entry.permission):
            address = url_for(entry.endpoint)
            here = request.path == address if entry.endpoint == "hq.overview" else request.path.startswith(address)
            waiting = alerts.unread(current_session(), person) if entry.endpoint == ALERTS else 0
            entries.append(Entry(entry.label, entry.icon, address, here, waiting))
    return Frame(brand.brand(current_session()), entries)


@PAGES.get("/")
@permit("hq.read")
def overview() -> Response:
    """How the chain is doing: today, this week against the last, and each branch; managers see their own branches."""
    session = current_session()
    now = clock.now()
    today, _minute = clock.local_minutes(now, clock.zone(current_tenant().time_zone))
    branches = [branch for branch in catalog.branches(session) if permitted_at(branch.id)]
    first_day, last_day = today - timedelta(days=rules.PERIOD - 1), today + timedelta(days=rules.WEEK)
    counts = [count for count in booking.daily_counts(session, first_day, last_day) if permitted_at(count.branch_id)]
    figures = rules.figures(counts, [branch.id for branch in branches], today)
    return render(
        "hq/overview.html",
        figures=figures,
        branches=branches,
        states=catalog.states(session, branches, now),
        nearly_used=nearly_used(current_principal()),
        **drawings(figures),
    )


def nearly_used(person: Principal) -> dict[str, Allowance]:
    """What the chain has nearly used up, or more than that, for whoever looks after the chain as a whole."""
    if person.branches_for(g.permitted) is not None:
        return {}
    known = current_tenant().allowances
    return {name: allowance for name, allowance in known.items() if allowance.is_used(quotas.WARN_AT)}


def drawings(figures: rules.Figures) -> dict[str, Any]:
    """The chart's line of visits done ends yesterday: today's are not over."""
    days = rules.worth_drawing(figures.days)
    recent = figures.days[-14:]
    return {
        "days": days,
        "chart": charts.line_chart({"booked": [day.booked for day in days], "done": [day.done for day in days[:-1]]}),
        "booked_line": charts.sparkline([day.booked for day in recent]),
        "no_show_line": charts.sparkline([day.no_show for day in recent]),
        "busiest": max((found.last_week for found in figures.branches.values()), default=0),
    }
