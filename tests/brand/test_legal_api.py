"""Programs show the legal texts to customers of theirs, and say who agreed to which."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from blueprints.booking.models import Booking
from blueprints.brand import queries, service
from blueprints.brand.models import LegalAgreement
from blueprints.brand.service import LegalInput
from shopbell import clock, ids


def publish(session, kind: str, number: int = 1, *, asks: bool = True) -> str:
    texts = {"en": f"{kind} {number}"}
    service.publish_legal(session, kind, LegalInput(texts, clock.now().date(), asks), "", number)
    return str(queries.legal(session, kind).id)


def kept(session) -> list[tuple[Any, ...]]:
    columns = (
        LegalAgreement.occasion,
        LegalAgreement.booking_id,
        LegalAgreement.subject_id,
        LegalAgreement.legal_text_id,
        LegalAgreement.locale,
        LegalAgreement.told_by,
    )
    return [tuple(map(str, row)) for row in session.execute(select(*columns).order_by(LegalAgreement.id))]


@pytest.fixture
def wanted(shop) -> dict[str, Any]:
    return {
        "branch": str(shop.branch_id),
        "service": str(shop.eye_test),
        "start": "2026-03-02T10:00:00+08:00",
        "customer": {"name": "李明", "phone": "13812345678", "locale": "vi"},
    }


def test_a_program_lists_the_texts_in_force_with_the_page_of_each_version(api_client, client, session):
    publish(session, "terms")
    terms, imprint = publish(session, "terms", 2), publish(session, "imprint", asks=False)
    found = {
        one["kind"]: one for one in api_client("booking.read").get("/api/v1/legal-texts?lang=en").get_json()["items"]
    }
    assert {one["id"]: (one["name"], one["version"], one["asks"]) for one in found.values()} == {
        terms: ("Terms", 2, True),
        imprint: ("Imprint", 1, False),
    }
    path = found["terms"]["url"].partition("/legal/")[2]
    assert "terms 2" in client.get(f"/legal/{path}").text


def test_what_the_programs_customer_agreed_to_is_kept_with_the_booking(api_client, session, wanted):
    terms, imprint = publish(session, "terms"), publish(session, "imprint", asks=False)
    made = api_client().post("/api/v1/bookings", json={**wanted, "agreed": [terms, imprint, terms]})
    assert made.status_code == 201, made.text
    assert kept(session) == [
        ("booking", made.get_json()["id"], "None", text, "vi", "test") for text in (terms, imprint)
    ]


def test_every_visit_of_a_series_keeps_what_was_agreed_to(api_client, session, wanted):
    terms = publish(session, "terms")
    series = {**wanted, "every_weeks": 1, "visits": 3, "agreed": [terms]}
    made = api_client().post("/api/v1/series", json=series).get_json()
    assert [row[1] for row in kept(session)] == [visit["id"] for visit in made["placed"]]
    assert len(made["placed"]) == 3


def test_who_waits_over_a_program_agrees_as_well(api_client, session, wanted):
    terms = publish(session, "terms")
    wish = {
        "service": wanted["service"],
        "branches": [wanted["branch"]],
        "first_day": "2026-03-03",
        "last_day": "2026-03-04",
        "customer": wanted["customer"],
    }
    refused = api_client().post("/api/v1/waitlist", json={**wish, "agreed": []})
    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["agreed"])
    made = api_client().post("/api/v1/waitlist", json={**wish, "agreed": [terms]})
    assert kept(session) == [("wish", "None", made.get_json()["id"], terms, "vi", "test")]


@pytest.mark.parametrize("named", ["nothing", "half", "an earlier version", "nobody's"])
def test_half_an_agreement_is_none_and_nothing_is_booked(api_client, session, wanted, named):
    earlier = publish(session, "terms")
    terms, privacy = publish(session, "terms", 2), publish(session, "privacy")
    agreed = {
        "nothing": [],
        "half": [terms],
        "an earlier version": [earlier, privacy],
        "nobody's": [terms, privacy, str(ids.uuid7())],
    }[named]
    refused = api_client().post("/api/v1/bookings", json={**wanted, "agreed": agreed})
    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["agreed"])
    assert (kept(session), session.scalar(select(func.count()).select_from(Booking))) == ([], 0)


def test_programs_that_say_nothing_of_it_book_as_ever(api_client, session, wanted):
    publish(session, "terms")
    assert api_client().post("/api/v1/bookings", json=wanted).status_code == 201
    assert kept(session) == []
