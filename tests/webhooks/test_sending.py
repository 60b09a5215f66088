"""What happened arrives, signed, once it is stored; and again when it did not arrive."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.booking import api as booking
from blueprints.booking.values import BookingRequest, CustomerInput
from blueprints.webhooks import rules, service
from blueprints.webhooks.models import Delivery, Endpoint
from blueprints.webhooks.service import EndpointInput, sending
from shopbell import clock, runtime
from tests.conftest import MORNING

pytestmark = pytest.mark.proves("T5")


@pytest.fixture
def book(session, shop):
    def make(hour: int = 3):
        customer = CustomerInput("王小明", "13812345678")
        return booking.reserve(
            session, BookingRequest(shop.branch_id, shop.fitting, MORNING.replace(hour=hour), customer)
        )

    return make


def deliveries(session) -> list[Delivery]:
    session.expire_all()
    return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def test_an_appointment_is_told_as_the_api_shows_it_and_signed(session, endpoint, receiver, book, run_jobs, api_client):
    made = book()
    assert receiver.got == []
    run_jobs()
    ((headers, body),) = receiver.got
    said = json.loads(body)
    assert said["type"] == "booking.created"
    shown = api_client("booking").get(f"/api/v1/bookings/{made.id}").get_json()
    assert said["data"]["booking"] == shown
    signed = rules.signature(service.secret_of(session, endpoint), headers["webhook-id"], clock.now(), body)
    assert headers["webhook-signature"] == signed
    (row,) = deliveries(session)
    assert (row.state, row.attempts, row.status, row.answer) == ("delivered", 1, 200, "thanks")


def test_only_what_was_asked_for_is_told(session, receiver, this_network, book, run_jobs):
    service.add(session, EndpointInput(receiver.url, ("booking.moved",)))
    book()
    run_jobs()
    assert receiver.got == []


def test_a_failure_is_tried_again_later_under_the_same_id(session, endpoint, receiver, book, run_jobs):
    receiver.plan = [500]
    book()
    run_jobs()
    (row,) = deliveries(session)
    assert (row.state, row.attempts, row.status) == ("waiting", 1, 500)
    assert endpoint.failing_since is not None
    with clock.frozen(MORNING + timedelta(seconds=10)):
        run_jobs()
    (row,) = deliveries(session)
    assert (row.state, row.attempts) == ("delivered", 2)
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert session.get(Endpoint, endpoint.id).failing_since is None


def test_after_three_days_it_is_given_up_and_can_be_sent_once_more(session, endpoint, receiver, book, run_jobs):
    receiver.plan = [503] * (len(rules.WAITS) + 1)
    book()
    at = MORNING
    for _try in range(len(rules.WAITS) + 2):
        with clock.frozen(at):
            run_jobs()
        at = max(at + timedelta(seconds=1), *(row.next_at + timedelta(seconds=1) for row in deliveries(session)))
    (row,) = deliveries(session)
    assert row.state == "failed"
    with clock.frozen(at):
        assert service.replay_failed(session, endpoint.id) == 1
        run_jobs()
    (row,) = deliveries(session)
    assert row.state == "delivered"


def test_an_address_that_is_gone_is_switched_off(session, endpoint, receiver, book, run_jobs):
    receiver.plan = [410]
    book()
    run_jobs()
    session.expire_all()
    assert (session.get(Endpoint, endpoint.id).active, endpoint.off_because) == (False, "gone")
    book(5)
    run_jobs()
    assert len(receiver.got) == 1


def test_a_redirect_is_not_followed(session, endpoint, receiver, book, run_jobs):
    receiver.plan = ["away"]
    book()
    run_jobs()
    (row,) = deliveries(session)
    assert (row.state, row.status, len(receiver.got)) == ("waiting", 302, 1)


def test_of_a_long_answer_only_the_beginning_is_read(session, endpoint, receiver, book, run_jobs):
    receiver.plan = ["long"]
    book()
    run_jobs()
    (row,) = deliveries(session)
    assert (row.state, len(row.answer)) == ("delivered", sending.ANSWER_BYTES)


def test_who_does_not_answer_is_left_alone_for_a_while(session, endpoint, receiver, book, run_jobs, monkeypatch):
    monkeypatch.setattr(sending, "ANSWER_SECONDS", 0.2)
    receiver.plan = ["slow"]
    for hour in (3, 4, 5):
        book(hour)
    run_jobs()
    # One try, not three: what waits behind it waits.
    assert len(receiver.got) == 1
    assert [row.error for row in deliveries(session)] == ["too_slow", "", ""]
    with clock.frozen(MORNING + timedelta(seconds=10)):
        run_jobs()
    assert {row.state for row in deliveries(session)} == {"delivered"}


def testthis_network_is_not_asked(session, settings, endpoint, receiver, book, run_jobs):
    runtime.install(settings)
    book()
    run_jobs()
    (row,) = deliveries(session)
    assert (row.error, receiver.got) == ("private_address", [])


def test_dying_between_sending_and_marking_sends_the_same_id_once_more(
    session, endpoint, receiver, book, run_jobs, monkeypatch
):
    marked = sending.mark

    def die(*_args):
        monkeypatch.setattr(sending, "mark", marked)
        raise RuntimeError("killed")

    monkeypatch.setattr(sending, "mark", die)
    book()
    run_jobs()
    with clock.frozen(MORNING + timedelta(minutes=5)):
        run_jobs()
    assert len(receiver.got) == 2
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert [row.state for row in deliveries(session)] == ["delivered"]


def test_what_is_undone_is_never_told(session, endpoint, receiver, book, run_jobs):
    with session.begin_nested() as undone:
        book()
        undone.rollback()
    run_jobs()
    assert receiver.got == []


def test_a_new_secret_signs_beside_the_old_one_for_a_day(session, endpoint, receiver, book, run_jobs):
    old = service.secret_of(session, endpoint)
    service.rotate(session, endpoint.id)
    book()
    run_jobs()
    ((headers, body),) = receiver.got
    new = service.secret_of(session, endpoint)
    expected = [rules.signature(secret, headers["webhook-id"], clock.now(), body) for secret in (new, old)]
    assert headers["webhook-signature"].split() == expected
    with clock.frozen(MORNING + timedelta(days=2)):
        service.send_test(session, endpoint.id)
        run_jobs()
    assert len(receiver.got[-1][0]["webhook-signature"].split()) == 1
