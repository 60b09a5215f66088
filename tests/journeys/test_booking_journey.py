"""The main job: a customer books without JavaScript, is told, the branch sees it; then moves it and cancels it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Judge, Pictures, Product, wait_for
from tests.journeys.desk import open_day

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

MAIL = "linh.tran@example.com"
NUMBER = "13812345678"


def test_a_customer_books_moves_and_cancels_and_everybody_is_told(
    product: Product, without_script: Page, judge: Judge, signed_in: Callable[[str, str], Page], pictures: Pictures
) -> None:
    page = without_script
    day, start = choose_a_time(product, page, judge, pictures)
    give_details(page, judge)

    expect(page.locator("h1")).to_have_text("You are booked")
    pictures.phone(page)
    ref = page.locator(".done b").inner_text()
    told(product, 1, start)
    judge(page)
    calendar = download(page)
    desk = signed_in("lumi", "Front desk shanghai")
    shown = on_the_board(desk, product, day)[ref]
    assert shown["status"] == "booked"

    link = re.search(r"http://\S+/s/\S+", product.texts(NUMBER)[0]["body"])
    assert link, "the text message has no link to move or cancel"
    page.goto(link[0].rstrip(".,;"))
    judge(page)
    page.get_by_role("link", name="Choose another time").click()
    judge(page)
    moved_to = press_a_time(page, last=True)
    expect(page.get_by_role("status")).to_contain_text("Your appointment has been moved")
    judge(page)
    told(product, 2, moved_to)
    assert uid(download(page)) == uid(calendar), "the calendar file of a moved appointment replaces the first one"
    assert on_the_board(desk, product, day)[ref]["start"] != shown["start"]

    page.get_by_role("link", name="Cancel the appointment").click()
    judge(page)
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.locator("h1")).to_have_text("Your appointment is cancelled")
    judge(page)
    told(product, 3, moved_to)
    assert on_the_board(desk, product, day).get(ref, {"status": "cancelled"})["status"] == "cancelled"
    page.get_by_role("link", name="Book again").click()
    expect(page.locator("h1")).to_have_text("When would you like to come?")


def choose_a_time(product: Product, page: Page, judge: Judge, pictures: Pictures) -> tuple[str, str]:
    """From the front door to a pressed time two days ahead; the day and the time on the branch's clock."""
    page.goto(product.pages("lumi") + "/")
    judge(page)
    page.get_by_role("link", name="Lumi Optik Jing'an").click()
    judge(page)
    page.get_by_role("link", name="Prescription check").click()
    judge(page)
    page.locator(".days a:not(.off)").nth(2).click()
    page.locator(".who").nth(1).get_by_role("link").first.click()
    judge(page)
    page.get_by_role("link", name="Anyone", exact=True).click()
    day = re.search(r"day=([0-9-]+)", page.url)
    assert day, "the chosen day stands in the address"
    pictures.phone(page)
    start = press_a_time(page)
    pictures.phone(page)
    expect(page.locator(".summary")).to_contain_text("We keep this time for you until")
    page.go_back()
    expect(page.locator(".alert.info")).to_contain_text("We keep a time for you until")
    judge(page)
    page.get_by_role("link", name="Go on with this time").click()
    return day[1], start


def press_a_time(page: Page, *, last: bool = False) -> str:
    buttons = page.locator(".slots button")
    button = buttons.last if last else buttons.first
    text = button.inner_text()
    button.click()
    return text


def give_details(page: Page, judge: Judge) -> None:
    """First everything wrong, then right; nothing that was typed is lost on the way."""
    judge(page)
    page.fill("#f-name", "Linh Trần 🦊")
    page.fill("#f-phone", "123")
    page.fill("#f-email", MAIL)
    page.get_by_role("button", name="Confirm booking").click()
    expect(page.locator(".errors")).to_contain_text("phone number")
    judge(page)
    expect(page.locator("#f-name")).to_have_value("Linh Trần 🦊")
    page.locator(".errors a").click()
    page.fill("#f-phone", "138 1234 5678")
    page.get_by_role("button", name="Confirm booking").click()


def told(product: Product, number: int, start: str) -> None:
    """The number-th e-mail and text message arrive in time and name the time."""
    mail = wait_for(lambda: len(product.letters(MAIL)) >= number, what=f"e-mail {number} did not arrive")
    text = wait_for(lambda: len(product.texts(NUMBER)) >= number, what=f"text message {number} did not arrive")
    print(f"e-mail {number} was there after {mail:.1f} s, the text message {text:.1f} s later")
    assert start in product.letters(MAIL)[0]["text"]
    assert start in product.texts(NUMBER)[0]["body"]


def download(page: Page) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Add to calendar").click()
    return waiting.value.path().read_text(encoding="utf-8")


def uid(calendar: str) -> str:
    found = re.search(r"UID:(\S+)", calendar)
    assert found, calendar
    return found[1]


def on_the_board(desk: Page, product: Product, day: str) -> dict[str, dict[str, Any]]:
    """The bookings of a day as the branch console gets them, by reference."""
    config = fetched(desk, f"{product.pages('lumi')}/b/shanghai/config.json")
    board = fetched(desk, f"{product.pages('lumi')}{config['endpoints']['board']}?day={day}")
    return {booking["ref"]: booking for booking in board["bookings"]}


def fetched(page: Page, address: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("address => fetch(address).then(answer => answer.json())", address)
    return found


@pytest.mark.parametrize(("chain", "locale"), [("lumi", "zh-CN"), ("mane", "vi")])
def test_the_public_pages_are_accessible_in_the_other_languages_too(
    product: Product, without_script: Page, judge: Judge, chain: str, locale: str
) -> None:
    page = without_script
    page.goto(f"{product.pages(chain)}/?lang={locale}")
    judge(page)
    page.locator(".pick a").last.click()
    judge(page)
    page.locator(".pick a").last.click()
    judge(page)
    assert page.locator("html").get_attribute("lang") == locale


def test_staff_find_their_faces_behind_the_sign_in(
    product: Product, signed_in: Callable[[str, str], Page], pictures: Pictures
) -> None:
    console = signed_in("lumi", "Front desk shanghai")
    expect(console.get_by_role("button", name="New booking")).to_be_visible()
    today = date.fromisoformat(console.locator("h1 time").get_attribute("datetime") or "")
    open_day(console, today + timedelta(days=1))
    pictures.save(console, "console")
    office = signed_in("lumi", "Head office")
    expect(office.locator("h1")).to_be_visible()
    pictures.save(office, "head-office")
