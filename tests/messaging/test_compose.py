"""From what happens to a booking to the messages that are written about it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.messaging.service.compose import compose
from shopbell import clock
from shopbell.due import DueWork
from shopbell.tenancy import TenantContext
from tests.messaging.outside import EMAIL, IN_TWO_DAYS, PHONE, book, later, message, messages
from tests.support.database import RolledBackDatabase
from tests.support.world import Shop

pytestmark = pytest.mark.usefixtures("outside")


def test_a_booking_is_confirmed_by_sms_and_email(session: Session, shop: Shop) -> None:
    made = book(session, shop)
    assert len(compose(session, "confirmation", made.id, version=0)) == 2
    sms, mail = message(session, "sms"), message(session, "email")
    assert (sms.recipient, mail.recipient) == (PHONE, EMAIL)
    assert (sms.state, sms.segments, sms.encoding) == ("queued", 1, "GSM-7")
    link = booking.manage_link(made.id, made.ends_at + timedelta(days=7))
    assert "/s/" in sms.body
    assert link not in sms.body
    assert link in mail.body
    assert "Wed 4 Mar at 10:00" in mail.subject
    assert mail.html is not None
    assert mail.calendar is not None
    assert f"UID:{made.id}@" in mail.calendar
    assert "SEQUENCE:0" in mail.calendar
    assert {sms.expires_at, mail.expires_at} == {IN_TWO_DAYS}


def test_each_message_is_written_with_its_due_work(session: Session, shop: Shop) -> None:
    made = book(session, shop)
    ids = compose(session, "confirmation", made.id, version=0)
    work = session.query(DueWork).filter(DueWork.kind == "messaging.send").all()
    assert sorted(row.key for row in work) == sorted(str(id_) for id_ in ids)
    assert all(row.due_at == clock.now() for row in work)


def test_writing_again_writes_nothing(session: Session, shop: Shop) -> None:
    made = book(session, shop)
    compose(session, "confirmation", made.id, version=0)
    assert compose(session, "confirmation", made.id, version=0) == []
    assert len(messages(session)) == 2


def test_who_gave_no_email_gets_an_sms_only(session: Session, shop: Shop) -> None:
    made = book(session, shop, email=None)
    compose(session, "confirmation", made.id, version=0)
    assert [found.channel for found in messages(session)] == ["sms"]


@pytest.mark.parametrize(("locale", "word"), [("zh-CN", "预约成功"), ("en", "booked"), ("vi", "Đã đặt lịch")])
def test_a_customer_is_told_in_their_language(session: Session, shop: Shop, locale: str, word: str) -> None:
    made = book(session, shop, locale=locale)
    compose(session, "confirmation", made.id, version=0)
    assert word in message(session, "sms").body
    assert message(session, "sms").locale == locale


def test_a_move_is_told_once_with_the_old_time(session: Session, shop: Shop, run_jobs: Callable[[], int]) -> None:
    made = book(session, shop)
    run_jobs()
    booking.move(session, made.id, IN_TWO_DAYS + timedelta(hours=1), by="staff")
    run_jobs()
    mail = message(session, "email", "change")
    assert "Wed 4 Mar at 11:00" in mail.subject
    assert "It was Wed 4 Mar 10:00" in mail.body
    assert mail.calendar is not None
    assert "SEQUENCE:1" in mail.calendar


def test_a_cancellation_is_told_and_takes_the_event_out_of_the_calendar(
    session: Session, shop: Shop, run_jobs: Callable[[], int]
) -> None:
    made = book(session, shop)
    run_jobs()
    booking.cancel(session, made.id, by="customer")
    session.flush()
    run_jobs()
    mail = message(session, "email", "cancellation")
    assert mail.calendar is not None
    assert "METHOD:CANCEL" in mail.calendar
    assert "SEQUENCE:1" in mail.calendar
    assert made.ref in message(session, "sms", "cancellation").body


def test_what_is_not_sent_yet_is_withdrawn_when_it_becomes_wrong(session: Session, shop: Shop) -> None:
    made = book(session, shop)
    compose(session, "confirmation", made.id, version=0)
    booking.cancel(session, made.id, by="staff")
    compose(session, "cancellation", made.id, version=0)
    states = {(found.template, found.state) for found in messages(session)}
    assert states == {("confirmation", "cancelled"), ("cancellation", "queued")}
    waiting = session.query(DueWork).filter(DueWork.kind == "messaging.send").count()
    assert waiting == 2


def test_a_confirmation_that_comes_after_the_cancellation_is_not_written(session: Session, shop: Shop) -> None:
    made = book(session, shop)
    booking.cancel(session, made.id, by="staff")
    compose(session, "cancellation", made.id, version=0)
    assert compose(session, "confirmation", made.id, version=0) == []


def test_of_two_moves_only_the_last_is_told(session: Session, shop: Shop) -> None:
    made = book(session, shop)
    booking.move(session, made.id, IN_TWO_DAYS + timedelta(hours=1), by="staff")
    booking.move(session, made.id, IN_TWO_DAYS + timedelta(hours=2), by="staff")
    assert compose(session, "change", made.id, version=1, earlier=IN_TWO_DAYS) == []
    assert len(compose(session, "change", made.id, version=2, earlier=IN_TWO_DAYS)) == 2


def test_a_booking_that_does_not_exist_is_no_error(session: Session, shop: Shop) -> None:
    assert compose(session, "confirmation", shop.branch_id, version=0) == []


def test_a_reminder_goes_out_at_its_time_with_the_current_facts(
    session: Session, shop: Shop, run_jobs: Callable[[], int], now: datetime
) -> None:
    made = book(session, shop)
    run_jobs()
    with clock.frozen(IN_TWO_DAYS - timedelta(hours=24, seconds=1)):
        run_jobs()
        assert messages(session, template="reminder") == []
    with clock.frozen(IN_TWO_DAYS - timedelta(hours=24)):
        run_jobs()
    sms = message(session, "sms", "reminder")
    assert sms.state == "sent"
    assert "see you Wed 4 Mar at 10:00" in sms.body
    assert made.id == sms.booking_id


def test_a_reminder_moves_and_goes_with_its_booking(session: Session, shop: Shop, run_jobs: Callable[[], int]) -> None:
    moved, gone = book(session, shop), book(session, shop, phone="+8613800138001", email=None)
    run_jobs()
    booking.move(session, moved.id, IN_TWO_DAYS + timedelta(days=1), by="staff")
    booking.cancel(session, gone.id, by="staff")
    run_jobs()
    with clock.frozen(IN_TWO_DAYS - timedelta(hours=1)):
        run_jobs()
        assert messages(session, template="reminder") == []
    with later(days=2, hours=3):
        run_jobs()
    assert {found.booking_id for found in messages(session, template="reminder")} == {moved.id}


def test_the_other_chain_hears_nothing(
    session: Session,
    shop: Shop,
    other_tenant: TenantContext,
    database: RolledBackDatabase,
    run_jobs: Callable[[], int],
) -> None:
    book(session, shop)
    run_jobs()
    assert len(messages(session)) == 2
    with database.transaction(other_tenant) as theirs:
        assert messages(theirs) == []


def test_a_series_is_confirmed_once_with_all_its_dates(session: Session, shop: Shop) -> None:
    customer = booking.CustomerInput("李明", PHONE, EMAIL, "zh-CN")
    request = booking.BookingRequest(shop.branch_id, shop.fitting, IN_TWO_DAYS, customer)
    found = booking.reserve_series(session, request, every_weeks=2, visits=3)
    compose(session, "confirmation", found.placed[0].id, version=0)
    assert "另有 2 次" in message(session, "sms").body
    assert "后续预约日期：3月18日" in message(session, "email").body
    assert "4月1日" in message(session, "email").body
