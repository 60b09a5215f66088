"""A waitlist offer accepted after a cancellation: a real browser, a real worker, the link from a text message."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Judge, Product, wait_for

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(600),
    pytest.mark.proves("B11"),
    pytest.mark.proves("B2"),
]

LINK_SECONDS = 15.0
"""A cancellation becomes an offer, and the offer a message: two steps of work, each done within seconds."""
SHORT_LINK = r"http://\S+/s/\S+"
BRANCH, BRANCH_NAME, MORNING = "hangzhou", "Lumi Optik West Lake", 10
HOLDER, WAITING = "13912340001", "13912340002"


def test_a_cancelled_time_goes_to_somebody_who_waits(
    product: Product, without_script: Page, judge: Judge, signed_in: Callable[[str, str], Page]
) -> None:
    page, office = without_script, signed_in("lumi", "Head office")
    make_it_morning(product, office)
    day, start, staff = book_a_time(product, page)
    cancel_link = link_in(product, HOLDER)

    join_the_list(product, page, judge, day, staff)
    told = link_in(product, WAITING)
    page.goto(told)
    expect(page.locator("h1")).to_have_text("You are on the waiting list")

    page.goto(cancel_link)
    page.get_by_role("link", name="Cancel the appointment").click()
    page.get_by_role("button", name=re.compile("cancel")).click()
    expect(page.locator("h1")).to_have_text("Your appointment is cancelled")

    offer = link_in(product, WAITING, told)
    page.goto(offer)
    expect(page.locator("h1")).to_have_text("A time has become free for you")
    expect(page.locator(".summary")).to_contain_text(start)
    judge(page)
    page.get_by_role("button", name="Yes, I take it").click()
    expect(page.locator("h1")).to_have_text("You are booked")
    expect(page.locator("main")).to_contain_text(start)
    ref = page.locator(".done b").first.inner_text()
    confirmed = link_in(product, WAITING, told, offer)
    page.goto(offer)
    expect(page.locator("h1")).to_have_text("You have taken this time")
    judge(page)
    page.goto(confirmed)
    expect(page.locator("main")).to_contain_text(start)

    seen = on_the_board(signed_in("lumi", f"Front desk {BRANCH}"), product, day)
    assert [(it["status"], it["source"]) for it in seen if it["ref"] == ref] == [("booked", "waitlist")]
    office.goto(product.pages("lumi") + "/hq/waitlist?state=accepted")
    expect(office.locator("table")).to_contain_text("accepted an offer")


def make_it_morning(product: Product, office: Page) -> None:
    """Nobody is disturbed at night, so the branch is put where it is morning now."""
    east = (MORNING - datetime.now(UTC).hour + 12) % 24 - 12
    zone = f"Etc/GMT{-east:+d}"
    office.goto(f"{product.pages('lumi')}/hq/branches")
    office.get_by_role("link", name=BRANCH_NAME, exact=True).click()
    office.get_by_label("Time zone").fill(zone)
    office.get_by_role("button", name="Save").first.click()
    office.goto(f"{product.pages('lumi')}/hq/branches")
    expect(office.get_by_role("row").filter(has_text=BRANCH_NAME)).to_contain_text(zone)


def book_a_time(product: Product, page: Page) -> tuple[str, str, str]:
    """An appointment with a certain person, two days ahead: its day, its start and the person's id."""
    page.goto(f"{product.pages('lumi')}/book/{BRANCH}")
    page.get_by_role("link", name="Prescription check").click()
    page.locator(".days a:not(.off)").nth(2).click()
    somebody_free(page)
    day, staff = re.search(r"day=([0-9-]+)", page.url), re.search(r"staff=([0-9a-f-]+)", page.url)
    assert day, "the chosen day stands in the address"
    assert staff, "the chosen person stands in the address"
    button = page.locator(".slots button").last
    start = button.inner_text()[:5]
    button.click()
    page.fill("#f-name", "Somebody Else")
    page.fill("#f-phone", HOLDER)
    page.get_by_role("button", name="Confirm booking").click()
    expect(page.locator("h1")).to_have_text("You are booked")
    return day[1], start, staff[1]


def somebody_free(page: Page) -> None:
    """Choose the first person who has a free time on the chosen day."""
    people = page.locator(".people .who > a[href*='staff=']").all()
    addresses = [link.get_attribute("href") or "" for link in people]
    for address in addresses:
        page.goto(urljoin(page.url, address))
        if page.locator(".slots button").count():
            return
    raise AssertionError(f"nobody has a free time: {page.url}")


def join_the_list(product: Product, page: Page, judge: Judge, day: str, staff: str) -> None:
    """First with something wrong, then right; nothing that was typed is lost on the way."""
    page.goto(f"{product.pages('lumi')}/book/{BRANCH}")
    page.get_by_role("link", name="Prescription check").click()
    page.get_by_role("link", name="Put me on the waiting list").click()
    judge(page)
    page.fill("#f-first_day", day)
    page.fill("#f-last_day", (date.fromisoformat(day) - timedelta(days=1)).isoformat())
    page.select_option("#f-staff", staff)
    page.fill("#f-name", "Minh Anh")
    page.fill("#f-phone", WAITING)
    page.get_by_role("button", name="Put me on the waiting list").click()
    expect(page.locator(".errors")).to_contain_text("last day")
    expect(page.locator("#f-name")).to_have_value("Minh Anh")
    judge(page)
    page.fill("#f-last_day", day)
    page.get_by_role("button", name="Put me on the waiting list").click()
    expect(page.get_by_role("status")).to_contain_text("We have noted your wish")
    judge(page)


def link_in(product: Product, number: str, *known: str) -> str:
    """The link in the newest text message that has another one than those known; it arrives within seconds."""
    found: list[str] = []

    def arrived() -> bool:
        links = [link.rstrip(".,;") for text in product.texts(number) for link in re.findall(SHORT_LINK, text["body"])]
        found[:] = [link for link in links if link not in known]
        return bool(found)

    took = wait_for(arrived, seconds=LINK_SECONDS, what=f"no text message with a new link came to {number}")
    print(f"the text message with {found[0]} was there after {took:.1f} s")
    return found[0]


def on_the_board(desk: Page, product: Product, day: str) -> list[dict[str, Any]]:
    """The bookings of a day as the branch console gets them."""
    config = fetched(desk, f"{product.pages('lumi')}/b/{BRANCH}/config.json")
    board = fetched(desk, f"{product.pages('lumi')}{config['endpoints']['board']}?day={day}")
    bookings: list[dict[str, Any]] = board["bookings"]
    return bookings


def fetched(page: Page, address: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("address => fetch(address).then(answer => answer.json())", address)
    return found
