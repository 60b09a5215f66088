"""The wish as typed: read into a request, and kept when something is wrong with it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from werkzeug.datastructures import MultiDict

from blueprints.account import api as account
from blueprints.booking.api import CustomerInput, Guest
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.waitlist.values import JoinRequest
from shopbell import clock
from shopbell.i18n import current_locale
from shopbell.pages.forms import NOBODY, Form
from shopbell.phone import display
from shopbell.tenancy import current_tenant

USUAL_DAYS = 14
LONGEST_FIELD = 2000


def first_values(branch: BranchView, service: ServiceView, asked: MultiDict[str, str]) -> MultiDict[str, str]:
    """What the form begins with: the day, person and options that were looked at."""
    today, _minute = clock.local_minutes(clock.now(), clock.zone(branch.time_zone))
    day = max(Form(asked).day("day") or today, today)
    values: MultiDict[str, str] = MultiDict(
        {
            "first_day": day.isoformat(),
            "last_day": (day + timedelta(days=USUAL_DAYS)).isoformat(),
            "earliest": "0",
            "latest": "1440",
            "staff": asked.get("staff", "")[:40],
        }
    )
    values.setlist("weekdays", [str(weekday) for weekday in range(7)])
    values.setlist("branches", [str(branch.id)])
    values.setlist("options", known_options(service, asked.getlist("options")))
    me = account.known()
    if me:
        number = display(me.phone, current_tenant().country)
        values.update({"name": me.name, "phone": number, "email": me.email or ""})
    return values


def known_options(service: ServiceView, wanted: list[str]) -> list[str]:
    """Those of the ids that are options on offer, with the first variant when there is none."""
    found = [str(option.id) for option in service.options if option.active and str(option.id) in wanted]
    variants = [str(option.id) for option in service.variants]
    if variants and not set(variants) & set(found):
        found.insert(0, variants[0])
    return found


def read_wish(
    form: Form, branch: BranchView, service: ServiceView, booking_id: UUID | None, guests: tuple[Guest, ...] = ()
) -> JoinRequest:
    """The typed wish, for one service or for the guests of a visit. What cannot be read becomes a value that the
    service refuses by its field's name."""
    branches = [branch.id, *(branch_id for branch_id in form.ids("branches") if branch_id != branch.id)]
    weekdays = tuple(int(text) for text in form.values.getlist("weekdays") if text in set("0123456"))
    return JoinRequest(
        service_id=service.id,
        branch_ids=tuple(branches),
        first_day=form.day("first_day") or date.max,
        last_day=form.day("last_day") or date.min,
        weekdays=weekdays,
        earliest=form.number("earliest"),
        latest=form.number("latest"),
        options=tuple(form.ids("options")),
        person_id=form.id("staff"),
        booking_id=booking_id,
        customer=CustomerInput(form.text("name"), form.text("phone"), form.text("email"), current_locale()),
        note=form.text("note").replace("\r\n", "\n"),
        wish_id=wish_id(form),
        guests=guests,
    )


def wish_id(form: Form) -> UUID | None:
    """The id that the form brought along, so that a second click makes no second wish."""
    found = form.id("wish")
    return None if found == NOBODY else found
