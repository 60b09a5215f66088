"""From a freed time to somebody who comes: one person at a time, who has it held meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import CustomerInput, SlotTaken
from blueprints.booking.models import BookingPolicy
from blueprints.catalog.models import Resource
from blueprints.crm.models import Customer
from blueprints.messaging.models import Message
from blueprints.staff.models import Person, RosterShift
from blueprints.waitlist import service
from blueprints.waitlist.errors import OfferOver
from shopbell import clock, ids
from tests.support.letters import letters
from tests.support.world import Shop
from tests.waitlist.people import DAY, HALF_AN_HOUR, LAN, MEI, TEN, book, free, join, offers, only_offer, status

pytestmark = pytest.mark.proves("B11")
Run = Callable[[], int]


def test_a_cancelled_time_is_held_for_who_waited_longest(session: Session, shop: Shop, run_jobs: Run) -> None:
    taken = book(session, shop)
    later, longer = join(session, shop, MEI, waited=10), join(session, shop, LAN, waited=60)
    run_jobs()
    booking.cancel(session, taken.id, reason="ill", by="staff")
    run_jobs()
    offer = only_offer(session)
    assert (offer.wish_id, offer.starts_at, offer.status) == (longer.id, TEN, "open")
    assert offer.expires_at == clock.now() + timedelta(minutes=20)
    assert booking.held(session, offer.hold_id) is not None
    assert status(session, longer) == ("offered", "")
    assert status(session, later) == ("waiting", "")


def test_a_higher_tier_goes_before_a_longer_wait(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop, LAN, waited=60)
    valued = join(session, shop, MEI)
    session.execute(update(Customer).where(Customer.id == valued.customer_id).values(tier=2))
    free(session, shop)
    run_jobs()
    assert only_offer(session).wish_id == valued.id


def test_accepting_makes_the_appointment_once(session: Session, shop: Shop, run_jobs: Run) -> None:
    waiting = join(session, shop)
    free(session, shop)
    run_jobs()
    offer = only_offer(session)
    made = service.accept(session, offer.id)
    assert (made.id, made.source, made.status) == (offer.hold_id, "waitlist", "booked")
    assert (made.starts_at, made.customer_id) == (TEN, waiting.customer_id)
    assert service.accept(session, offer.id).id == made.id
    assert service.decline(session, offer.id) == "accepted"
    run_jobs()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        run_jobs()
    assert booking.details(session, made.id).status == "booked"
    assert status(session, waiting) == ("accepted", "accepted")
    assert only_offer(session).booking_id == made.id


def test_saying_no_lets_the_next_one_have_the_same_time(session: Session, shop: Shop, run_jobs: Run) -> None:
    first, second = join(session, shop, LAN, waited=9), join(session, shop, MEI)
    free(session, shop)
    run_jobs()
    service.decline(session, only_offer(session).id)
    run_jobs()
    no, asked = offers(session)
    assert (no.status, no.wish_id) == ("declined", first.id)
    assert (asked.status, asked.wish_id, asked.starts_at) == ("open", second.id, TEN)
    assert booking.held(session, no.hold_id) is None
    assert status(session, first) == ("waiting", "")
    service.decline(session, asked.id)
    run_jobs()
    assert len(offers(session)) == 2, "nobody is asked for the same time twice"
    with pytest.raises(OfferOver):
        service.accept(session, no.id)


def test_silence_lets_the_next_one_have_the_same_time(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop, LAN, waited=9)
    second = join(session, shop, MEI)
    free(session, shop)
    run_jobs()
    silent = only_offer(session)
    with clock.frozen(silent.expires_at - timedelta(seconds=1)):
        run_jobs()
        assert only_offer(session).status == "open"
    with clock.frozen(silent.expires_at):
        with pytest.raises(OfferOver):
            service.accept(session, silent.id)
        run_jobs()
        old, new = offers(session)
        assert (old.status, new.wish_id, new.starts_at) == ("expired", second.id, TEN)
        assert service.accept(session, new.id).starts_at == TEN


def test_work_that_comes_twice_or_too_early_changes_nothing(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop)
    free(session, shop)
    free(session, shop)
    run_jobs()
    offer = only_offer(session)
    service.settle(session, offer.id)
    assert only_offer(session).status == "open"
    with clock.frozen(offer.expires_at):
        service.settle(session, offer.id)
        service.settle(session, offer.id)
        run_jobs()
    assert [found.status for found in offers(session)] == ["expired"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"first_day": DAY + timedelta(days=1), "last_day": DAY + timedelta(days=9)},
        {"first_day": DAY - timedelta(days=1), "weekdays": (0, 1)},
        {"earliest": 10 * 60 + 30},
        {"latest": 9 * 60 + 30},
    ],
)
def test_who_cannot_come_is_not_asked(session: Session, shop: Shop, run_jobs: Run, wanted: dict[str, Any]) -> None:
    join(session, shop, **wanted)
    free(session, shop)
    run_jobs()
    assert offers(session) == []


def test_who_waits_at_another_branch_is_not_asked(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop, branch_ids=(shop.second_branch_id,))
    join(session, shop, MEI, branch_ids=(shop.second_branch_id, shop.branch_id))
    free(session, shop)
    run_jobs()
    assert only_offer(session).branch_id == shop.branch_id


def test_a_time_somebody_has_taken_meanwhile_is_not_offered(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop, earliest=600, latest=615)
    book(session, shop), book(session, shop)
    free(session, shop)
    run_jobs()
    assert offers(session) == []


def test_only_the_wanted_person_counts(session: Session, shop: Shop, run_jobs: Run) -> None:
    book(session, shop, person_id=shop.people[0])
    join(session, shop, person_id=shop.people[0], earliest=600, latest=601)
    waiting = join(session, shop, MEI, person_id=shop.people[1], earliest=600, latest=601)
    free(session, shop)
    run_jobs()
    offer = only_offer(session)
    assert (offer.wish_id, offer.person_id) == (waiting.id, shop.people[1])


def test_a_long_time_serves_several_who_wait_one_after_the_other(session: Session, shop: Shop, run_jobs: Run) -> None:
    for number in range(4):
        join(session, shop, CustomerInput(f"N{number}", f"+861380013810{number}"), earliest=600, latest=660)
    free(session, shop, TEN, 60)
    run_jobs()
    found = offers(session)
    assert [offer.starts_at for offer in found] == [TEN, TEN + HALF_AN_HOUR]
    assert len({offer.wish_id for offer in found}) == 2


def test_a_time_too_close_to_be_answered_is_not_offered(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop)
    with clock.frozen(TEN - timedelta(minutes=34)):
        free(session, shop)
        run_jobs()
        assert offers(session, starts_at=TEN) == []


def test_a_time_that_begins_soon_is_kept_for_less(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop, latest=601)
    with clock.frozen(TEN - timedelta(minutes=42)):
        free(session, shop)
        run_jobs()
        assert only_offer(session).expires_at == TEN - timedelta(minutes=30)


def test_tomorrows_time_waits_for_the_morning(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop)
    evening = TEN - timedelta(hours=12)
    with clock.frozen(evening):
        free(session, shop)
        run_jobs()
        assert offers(session) == []
    with clock.frozen(TEN - timedelta(hours=2)):
        run_jobs()
        assert only_offer(session).starts_at == TEN


def test_nobody_gets_more_than_three_offers_a_day(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop)
    for number in range(5):
        free(session, shop, TEN + number * timedelta(hours=1))
        run_jobs()
        for offer in offers(session, status="open"):
            service.decline(session, offer.id)
        run_jobs()
    assert len(offers(session)) == 3


def test_who_never_answers_is_taken_off_the_list(session: Session, shop: Shop, run_jobs: Run) -> None:
    waiting = join(session, shop, last_day=DAY + timedelta(days=20))
    for number in range(11):
        with clock.frozen(TEN + timedelta(days=number)):
            free(session, shop, clock.now() + timedelta(hours=4))
            run_jobs()
        with clock.frozen(TEN + timedelta(days=number, hours=1)):
            run_jobs()
    assert [offer.status for offer in offers(session)] == ["expired"] * 10
    assert status(session, waiting) == ("over", "unanswered")


def test_who_books_by_themselves_waits_no_longer(session: Session, shop: Shop, run_jobs: Run) -> None:
    waiting, other = join(session, shop, waited=1), join(session, shop, MEI)
    free(session, shop)
    run_jobs()
    book(session, shop, TEN + timedelta(hours=2), customer=LAN)
    run_jobs()
    assert status(session, waiting) == ("over", "booked")
    withdrawn, passed_on = offers(session)
    assert (withdrawn.status, passed_on.wish_id) == ("withdrawn", other.id)


def test_an_appointment_made_before_the_wish_does_not_close_it(session: Session, shop: Shop, run_jobs: Run) -> None:
    book(session, shop, TEN + timedelta(hours=2), customer=LAN)
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        waiting = join(session, shop)
        run_jobs()
    assert status(session, waiting) == ("waiting", "")


def test_leaving_frees_what_was_held(session: Session, shop: Shop, run_jobs: Run) -> None:
    waiting, other = join(session, shop, waited=1), join(session, shop, MEI)
    free(session, shop)
    run_jobs()
    service.leave(session, waiting.id)
    service.leave(session, waiting.id)
    run_jobs()
    assert status(session, waiting) == ("left", "left")
    assert [(offer.status, offer.wish_id) for offer in offers(session)] == [
        ("declined", waiting.id),
        ("open", other.id),
    ]


def test_a_wish_is_over_when_its_last_day_is(session: Session, shop: Shop, run_jobs: Run) -> None:
    waiting = join(session, shop)
    with clock.frozen(TEN + timedelta(hours=13, minutes=59)):
        run_jobs()
        assert status(session, waiting) == ("waiting", "")
    with clock.frozen(TEN + timedelta(hours=14)):
        run_jobs()
    assert status(session, waiting) == ("over", "past")


def test_an_earlier_time_replaces_the_appointment_in_one_step(session: Session, shop: Shop, run_jobs: Run) -> None:
    old = book(session, shop, TEN + timedelta(hours=3), customer=LAN)
    join(session, shop, booking_id=old.id)
    free(session, shop, TEN + timedelta(hours=4))
    run_jobs()
    assert offers(session) == [], "later is not sooner"
    free(session, shop)
    run_jobs()
    offer = only_offer(session)
    made = service.accept(session, offer.id)
    assert (made.id, made.starts_at, made.ref) == (old.id, TEN, old.ref)
    assert booking.held(session, offer.hold_id) is None
    assert service.accept(session, offer.id).id == old.id
    run_jobs()
    told = {message.template for message in session.query(Message).filter(Message.state != "cancelled")}
    assert "change" in told
    assert "cancellation" not in told


def test_taking_our_offer_at_another_branch_costs_no_late_fee(session: Session, shop: Shop, run_jobs: Run) -> None:
    session.add(BookingPolicy(id=ids.uuid7(), cancel_minutes=7 * 24 * 60, late_cancel_percent=50))
    session.flush()
    old = book(session, shop, TEN + timedelta(hours=3), customer=LAN)
    second = replace(shop, branch_id=shop.second_branch_id)
    join(session, second, booking_id=old.id)
    for moved in (Person.home_branch_id, RosterShift.branch_id, Resource.branch_id):
        session.execute(update(moved.class_).values({moved.key: shop.second_branch_id}))
    free(session, second)
    run_jobs()
    made = service.accept(session, only_offer(session).id)
    assert made.branch_id == shop.second_branch_id
    assert booking.details(session, old.id).status == "cancelled"
    charges = booking.charges_of(session, [old.id])[old.id]
    assert [(charge.kind, charge.state) for charge in charges] == [("late_cancel", "waived")]


def test_the_wish_to_come_sooner_ends_with_its_appointment(session: Session, shop: Shop, run_jobs: Run) -> None:
    old = book(session, shop, TEN + timedelta(hours=3), customer=LAN)
    waiting = join(session, shop, booking_id=old.id)
    run_jobs()
    booking.cancel(session, old.id, reason="ill", by="staff")
    run_jobs()
    assert status(session, waiting) == ("over", "cancelled")
    assert offers(session) == []


def test_an_offer_is_told_with_its_deadline_and_taken_back_when_it_is_over(
    session: Session, shop: Shop, run_jobs: Run
) -> None:
    join(session, shop)
    free(session, shop)
    run_jobs()
    sent = {message.channel: message for message in letters(session, template="offer")}
    assert set(sent) == {"sms", "email"}
    assert "Wed 4 Mar 10:00" in sent["sms"].body
    assert "08:20" in sent["sms"].body
    assert "/s/" in sent["sms"].body
    assert "/offer/" in sent["email"].body
    assert sent["sms"].booking_id == only_offer(session).hold_id
    with clock.frozen(only_offer(session).expires_at):
        run_jobs()
    (gone,) = letters(session, template="offer_gone", channel="email")
    assert "/w/" in gone.body


def test_a_held_time_is_nobody_elses(session: Session, shop: Shop, run_jobs: Run) -> None:
    join(session, shop, person_id=shop.people[0])
    free(session, shop)
    run_jobs()
    with pytest.raises(SlotTaken), session.begin_nested():
        book(session, shop, person_id=shop.people[0])


def test_the_other_chain_offers_nothing(session: Session, shop: Shop, other_shop: Shop, run_jobs: Run) -> None:
    join(session, shop)
    free(session, replace(shop, branch_id=shop.second_branch_id))
    run_jobs()
    assert offers(session) == []
