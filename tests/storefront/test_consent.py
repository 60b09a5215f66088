"""Asking for offers while booking: boxes that nobody ticked for the customer, and what is kept of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking.models import Booking
from blueprints.crm import consents
from blueprints.crm.consents import Said
from tests.storefront.conftest import Customer

NINE = "2026-03-02T01:00:00Z"


def said(session: Session) -> list[Said]:
    session.expire_all()
    booking = session.scalars(select(Booking).where(Booking.customer_id.is_not(None))).one()
    assert booking.customer_id is not None
    return consents.history(session, booking.customer_id)


def test_the_boxes_are_empty_and_no_condition(customer: Customer, session: Session) -> None:
    details = customer.hold(NINE)
    text = customer.see(details).text
    assert 'name="consent_sms">' in text
    assert 'name="consent_email">' in text
    assert customer.confirm(details).status_code == 303
    assert said(session) == []


def test_what_was_ticked_is_kept_with_its_sentence_and_the_booking(customer: Customer, session: Session) -> None:
    answer = customer.confirm(customer.hold(NINE), consent_sms="on")
    assert answer.status_code == 303
    [one] = said(session)
    assert (one.purpose, one.channel, one.given, one.source) == ("marketing", "sms", True, "booking")
    assert one.words
    assert (one.version, one.branch_id is not None, one.booking_id is not None) == (consents.VERSION, True, True)


def test_a_box_for_mails_without_an_address_says_nothing(customer: Customer, session: Session) -> None:
    assert customer.confirm(customer.hold(NINE), consent_email="on", email="").status_code == 303
    assert said(session) == []


def test_a_tick_stays_when_something_else_is_wrong(customer: Customer) -> None:
    answer = customer.confirm(customer.hold(NINE), name="", consent_email="on")
    assert answer.status_code == 422
    assert 'name="consent_email" checked>' in answer.text
