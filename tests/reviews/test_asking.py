"""Who is asked how the visit was, and when: once, hours later, and only who was there."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from blueprints.booking import api as booking
from blueprints.messaging.service.compose import compose
from blueprints.reviews import service
from blueprints.reviews.events import ReviewAsked
from blueprints.reviews.links import review_link
from blueprints.reviews.service import ReviewInput
from shopbell import clock
from shopbell.due import DueWork
from tests.conftest import MORNING
from tests.support.letters import letters


def asked(published):
    return [fact for fact in published() if isinstance(fact, ReviewAsked)]


def planned(session):
    return session.scalars(select(DueWork).where(DueWork.kind == service.ASK)).all()


@pytest.mark.proves("C7")
@pytest.mark.proves("S2")
def test_a_customer_is_asked_some_hours_after_the_visit(session, visit, run_jobs, published):
    made = visit()
    run_jobs()
    (row,) = planned(session)
    assert row.due_at == MORNING + timedelta(hours=3)
    with clock.frozen(MORNING + timedelta(hours=5)):
        run_jobs()
    assert asked(published) == [ReviewAsked(made.id, made.customer_id)]
    assert planned(session) == []


def test_nobody_is_asked_who_did_not_come(session, visit, run_jobs, published):
    visit(status="no_show")
    visit(status="booked", hours=5)
    run_jobs()
    assert planned(session) == []
    assert asked(published) == []


def test_a_visit_that_the_desk_takes_back_is_not_asked_about(session, visit, run_jobs, published):
    made = visit()
    run_jobs()
    booking.set_status(session, made.id, "booked", undo=True)
    with clock.frozen(MORNING + timedelta(hours=5)):
        run_jobs()
    assert asked(published) == []


def test_who_has_spoken_is_not_asked(session, visit, run_jobs, published):
    made = visit()
    run_jobs()
    service.give(session, made.id, ReviewInput(5))
    with clock.frozen(MORNING + timedelta(hours=5)):
        run_jobs()
    assert asked(published) == []


def test_a_visit_that_was_forgotten_for_a_week_is_not_asked_about(session, visit, run_jobs, published):
    made = visit(status="booked")
    with clock.frozen(MORNING + timedelta(days=9)):
        booking.set_status(session, made.id, "done")
        run_jobs()
    with clock.frozen(MORNING + timedelta(days=10)):
        run_jobs()
    assert asked(published) == []


@pytest.mark.usefixtures("outside")
@pytest.mark.proves("C7")
def test_the_question_goes_out_once_by_every_channel_with_a_link_that_works(session, client, visit, run_jobs):
    made = visit()
    run_jobs()
    with clock.frozen(MORNING + timedelta(hours=5)):
        run_jobs()
        compose(session, "review", made.id, version=0)
        written = letters(session, template="review")
        assert sorted(message.channel for message in written) == ["email", "sms"]
        link = review_link(made.id, made.ends_at)
        assert all((link if message.channel == "email" else "/s/") in message.body for message in written)
        assert all(message.calendar is None for message in written)
        assert client.get(urlsplit(link).path).status_code == 200
