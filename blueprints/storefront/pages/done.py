"""Booked: when, where, with whom; and the same again every few weeks."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response, request, url_for

from blueprints.booking import api as booking
from blueprints.storefront import queries, service
from blueprints.storefront.agreement import agreed_of
from blueprints.storefront.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, once, page
from blueprints.storefront.pages.manage import Appointment, by_link
from blueprints.storefront.queries.times import bookable
from shopbell import clock
from shopbell.errors import DomainError, Invalid
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import see

WEEKS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 26)
MOST_TIMES = 12


@dataclass
class RepeatForm:
    """How often: what was typed goes back into the fields, and what is wrong with it stands next to them."""

    typed: dict[str, str] = field(default_factory=lambda: {"weeks": "4", "times": "3"})
    errors: dict[str, str] = field(default_factory=dict)

    def check(self) -> tuple[int, int] | None:
        """Weeks between two visits, and visits in all."""
        weeks = self._number("weeks", 1, max(WEEKS), _("Choose every how many weeks."))
        times = self._number("times", 2, MOST_TIMES, _("Choose from 2 to %(most)s visits.", most=MOST_TIMES))
        return (weeks, times) if weeks and times else None

    def _number(self, name: str, least: int, most: int, otherwise: str) -> int | None:
        text = self.typed[name]
        if text.isascii() and text.isdigit() and len(text) <= 2 and least <= int(text) <= most:
            return int(text)
        self.errors[name] = otherwise
        return None


@PAGES.get("/done/<token>")
@open_to_all(WHY_OPEN)
@by_link
def done(appointment: Appointment) -> Response:
    """When, where, and what can be done now; for a recurring visit all its times."""
    if appointment.booking.status == "cancelled":
        return see(url_for(".manage", token=appointment.token))
    return done_page(appointment, RepeatForm())


@PAGES.post("/done/<token>")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
@by_link
def repeat(appointment: Appointment) -> Response:
    """Book the same visit again every few weeks. A second click leads to what the first one made."""
    session, lead = current_session(), booking.visit(current_session(), appointment.booking.id)[0]
    form = RepeatForm({name: request.form.get(name, "")[:9] for name in ("weeks", "times")})
    wanted = form.check()
    if wanted is None:
        return done_page(appointment, form, status=422)
    if lead.status not in booking.UPCOMING or lead.series_id:
        return see(url_for(".done", token=appointment.token))
    try:
        once(f"series:{lead.id}", lambda: str(service.repeat(session, lead.id, *wanted).series_id))
    except Invalid as refusal:
        form.errors["times"] = refusal.detail
        return done_page(appointment, form, status=422)
    except DomainError as refusal:
        return done_page(appointment, form, refusal, status=refusal.status)
    return see(url_for(".done", token=appointment.token))


def done_page(
    appointment: Appointment, form: RepeatForm, refusal: DomainError | None = None, *, status: int = 200
) -> Response:
    session, branch = current_session(), appointment.branch
    rows = booking.visit(session, appointment.booking.id)
    lead, charges = rows[0], booking.charges_of(session, [row.id for row in rows])
    return page(
        "done.html",
        status,
        it=appointment,
        lead=lead,
        branch=branch,
        lines=queries.lines_of_rows(session, rows),
        names=list(dict.fromkeys(row.guest_name for row in sorted(rows, key=lambda row: row.id))),
        total=sum(row.price_minor for row in rows),
        agreed=agreed_of(rows, clock.zone(branch.time_zone), [one for found in charges.values() for one in found]),
        series=booking.series(session, lead.series_id) if lead.series_id else None,
        form=form,
        refusal=refusal,
        weeks=WEEKS,
        most=MOST_TIMES,
        last_day=bookable(branch)[1],
        may_repeat=lead.status in booking.UPCOMING and not lead.series_id,
    )
