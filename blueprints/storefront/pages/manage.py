"""After booking: what was booked, the calendar file, moving and cancelling by the signed link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps

from flask import Response, url_for

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, UnknownBooking
from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView, UnknownPerson
from blueprints.storefront import queries, service
from blueprints.storefront.errors import BadChoice, BadDay, UnknownLink
from blueprints.storefront.pages.frame import (
    PAGES,
    PER_MINUTE,
    WHY_OPEN,
    alternatives,
    asked,
    entered,
    manage_token,
    page,
    private,
    problem,
    read_wish,
    see,
)
from blueprints.storefront.rules import may_change
from shopbell import clock, runtime
from shopbell.crypto import BadToken
from shopbell.errors import DomainError
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.i18n import localized
from shopbell.ics import IcsEvent, calendar
from shopbell.tenancy import current_tenant

ALARM_MINUTES = 120


@dataclass(frozen=True)
class Appointment:
    """A booking with everything its pages say about it. `change` is yes, late or no."""

    token: str
    booking: BookingDetails
    branch: BranchView
    service: ServiceView
    person: PersonView | None

    @property
    def change(self) -> str:
        return may_change(self.booking.status, self.booking.cancel_deadline, clock.now())

    @property
    def day(self) -> date:
        """The local day it is on."""
        return clock.local_minutes(self.booking.starts_at, clock.zone(self.branch.time_zone))[0]


def by_link(view: Callable[[Appointment], Response]) -> Callable[[str], Response]:
    """Find the appointment of the link; a link that does not work is explained, with the telephone numbers to call."""

    @wraps(view)
    def opened(token: str) -> Response:
        session = current_session()
        try:
            found = booking.details(session, booking.read_manage_token(token, clock.now()))
        except (BadToken, UnknownBooking):
            error = UnknownLink(_("It may be incomplete or too old. Open it from our latest message, or call us."))
            return private(problem(error, "/", _("Book an appointment"), branches=catalog.branches(session)))
        appointment = Appointment(
            token=token,
            booking=found,
            branch=catalog.branch(session, found.branch_id),
            service=catalog.service(session, found.service_id),
            person=staff.person(session, found.person_id) if found.person_id else None,
        )
        return private(view(appointment))

    return opened


@PAGES.get("/m/<token>")
@open_to_all(WHY_OPEN)
@by_link
def manage(appointment: Appointment) -> Response:
    return manage_page(appointment)


def manage_page(appointment: Appointment, refusal: DomainError | None = None) -> Response:
    status = refusal.status if refusal else 200
    return page(
        "manage.html", status, it=appointment, branch=appointment.branch, refusal=refusal, moved=asked("moved") == "1"
    )


@PAGES.get("/m/<token>/booking.ics")
@open_to_all(WHY_OPEN)
@by_link
def calendar_file(appointment: Appointment) -> Response:
    """The appointment for a calendar. The id stays the same for life, so a newer file replaces the older entry."""
    it, tenant = appointment.booking, current_tenant()
    name = brand.brand(current_session()).display_name
    link = runtime.settings().tenant_url(tenant.host) + url_for(".manage", token=appointment.token)
    where = (localized(appointment.branch.name, tenant.locale), localized(appointment.branch.address, tenant.locale))
    event = IcsEvent(
        uid=f"{it.id}@{tenant.host}",
        starts_at=it.starts_at,
        ends_at=it.ends_at,
        summary=f"{localized(appointment.service.name, tenant.locale)} · {name}",
        sequence=it.slot_version + (it.status == "cancelled"),
        status="CANCELLED" if it.status == "cancelled" else "CONFIRMED",
        description="\n".join((_("Reference %(ref)s", ref=it.ref), appointment.branch.phone, link)),
        location=", ".join(part for part in where if part),
        url=link,
        alarm_minutes=ALARM_MINUTES,
    )
    response = Response(calendar([event], name=name), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="appointment-{it.ref}.ics"'
    return response


@PAGES.get("/m/<token>/move")
@open_to_all(WHY_OPEN)
@by_link
def move(appointment: Appointment) -> Response:
    """Other times for the same service at the same branch."""
    if appointment.change != "yes":
        return see(url_for(".manage", token=appointment.token))
    try:
        return move_page(appointment, asked("day") or appointment.day.isoformat(), asked("staff"))
    except (BadDay, UnknownPerson) as error:
        again = url_for(".move", token=appointment.token)
        return problem(error, again, _("See the next free times"), branch=appointment.branch)


@PAGES.post("/m/<token>/move")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
@by_link
def make_move(appointment: Appointment) -> Response:
    """Give the appointment the chosen time. A second click changes nothing more."""
    try:
        moved = service.move(current_session(), appointment.booking.id, read_wish(entered("start")))
    except BadChoice as error:
        again = url_for(".move", token=appointment.token)
        return problem(error, again, _("See the next free times"), branch=appointment.branch)
    except DomainError as refusal:
        if appointment.change != "yes":
            return manage_page(appointment, refusal)
        return move_page(appointment, appointment.day.isoformat(), "", refusal)
    return see(url_for(".manage", token=manage_token(moved), moved=1))


def move_page(appointment: Appointment, day: str, staff_id: str, refusal: DomainError | None = None) -> Response:
    """The free times for a move. Raises BadDay, UnknownPerson."""
    branch = appointment.branch
    if not branch.is_open:
        return page("closed.html", branch=branch)
    return page(
        "move.html",
        refusal.status if refusal else 200,
        it=appointment,
        branch=branch,
        service=appointment.service,
        view=queries.times(current_session(), branch, appointment.service, day, staff_id, appointment.booking.id),
        refusal=refusal,
        offers=alternatives(refusal) if refusal else [],
    )


@PAGES.get("/m/<token>/cancel")
@open_to_all(WHY_OPEN)
@by_link
def cancel(appointment: Appointment) -> Response:
    """Ask once before cancelling: the time may be gone a minute later."""
    if appointment.change != "yes":
        return see(url_for(".manage", token=appointment.token))
    return page("cancel.html", it=appointment, branch=appointment.branch)


@PAGES.post("/m/<token>/cancel")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
@by_link
def make_cancellation(appointment: Appointment) -> Response:
    try:
        service.cancel(current_session(), appointment.booking.id)
    except DomainError as refusal:
        return manage_page(appointment, refusal)
    return see(url_for(".manage", token=appointment.token))
