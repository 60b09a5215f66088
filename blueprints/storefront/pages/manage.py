"""The customer's own page of a visit, by its signed link: what is booked, what was agreed, what can be done now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from uuid import UUID

from flask import Response, url_for

from blueprints.arrivals import api as arrivals
from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, CancelCost, ChargeView, UnknownBooking
from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.reviews import api as reviews
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView
from blueprints.storefront import queries
from blueprints.storefront.agreement import agreed_of, settled
from blueprints.storefront.errors import UnknownLink
from blueprints.storefront.events import CalendarWanted
from blueprints.storefront.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, asked, manage_token, page, problem
from blueprints.storefront.standing import Part, may_cancel, may_move, parts_of, stage
from shopbell import clock, runtime
from shopbell.crypto import BadToken
from shopbell.errors import DomainError
from shopbell.events import publish
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.i18n import localized
from shopbell.ics import IcsEvent, calendar
from shopbell.pages import private, see
from shopbell.tenancy import current_tenant

ALARM_MINUTES = 120
FEW = 12
"""So many times of a series are listed."""


@dataclass(frozen=True)
class Appointment:
    """A booking with everything its pages say about it; `rows` are all appointments of its visit, the lead first.

    The booking is the link's own, or another one of the visit that stands when that one is cancelled.
    """

    token: str
    booking: BookingDetails
    branch: BranchView
    service: ServiceView
    person: PersonView | None
    rows: tuple[BookingDetails, ...]

    @property
    def standing(self) -> list[BookingDetails]:
        """What of the visit is not cancelled; all of it when everything is."""
        return [row for row in self.rows if row.status != "cancelled"] or list(self.rows)

    @property
    def cancelled(self) -> list[BookingDetails]:
        """What of the visit was cancelled while something else of it stands."""
        return [row for row in self.rows if row not in self.standing]

    @property
    def first(self) -> BookingDetails:
        """Whose start is the visit's."""
        return min(self.standing, key=lambda row: row.starts_at)

    @property
    def stage(self) -> str:
        return stage(self.rows)

    @property
    def cancelling(self) -> str:
        return may_cancel(self.rows, clock.now())

    @property
    def moving(self) -> str:
        return may_move(self.rows, clock.now())

    @property
    def day(self) -> date:
        """The local day it is on."""
        return clock.local_minutes(self.first.starts_at, clock.zone(self.branch.time_zone))[0]

    @cached_property
    def charges(self) -> dict[UUID, list[ChargeView]]:
        return booking.charges_of(current_session(), [row.id for row in self.rows])

    def cost(self, rows: Sequence[BookingDetails]) -> CancelCost:
        """What cancelling these costs now."""
        return booking.cost_of_cancelling(rows, self.charges, clock.now())

    @property
    def parts(self) -> list[Part]:
        """What of the visit can be cancelled without the rest."""
        return [part for part in parts_of(self.standing) if may_cancel(part, clock.now()) in {"free", "fee"}]


def by_link(view: Callable[[Appointment], Response]) -> Callable[[str], Response]:
    """Find the appointment of the link; a link that does not work is explained, with the telephone numbers to call."""

    @wraps(view)
    def opened(token: str) -> Response:
        session = current_session()
        try:
            found = booking.details(session, booking.read_manage_token(token, clock.now()))
            rows = booking.visit(session, found.id)
            if found.status == "cancelled":
                found = next((row for row in rows if row.status != "cancelled"), found)
        except (BadToken, UnknownBooking):
            error = UnknownLink(_("It may be incomplete or too old. Open it from our latest message, or call us."))
            return private(
                problem(error, url_for(".start"), _("Book an appointment"), branches=catalog.branches(session))
            )
        appointment = Appointment(
            token=token,
            booking=found,
            branch=catalog.branch(session, found.branch_id),
            service=catalog.service(session, found.service_id),
            person=staff.person(session, found.person_id) if found.person_id else None,
            rows=tuple(rows),
        )
        return private(view(appointment))

    return opened


@PAGES.get("/m/<token>")
@open_to_all(WHY_OPEN)
@by_link
def manage(appointment: Appointment) -> Response:
    return manage_page(appointment)


def manage_page(it: Appointment, refusal: DomainError | None = None) -> Response:
    session, rows, zone = current_session(), it.standing, clock.zone(it.branch.time_zone)
    series = booking.series(session, it.booking.series_id) if it.booking.series_id else None
    return page(
        "manage.html",
        refusal.status if refusal else 200,
        it=it,
        branch=it.branch,
        lines=queries.lines_of_rows(session, rows),
        names=guest_names(rows),
        total=sum(row.price_minor for row in rows),
        currency=it.booking.currency,
        off=queries.lines_of_rows(session, it.cancelled),
        off_names=guest_names(it.cancelled),
        agreed=agreed_of(rows, zone),
        agreed_to=brand.agreed_in(session, [row.id for row in it.rows]),
        settled=settled([charge for found in it.charges.values() for charge in found]),
        other_times=[(manage_token(one), one.starts_at) for one in series.placed[:FEW]] if series else [],
        unplaced=series.unplaced if series else (),
        here=arrivals.check_in_link(session, it.first.id),
        review=review_address(it),
        refusal=refusal,
        moved=asked("moved") == "1",
        left=asked("left") == "1",
        sent=asked("sent") == "1",
    )


def guest_names(rows: list[BookingDetails]) -> list[str]:
    """One name per guest, in the order in which lines_of_rows lists them."""
    return list(dict.fromkeys(row.guest_name for row in sorted(rows, key=lambda row: row.id)))


def review_address(it: Appointment) -> str | None:
    """Where the customer says how it was, once it is over."""
    if it.stage != "done":
        return None
    return url_for("reviews.review", token=reviews.review_token(it.rows[0].id, it.first.ends_at))


@PAGES.post("/m/<token>/calendar")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
@by_link
def send_calendar(it: Appointment) -> Response:
    """Send the customer the address of their calendar.

    It shows all their appointments, and whoever booked under somebody's name and number has this page's link: so it is
    never shown here.
    """
    if it.booking.customer_id and it.stage == "upcoming":
        publish(current_session(), CalendarWanted(it.booking.id, it.booking.customer_id))
    return see(url_for(".manage", token=it.token, sent=1))


@PAGES.get("/m/<token>/booking.ics")
@open_to_all(WHY_OPEN)
@by_link
def calendar_file(it: Appointment) -> Response:
    """The visit for a calendar. The id stays the same for life, so a newer file replaces the older entry."""
    tenant, branch, found = current_tenant(), it.branch, it.booking
    name = brand.shown(branch).display_name
    link = runtime.settings().tenant_url(tenant.host) + url_for(".manage", token=it.token)
    where = (localized(branch.name, tenant.locale), localized(branch.address, tenant.locale))
    services = {one.id: one for one in catalog.services(current_session(), active_only=False)}
    names = {row.service_id: localized(services[row.service_id].name) for row in it.standing}
    event = IcsEvent(
        uid=f"{it.rows[0].id}@{tenant.host}",
        starts_at=it.first.starts_at,
        ends_at=max(row.ends_at for row in it.standing),
        summary=f"{' + '.join(names.values())} · {name}",
        sequence=sum(row.revision for row in it.rows),
        status="CANCELLED" if it.stage == "cancelled" else "TENTATIVE" if found.status == "requested" else "CONFIRMED",
        description="\n".join((_("Reference %(ref)s", ref=found.ref), branch.phone, link)),
        location=", ".join(part for part in where if part),
        url=link,
        alarm_minutes=ALARM_MINUTES,
        zone=clock.zone(branch.time_zone),
    )
    response = Response(calendar([event], name=name), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="appointment-{found.ref}.ics"'
    return response
