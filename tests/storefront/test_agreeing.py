"""What the chain has its customers agree to is agreed to before booking, and the version is kept with the booking."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from blueprints.booking.models import Booking
from blueprints.brand import queries, service
from blueprints.brand.models import LegalAgreement
from blueprints.brand.service import LegalInput
from shopbell import clock
from tests.storefront.conftest import CUSTOMER

NINE = "2026-03-02T01:00:00Z"


def published(session, kind, number=1, asks=True):
    service.publish_legal(session, kind, LegalInput({"en": f"{kind} {number}"}, clock.now().date(), asks), "", number)
    return str(queries.legal(session, kind).id)


@pytest.mark.proves("T3")
def test_who_does_not_agree_does_not_book_and_who_does_has_the_version_kept(customer, session):
    terms, privacy = published(session, "terms"), published(session, "privacy")
    published(session, "imprint", asks=False)
    details = customer.hold(NINE)
    page = customer.see(details).text
    assert re.findall(r'name="(agree_\w+)"', page) == ["agree_privacy", "agree_terms"]
    assert "/legal/terms?version=1" in page
    refused = customer.confirm(details, agree_terms=terms)
    assert refused.status_code == 422
    assert 'href="#f-agree_privacy"' in refused.text
    assert re.search(rf'value="{terms}" required checked', refused.text)
    assert f'value="{CUSTOMER["name"]}"' in refused.text
    done = customer.confirm(details, agree_terms=terms, agree_privacy=privacy)
    assert done.status_code == 303
    booking = session.scalars(select(Booking).where(Booking.status == "booked")).one()
    kept = session.scalars(select(LegalAgreement).order_by(LegalAgreement.legal_text_id)).all()
    assert [str(one.legal_text_id) for one in kept] == [terms, privacy]
    assert {(one.booking_id, one.customer_id) for one in kept} == {(booking.id, booking.customer_id)}
    again = customer.confirm(details, agree_terms=terms, agree_privacy=privacy)
    assert again.location == done.location
    assert len(session.scalars(select(LegalAgreement)).all()) == 2
    manage = customer.see(done.location.replace("/done/", "/m/")).text
    assert "/legal/terms?version=1" in manage
    assert "/legal/privacy?version=1" in manage


def test_to_agree_to_one_version_is_not_to_agree_to_the_next(customer, session):
    first = published(session, "terms")
    details = customer.hold(NINE)
    second = published(session, "terms", 2)
    refused = customer.confirm(details, agree_terms=first)
    assert refused.status_code == 422
    assert 'href="#f-agree_terms"' in refused.text
    assert " checked" not in refused.text
    assert customer.confirm(details, agree_terms=second).status_code == 303


def test_where_nothing_is_asked_no_box_is_shown(customer, session):
    published(session, "terms", asks=False)
    assert "agree_" not in customer.see(customer.hold(NINE)).text
