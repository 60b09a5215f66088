"""Calendars that leave: what stands in them, who may read them, and how they stop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, BookingRequest, CustomerInput
from blueprints.feeds import api, queries
from blueprints.feeds.rules.names import short_name
from shopbell import clock
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]


def book(session: Session, shop: Shop, hours: int = 3, **more: Any) -> BookingDetails:
    wanted = BookingRequest(
        shop.branch_id,
        shop.eye_test,
        clock.now() + timedelta(hours=hours),
        CustomerInput("Nguyễn Thị Lan", "13812345678", locale="vi"),
        note="Has glaucoma",
        **more,
    )
    return booking.reserve(session, wanted)


def read(client: FlaskClient, address: str, **headers: str) -> Any:
    return client.get("/" + address.split("/", 3)[3], headers=headers)


def events(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return {str(found["UID"]): found for found in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")}


@pytest.mark.proves("B14")
def test_a_customers_calendar_follows_a_move_and_a_cancellation(
    session: Session, client: FlaskClient, shop: Shop
) -> None:
    made = book(session, shop)
    address = api.customer_feed_url(session, made.customer_id)  # type: ignore[arg-type]
    assert address == api.customer_feed_url(session, made.customer_id)  # type: ignore[arg-type]
    uid = f"{made.id}@{shop.tenant.host}"
    first = events(read(client, address))[uid]
    assert (int(first["SEQUENCE"]), str(first["STATUS"])) == (0, "CONFIRMED")
    assert first["DTSTART"].dt == made.starts_at
    assert first["DTSTART"].params["TZID"] == "Asia/Shanghai"

    moved = booking.move(session, made.id, made.starts_at + timedelta(hours=1), by="customer")
    second = events(read(client, address))[uid]
    assert int(second["SEQUENCE"]) > 0
    assert second["DTSTART"].dt == moved.starts_at

    booking.cancel(session, made.id, reason="ill", by="customer")
    third = events(read(client, address))[uid]
    assert str(third["STATUS"]) == "CANCELLED"
    assert int(third["SEQUENCE"]) > int(second["SEQUENCE"])
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert uid not in events(read(client, address))


@pytest.mark.proves("B14")
def test_the_file_brings_its_zone_and_says_how_often_to_come(session: Session, client: FlaskClient, shop: Shop) -> None:
    made = book(session, shop)
    answer = read(client, api.customer_feed_url(session, made.customer_id))  # type: ignore[arg-type]
    assert answer.mimetype == "text/calendar"
    for words in ("BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "REFRESH-INTERVAL;VALUE=DURATION:PT60M", "X-PUBLISHED-TTL"):
        assert words in answer.text
    assert "private" in answer.headers["Cache-Control"]


def test_who_has_the_version_gets_nothing_twice_and_a_change_at_once(
    session: Session, client: FlaskClient, shop: Shop
) -> None:
    made = book(session, shop)
    address = api.customer_feed_url(session, made.customer_id)  # type: ignore[arg-type]
    etag = read(client, address).headers["ETag"]
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        same = read(client, address, **{"If-None-Match": etag})
        assert (same.status_code, same.data) == (304, b"")
    booking.move(session, made.id, made.starts_at + timedelta(hours=1), by="customer")
    assert read(client, address, **{"If-None-Match": etag}).status_code == 200


@pytest.mark.proves("B14")
def test_a_persons_calendar_says_little_of_customers(session: Session, client: FlaskClient, shop: Shop) -> None:
    made = book(session, shop, person_id=shop.people[0])
    starts_at = made.ends_at + timedelta(hours=1)
    blocked = booking.block(session, shop.branch_id, shop.people[0], starts_at, starts_at + timedelta(hours=1), "GP")
    address = api.person_feed_url(session, shop.people[0])
    answer = read(client, address)
    found = events(answer)
    assert str(found[f"{made.id}@{shop.tenant.host}"]["SUMMARY"]).endswith("· Lan")
    assert str(found[f"{blocked}@{shop.tenant.host}"]["SUMMARY"]) == "锁定时段"
    for secret in ("Nguyễn", "138", "glaucoma", "GP"):
        assert secret not in answer.text
    booking.cancel(session, made.id, reason="ill", by="customer")
    assert str(events(read(client, address))[f"{made.id}@{shop.tenant.host}"]["STATUS"]) == "CANCELLED"


@pytest.mark.parametrize(
    ("name", "locale", "short"),
    [("王小明", "zh-CN", "王**"), ("Nguyễn Thị Lan", "vi", "Lan"), ("Ada Lovelace", "en", "Ada"), (" ", "en", "")],
)
def test_a_name_is_shortened_as_its_language_builds_names(name: str, locale: str, short: str) -> None:
    assert short_name(name, locale) == short


@pytest.mark.proves("B14")
def test_a_revoked_altered_or_foreign_address_opens_nothing(
    session: Session, client: FlaskClient, other_client: FlaskClient, shop: Shop
) -> None:
    made = book(session, shop)
    address = api.customer_feed_url(session, made.customer_id)  # type: ignore[arg-type]
    assert read(client, address).status_code == 200
    assert read(other_client, address).status_code == 404
    letter = "A" if address[-8] != "A" else "B"
    assert read(client, address[:-8] + letter + address[-7:]).status_code == 404
    api.revoke_customer_feed(session, made.customer_id)  # type: ignore[arg-type]
    assert read(client, address).status_code == 404
    assert api.customer_feed_url(session, made.customer_id) != address  # type: ignore[arg-type]


def test_a_customer_subscribes_and_stops_the_address_on_a_page_of_its_own(
    session: Session, client: FlaskClient, shop: Shop
) -> None:
    made = book(session, shop)
    assert made.customer_id
    address = api.customer_page_url(session, made.customer_id)
    shown = read(client, address)
    assert "webcal://" in shown.text
    assert api.customer_feed_url(session, made.customer_id) in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    stopped = client.post("/" + address.split("/", 3)[3] + "/revocation")
    assert stopped.status_code == 303
    assert "does not work any more" in client.get(f"{stopped.headers['Location']}?lang=en").text
    assert queries.feed_of(session, customer_id=made.customer_id) is None
    assert read(client, address).status_code == 404
    assert client.get("/calendar/nonsense").status_code == 404


@pytest.mark.proves("B14")
def test_the_link_of_one_appointment_does_not_open_the_calendar_of_all(
    session: Session, client: FlaskClient, shop: Shop
) -> None:
    made = book(session, shop)
    token = booking.manage_token(made.id, made.ends_at)
    assert made.customer_id
    assert api.customer_feed_url(session, made.customer_id)
    assert client.get(f"/calendar/{token}").status_code == 404
    assert client.post(f"/calendar/{token}/revocation").status_code == 404
    assert queries.feed_of(session, customer_id=made.customer_id) is not None


def test_a_persons_calendar_has_no_page_for_customers(session: Session, client: FlaskClient, shop: Shop) -> None:
    token = api.person_feed_url(session, shop.people[0]).rsplit("/", 1)[1].removesuffix(".ics")
    assert client.get(f"/calendar/{token}").status_code == 404
    assert client.post(f"/calendar/{token}/revocation").status_code == 404


def test_head_office_makes_and_stops_a_persons_address(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser, page = sign_in_as("hq"), f"/hq/people/{shop.people[0]}/calendar"
    assert browser.post(f"{page}/feed").status_code == 303
    assert "/feeds/" in browser.get(page).text
    assert browser.post(f"{page}/feed/revocation").status_code == 303
    assert "/feeds/" not in browser.get(page).text


def test_a_calendar_costs_the_same_queries_however_much_is_in_it(
    session: Session, client: FlaskClient, shop: Shop, count_queries: Callable[[Callable[[], Any]], int]
) -> None:
    made = book(session, shop)
    address = api.person_feed_url(session, made.person_id)  # type: ignore[arg-type]
    book(session, shop, 31, person_id=made.person_id)
    read(client, address)
    before = count_queries(lambda: events(read(client, address)))
    for hours in range(25, 30):
        book(session, shop, hours, person_id=made.person_id)
    after = count_queries(lambda: events(read(client, address)))
    assert after <= before


@pytest.fixture
def count_queries(session: Session) -> Callable[[Callable[[], Any]], int]:
    def count(work: Callable[[], Any]) -> int:
        seen: list[str] = []

        def note(*found: Any) -> None:
            seen.append(found[2])

        event.listen(session.connection().engine, "before_cursor_execute", note)
        try:
            work()
        finally:
            event.remove(session.connection().engine, "before_cursor_execute", note)
        return len(seen)

    return count


def test_both_ends_of_the_window_are_bounded(session: Session, client: FlaskClient, shop: Shop) -> None:
    made: datetime = book(session, shop).starts_at
    address = api.person_feed_url(session, book(session, shop, 5).person_id or UUID(int=0))
    with clock.frozen(made + timedelta(days=40)):
        assert events(read(client, address)) == {}
