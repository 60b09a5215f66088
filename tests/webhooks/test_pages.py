"""Head office looks after webhooks; a secret is shown once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from blueprints.webhooks import service
from blueprints.webhooks.models import Delivery, Endpoint
from blueprints.webhooks.service import EndpointInput

pytestmark = pytest.mark.proves("T5")
FORM = {"url": "https://example.com/hook", "types": ["booking.created"], "note": "Warehouse", "active": "yes"}


@pytest.fixture
def hq(sign_in_as):
    return sign_in_as("hq")


@pytest.fixture
def known(session):
    return service.add(session, EndpointInput("https://example.com/known", ("booking.created",)))


def test_a_webhook_is_added_and_its_secret_shown_once(session, hq):
    answer = hq.post("/hq/webhooks/new", data=FORM)
    made = session.scalars(select(Endpoint)).one()
    assert answer.status_code == 201
    secret = service.secret_of(session, made)
    assert secret in answer.text
    assert made.secret == ""
    assert answer.headers["Cache-Control"] == "no-store"
    for page in ("/hq/webhooks", f"/hq/webhooks/{made.id}", f"/hq/webhooks/{made.id}/change"):
        shown = hq.get(page)
        assert shown.status_code == 200
        assert secret not in shown.text


@pytest.mark.parametrize("wrong", [{"url": "ftp://example.com"}, {"types": []}, {"types": ["everything"]}])
def test_what_is_wrong_is_named_and_nothing_is_stored(session, hq, wrong):
    answer = hq.post("/hq/webhooks/new", data={**FORM, **wrong})
    assert answer.status_code == 422
    assert "Warehouse" in answer.text
    assert session.scalar(select(func.count()).select_from(Endpoint)) == 0


def test_a_test_is_sent_and_seen(session, hq, receiver, this_network, run_jobs):
    made = service.add(session, EndpointInput(receiver.url, ("booking.created",)))
    assert hq.post(f"/hq/webhooks/{made.id}/test").status_code == 303
    run_jobs()
    assert len(receiver.got) == 1
    row = session.scalars(select(Delivery)).one()
    page = hq.get(f"/hq/webhooks/deliveries/{row.id}")
    assert "thanks" in page.text
    assert row.message_id in page.text
    assert hq.post(f"/hq/webhooks/deliveries/{row.id}/replay").status_code == 303
    run_jobs()
    assert len(receiver.got) == 2


def test_a_webhook_is_changed_and_removed(session, hq, known):
    changed = {**FORM, "types": ["booking.moved", "booking.cancelled"], "active": ""}
    assert hq.post(f"/hq/webhooks/{known.id}/change", data=changed).status_code == 303
    session.expire_all()
    assert (known.types, known.active) == (["booking.moved", "booking.cancelled"], False)
    assert hq.post(f"/hq/webhooks/{known.id}/removal").status_code == 303
    assert session.scalar(select(func.count()).select_from(Endpoint)) == 0


def test_others_have_no_business_here(client, sign_in_as, shop, known):
    assert client.get("/hq/webhooks").status_code in {302, 303, 401}
    manager = sign_in_as("manager", [shop.branch_id])
    assert manager.get("/hq/webhooks").status_code == 403
    assert manager.post(f"/hq/webhooks/{known.id}/secret").status_code == 403


def test_another_chain_does_not_find_it(known, sign_in_as, other_tenant):
    stranger = sign_in_as("hq", at=other_tenant)
    assert stranger.get(f"/hq/webhooks/{known.id}").status_code == 404
    assert stranger.post(f"/hq/webhooks/{known.id}/secret").status_code == 404
