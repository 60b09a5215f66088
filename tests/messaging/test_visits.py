"""A visit of several services is told as one; what waits for approval is told as such."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, BookingRequest, CustomerInput
from blueprints.booking.models import BookingPolicy
from blueprints.booking.values import Guest, Item
from blueprints.catalog.models import Service
from blueprints.templates.facts import Fees
from blueprints.templates.facts import Item as Line
from blueprints.templates.rules.wordings import LOCALES
from blueprints.templates.texts import draw
from shopbell import clock, ids
from tests.messaging.outside import EMAIL, IN_TWO_DAYS, PHONE, message, messages
from tests.support.world import Shop
from tests.templates.test_texts import FACTS

pytestmark = pytest.mark.proves("B2")
Run = Callable[[], int]
HALF_AN_HOUR = timedelta(minutes=30)


def visit(session: Session, shop: Shop) -> BookingDetails:
    """An eye test and a fitting for whoever books, and an eye test for somebody who comes along."""
    mine = Guest((Item(shop.eye_test), Item(shop.fitting)))
    guests = (mine, Guest((Item(shop.eye_test),), "Mai"))
    customer = CustomerInput("Lan", PHONE, EMAIL, "en")
    return booking.reserve(session, BookingRequest(shop.branch_id, None, IN_TWO_DAYS, customer, guests=guests))


@pytest.mark.usefixtures("outside")
def test_a_visit_is_confirmed_once_with_everything_in_it(session: Session, shop: Shop, run_jobs: Run) -> None:
    made = visit(session, shop)
    run_jobs()
    assert len(messages(session, template="confirmation")) == 2
    mail = message(session, "email")
    assert mail.booking_id == made.id
    assert mail.body.count("Test Eye Test · ") == 2
    assert "Test Fitting" in mail.body
    assert "Mai" in mail.body
    last = max(each.ends_at for each in booking.visit(session, made.id))
    assert mail.calendar is not None
    assert f"{last.astimezone(clock.zone('Asia/Shanghai')):%Y%m%dT%H%M}" in mail.calendar.replace("Z", "") or (
        f"{last:%Y%m%dT%H%M}" in mail.calendar
    )
    assert mail.calendar.count("BEGIN:VEVENT") == 1


@pytest.mark.usefixtures("outside")
def test_a_visit_is_moved_and_cancelled_with_one_message_each(session: Session, shop: Shop, run_jobs: Run) -> None:
    made = visit(session, shop)
    run_jobs()
    booking.move(session, made.id, IN_TWO_DAYS + timedelta(hours=2), by="staff")
    run_jobs()
    booking.cancel(session, made.id, reason="ill", by="staff")
    run_jobs()
    for template in ("change", "cancellation"):
        assert len(messages(session, template=template)) == 2
        assert "Mai" in message(session, "email", template).body


@pytest.mark.usefixtures("outside")
def test_a_cancelled_part_is_told_once_and_says_that_the_rest_stays(
    session: Session, shop: Shop, run_jobs: Run
) -> None:
    made = visit(session, shop)
    run_jobs()
    mine = [row.id for row in booking.visit(session, made.id) if not row.guest_name]
    booking.cancel(session, mine[0], by="customer", alone=True, also=mine[1:])
    run_jobs()
    assert messages(session, template="cancellation") == []
    assert len(messages(session, template="part_cancelled")) == 2
    mail = message(session, "email", "part_cancelled")
    assert "The rest of your visit stays as it is." in mail.body
    assert "Mai" not in mail.body
    assert mail.calendar is None, "the visit's entry must stay in the calendar"


@pytest.mark.usefixtures("outside")
def test_a_request_is_told_as_one_and_its_approval_as_the_confirmation(
    session: Session, shop: Shop, run_jobs: Run
) -> None:
    asked = ask(session, shop)
    assert asked.status == "requested"
    run_jobs()
    assert "asked for" in message(session, "sms", "request").body
    assert message(session, "email", "request").calendar is None
    assert messages(session, template="confirmation") == []
    booking.approve(session, asked.id)
    run_jobs()
    assert "booked for" in message(session, "sms").body


@pytest.mark.usefixtures("outside")
def test_a_declined_request_is_told_kindly(session: Session, shop: Shop, run_jobs: Run) -> None:
    asked = ask(session, shop)
    run_jobs()
    booking.cancel(session, asked.id, reason="declined", by="staff")
    run_jobs()
    assert "is not possible" in message(session, "sms", "declined").body
    assert messages(session, template="cancellation") == []


def ask(session: Session, shop: Shop) -> BookingDetails:
    """A time for a service that staff must approve."""
    session.execute(update(Service).where(Service.id == shop.eye_test).values(needs_approval=True))
    session.flush()
    customer = CustomerInput("Lan", PHONE, EMAIL, "en")
    return booking.reserve(session, BookingRequest(shop.branch_id, shop.eye_test, IN_TWO_DAYS, customer))


@pytest.mark.usefixtures("outside")
def test_what_the_terms_cost_stands_in_the_confirmation(session: Session, shop: Shop, run_jobs: Run) -> None:
    session.add(
        BookingPolicy(id=ids.uuid7(), branch_id=None, service_id=None, late_cancel_percent=50, no_show_percent=100)
    )
    session.flush()
    customer = CustomerInput("Lan", PHONE, EMAIL, "en")
    booking.reserve(session, BookingRequest(shop.branch_id, shop.eye_test, IN_TWO_DAYS, customer))
    run_jobs()
    mail = message(session, "email")
    assert "A late cancellation costs CN¥99.50." in mail.body
    assert "Not coming costs CN¥199.00." in mail.body
    assert "deposit" not in mail.body


@pytest.mark.parametrize("locale", LOCALES)
def test_a_visit_lists_its_services_with_their_times(locale: str) -> None:
    assert FACTS.starts_at
    items = tuple(
        Line(service, "Chen Yi", guest, FACTS.starts_at + number * HALF_AN_HOUR, FACTS.starts_at + HALF_AN_HOUR * 2)
        for number, (service, guest) in enumerate((("Colour", ""), ("Cut", "Mai")))
    )
    texts = draw("confirmation", locale, replace(FACTS, items=items, fees=Fees("CNY", deposit=5000)))
    assert "Colour + Cut" in texts.sms
    assert "14:30–15:30" in texts.text
    assert "Colour · Chen Yi" in texts.text
    assert "Cut · Chen Yi · Mai" in texts.text
    assert "Cut · Chen Yi · Mai" in texts.html
    assert "50" in texts.text.split("Mai")[1]


def test_a_long_visit_is_counted_in_a_short_text() -> None:
    assert FACTS.starts_at
    items = tuple(
        Line(service, None, "", FACTS.starts_at, FACTS.starts_at + HALF_AN_HOUR)
        for service in ("Colour", "Cut", "Blow")
    )
    assert "Colour +2" in draw("reminder", "en", replace(FACTS, items=items)).sms
