"""What the chain has its customers agree to is agreed to before booking, and the version is kept with the booking."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from blueprints.booking.models import Booking
from blueprints.brand import queries, service
from blueprints.brand.models import LegalAgreement
from blueprints.brand.service import LegalInput
from blueprints.waitlist.models import Wish
from shopbell import clock, ids
from tests.storefront.conftest import CUSTOMER

NOBODY = "00000000-0000-7000-8000-000000000000"
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


def kept(session):
    """What was agreed to: occasion, whose, and by whom it was told."""
    columns = LegalAgreement.occasion, LegalAgreement.subject_id, LegalAgreement.customer_id, LegalAgreement.told_by
    return [tuple(row) for row in session.execute(select(*columns).order_by(LegalAgreement.id))]


def test_whoever_waits_for_a_time_agrees_too_and_no_wish_is_kept_before(customer, session, shop):
    terms = published(session, "terms")
    address = "/waitlist/xintiandi/eye-exam"
    assert 'name="agree_terms"' in customer.see(address).text
    wish = {
        "first_day": "2026-03-03",
        "last_day": "2026-03-04",
        "weekdays": ["0", "1", "2"],
        "earliest": "0",
        "latest": "1440",
        "branches": str(shop.branch_id),
        "name": "王小明",
        "phone": "13812345678",
    }
    refused = customer.browser.post(address, data=wish)
    assert refused.status_code == 422
    assert 'href="#f-agree_terms"' in refused.text
    assert session.scalars(select(Wish)).all() == []
    assert customer.browser.post(address, data={**wish, "agree_terms": terms}).status_code == 303
    wish = session.scalars(select(Wish)).one()
    assert kept(session) == [("wish", wish.id, wish.customer_id, "")]


def test_staff_say_that_they_told_whom_they_enter(session, shop, sign_in_as):
    terms, privacy = published(session, "terms"), published(session, "privacy")
    published(session, "imprint", asks=False)
    desk = sign_in_as("frontdesk", [shop.branch_id])
    told = desk.get("/b/xintiandi/config.json?lang=en").get_json()["told"]
    assert set(told["ids"]) == {terms, privacy}
    assert told["text"].startswith("I have told the customer about: ")
    who = {"name": "王小明", "phone": "13812345678"}
    new = {"id": str(ids.uuid7()), "service": str(shop.eye_test), "day": "2026-03-02", "start": 540, "customer": who}
    walk_in = {"id": str(ids.uuid7()), "name": "Lan", "service": None}
    operations = [
        {"op_id": str(ids.uuid7()), "type": kind, "at": "2026-03-02T00:00:00Z", "p": {**said, "told": [terms, NOBODY]}}
        for kind, said in (("booking.create", new), ("walkin.add", walk_in))
    ]
    body = {"device": "tablet", "day": "2026-03-02", "cursor": None, "ops": operations}
    answer = desk.post(f"/api/v1/branches/{shop.branch_id}/sync", json=body)
    assert [result["status"] for result in answer.get_json()["results"]] == ["applied", "applied"], answer.text
    assert {(one[0], one[3]) for one in kept(session)} == {("booking", "Frontdesk"), ("walk_in", "Frontdesk")}
    assert len(kept(session)) == 2
