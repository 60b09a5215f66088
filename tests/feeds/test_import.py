"""Calendars that come in: over a real server, into the booking book, and out again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput
from blueprints.feeds import queries
from blueprints.feeds.errors import BadAddress
from blueprints.feeds.queries import CalendarView
from blueprints.feeds.service import calendars, reading
from blueprints.staff import api as staff
from shopbell import clock
from tests.feeds.conftest import Server, event, file
from tests.support.world import Shop

Run = Callable[[], int]
SignIn = Callable[..., FlaskClient]
LUNCH = event("lunch", "DTSTART:20260303T040000Z", "DTEND:20260303T050000Z", "SUMMARY:Doctor")
LATER = timedelta(minutes=15)


def add(session: Session, shop: Shop, url: str) -> UUID:
    found = calendars.add_calendar(session, shop.people[0], url)
    session.commit()
    return found


def state(session: Session, calendar_id: UUID) -> CalendarView:
    session.expire_all()
    return queries.calendar(session, calendar_id)


def blocks(session: Session, shop: Shop) -> list[tuple[str, int]]:
    """The times kept for the person, as local start and minutes."""
    session.expire_all()
    person, since = staff.person(session, shop.people[0]), clock.now() - timedelta(days=1)
    until = since + timedelta(days=100)
    found = booking.person_agenda(session, person.id, person.resource_id, since, until, cancelled_since=until)
    zone = clock.zone("Asia/Shanghai")
    return [
        (f"{one.starts_at.astimezone(zone):%d.%m. %H:%M}", int((one.ends_at - one.starts_at).total_seconds()) // 60)
        for one in found
        if one.status == "blocked"
    ]


def book(session: Session, shop: Shop, starts_at: datetime) -> UUID:
    request = BookingRequest(shop.branch_id, shop.fitting, starts_at, CustomerInput("Li Na", "13812345678"))
    return booking.reserve(session, replace(request, person_id=shop.people[0])).id


@pytest.mark.proves("B14")
@pytest.mark.usefixtures("private_allowed")
def test_busy_times_are_kept_free_follow_changes_and_are_given_back(
    session: Session, shop: Shop, server: Server, run_jobs: Run
) -> None:
    url = server.put("/a.ics", file(LUNCH), etag='"1"')
    calendar_id = add(session, shop, url)
    run_jobs()
    assert blocks(session, shop) == [("03.03. 12:00", 60)]
    found = state(session, calendar_id)
    assert (found.error, found.events, found.clashes, found.etag) == ("", 1, 0, '"1"')

    with clock.frozen(clock.now() + LATER):
        run_jobs()
    assert server.asked[-1][1]["If-None-Match"] == '"1"'
    assert blocks(session, shop) == [("03.03. 12:00", 60)]

    server.put("/a.ics", file(LUNCH.replace("T05", "T06")), etag='"2"')
    with clock.frozen(clock.now() + 2 * LATER):
        run_jobs()
        assert blocks(session, shop) == [("03.03. 12:00", 120)]
        calendars.remove_calendar(session, shop.people[0], calendar_id)
        session.commit()
        run_jobs()
    assert blocks(session, shop) == []


@pytest.mark.proves("B14")
@pytest.mark.usefixtures("private_allowed")
def test_an_appointment_stays_and_is_listed_as_a_clash_until_it_is_gone(
    session: Session, shop: Shop, server: Server, run_jobs: Run
) -> None:
    starts_at = datetime.fromisoformat("2026-03-03T12:15:00+08:00")
    booking_id = book(session, shop, starts_at)
    calendar_id = add(session, shop, server.put("/a.ics", file(LUNCH), etag='"1"'))
    run_jobs()
    assert booking.details(session, booking_id).status == "booked"
    assert blocks(session, shop) == [("03.03. 12:00", 15), ("03.03. 12:30", 30)]
    assert state(session, calendar_id).clashes == 1
    clashes = queries.clashes_of(session, shop.people[0], clock.now(), 10)
    assert [one.starts_at for one in clashes] == [starts_at]
    booking.cancel(session, booking_id, reason="ill", by="customer")
    session.commit()
    with clock.frozen(clock.now() + LATER):
        run_jobs()
    assert blocks(session, shop) == [("03.03. 12:00", 60)]
    assert state(session, calendar_id).clashes == 0


@pytest.mark.usefixtures("private_allowed")
def test_two_calendars_of_a_person_do_not_stand_in_each_others_way(
    session: Session, shop: Shop, server: Server, run_jobs: Run
) -> None:
    first = add(session, shop, server.put("/a.ics", file(LUNCH)))
    second = add(session, shop, server.put("/b.ics", file(LUNCH.replace("T04", "T03"))))
    run_jobs()
    assert sum(minutes for _, minutes in blocks(session, shop)) == 120
    assert state(session, first).clashes == state(session, second).clashes == 0


def silent(server: Server) -> str:
    return server.drip("/drip.ics", 30)


@pytest.mark.usefixtures("private_allowed")
@pytest.mark.parametrize(
    ("prepare", "error"),
    [
        (lambda server: server.put("/x.ics", b"<html>sign in</html>"), "not_a_calendar"),
        (lambda server: server.put("/x.ics", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"), "not_a_calendar"),
        (lambda server: server.put("/x.ics", file("X" * 5_100_000)), "too_large"),
        (lambda server: server.address + "/nothing", "http:404"),
        (lambda server: server.redirect("/x.ics", "/x.ics"), "too_many_redirects"),
        (lambda server: server.redirect("/x.ics", "file:///etc/passwd"), "bad_address"),
        (lambda server: "http://127.0.0.1:1/x.ics", "unreachable"),
        (lambda server: "http://no-such-host.invalid/x.ics", "unreachable"),
    ],
)
def test_a_calendar_that_cannot_be_read_keeps_its_last_state_and_says_why(
    session: Session,
    shop: Shop,
    server: Server,
    run_jobs: Run,
    prepare: Callable[[Server], str],
    error: str,
) -> None:
    good = server.put("/good.ics", file(LUNCH))
    calendar_id = add(session, shop, server.redirect("/now.ics", good))
    run_jobs()
    server.redirect("/now.ics", prepare(server))
    with clock.frozen(clock.now() + LATER):
        run_jobs()
    assert (state(session, calendar_id).error, blocks(session, shop)) == (error, [("03.03. 12:00", 60)])
    server.redirect("/now.ics", good)
    with clock.frozen(clock.now() + 2 * LATER):
        run_jobs()
    assert state(session, calendar_id).error == ""


def ask(url: str, *, private: bool = True, first: str = "2026-03-01T16:00:00+00:00") -> reading.Question:
    last = "2026-05-01T16:00:00+00:00"
    return reading.Question(url, "", "", first, last, "Asia/Shanghai", "lumi.localhost", private)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "2130706433"])
def test_nobody_is_led_into_a_private_network(host: str) -> None:
    assert reading.read(ask(f"http://{host}:9/x.ics", private=False)).error == "private_address"


def test_a_server_that_answers_a_byte_now_and_then_is_left(server: Server) -> None:
    began = time.monotonic()
    assert reading.read(ask(silent(server)), seconds=20).error == "too_slow"
    assert time.monotonic() - began < 15


def test_a_file_that_takes_for_ever_is_stopped_with_its_process(server: Server) -> None:
    rule = "RRULE:FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60)))
    rule += ";BYSECOND=" + ",".join(map(str, range(60)))
    url = server.put("/x.ics", file(event("a", "DTSTART:19700101T000000Z", "DTEND:19700101T000001Z", rule)))
    began = time.monotonic()
    assert reading.read(ask(url), seconds=4).error in {"too_slow", "too_many"}
    assert time.monotonic() - began < 8


def test_the_reading_process_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPBELL_SECRET_KEY", "very secret")
    assert "very secret" not in str(reading._environment())


@pytest.mark.parametrize("url", ["", "nonsense", "file:///etc/passwd", "https://user:pw@a.example/x"])
def test_an_address_that_is_none_is_refused_at_once(session: Session, shop: Shop, url: str) -> None:
    with pytest.raises(BadAddress) as caught:
        calendars.add_calendar(session, shop.people[0], url)
    assert "url" in caught.value.fields


def test_no_person_has_the_same_calendar_twice_or_more_than_five(session: Session, shop: Shop) -> None:
    for number in range(5):
        calendars.add_calendar(session, shop.people[0], f"https://a.example/{number}.ics")
    for url in ("https://a.example/0.ics", "https://a.example/9.ics"):
        with pytest.raises(BadAddress):
            calendars.add_calendar(session, shop.people[0], url)


@pytest.mark.usefixtures("private_allowed")
def test_head_office_adds_reads_and_removes_a_calendar(
    sign_in_as: SignIn, session: Session, shop: Shop, server: Server, run_jobs: Run
) -> None:
    browser, page = sign_in_as("hq"), f"/hq/people/{shop.people[0]}/calendar"
    wrong = browser.post(f"{page}/busy", data={"url": "my calendar"})
    assert (wrong.status_code, "my calendar" in wrong.text) == (422, True)
    url = server.put("/secret-0123456789/basic.ics", file(LUNCH))
    assert browser.post(f"{page}/busy", data={"url": url}).status_code == 303
    assert "Will be read in a moment" in browser.get(page).text
    run_jobs()
    shown = browser.get(page).text
    assert "Read on" in shown
    assert "0123456789" not in shown
    calendar_id = queries.calendars_of(session, shop.people[0])[0].id
    assert browser.post(f"{page}/busy/{calendar_id}/reading").status_code == 303
    wrong_person = f"/hq/people/{shop.people[1]}/calendar/busy/{calendar_id}/removal"
    assert browser.post(wrong_person).status_code == 404
    server.pages.clear()
    run_jobs()
    assert "error 404" in browser.get(page).text
    assert browser.post(f"{page}/busy/{calendar_id}/removal").status_code == 303
    assert blocks(session, shop) == []


@pytest.mark.parametrize("part", ["", "/feed", "/feed/revocation", "/busy"])
def test_only_head_office_sees_to_a_persons_calendars(
    sign_in_as: SignIn, client: FlaskClient, shop: Shop, other_shop: Shop, part: str
) -> None:
    method = "POST" if part else "GET"
    address = f"/hq/people/{shop.people[0]}/calendar{part}"
    assert client.open(address, method=method).status_code in {302, 303, 401}
    assert sign_in_as("manager", [shop.branch_id]).open(address, method=method).status_code == 403
    foreign = f"/hq/people/{other_shop.people[0]}/calendar{part}"
    data = {"url": "https://a.example/x.ics"} if part == "/busy" else None
    assert sign_in_as("hq").open(foreign, method=method, data=data).status_code == 404
