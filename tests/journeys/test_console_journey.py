"""A day at the front desk in a real browser: by telephone, at the door, without network, and two desks at once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.conftest import Product, wait_for
from tests.journeys.desk import (
    SOON,
    SignIn,
    block,
    book,
    call_off,
    clock_text,
    decisions,
    flawless,
    move,
    open_day,
    saved,
    show,
)
from tests.journeys.quiet import QuietTimes

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


def test_a_booking_by_telephone_goes_through_the_day(signed_in: SignIn, quiet_times: QuietTimes) -> None:
    quiet = quiet_times.take()
    [person], early, late = quiet.people, quiet.spots[0], quiet.spots[-1]
    desk, manager = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    expect(desk.locator(".board")).to_be_visible(timeout=SOON)
    flawless(desk)
    open_day(desk, quiet.day)
    open_day(manager, quiet.day)

    desk.get_by_role("button", name="New booking").first.click()
    flawless(desk)
    desk.locator("dialog .btn.primary.big").click()
    expect(desk.locator("#new-name-error")).to_be_visible()
    flawless(desk)
    desk.keyboard.press("Escape")
    start = book(desk, "Telephone Tom", "13911110001", person, late)
    saved(desk)
    expect(block(manager, "Telephone Tom")).to_contain_text(start, timeout=SOON)

    move(desk, "Telephone Tom", early)
    expect(block(desk, "Telephone Tom")).to_contain_text(clock_text(early))
    desk.get_by_role("button", name="Undo").click()
    expect(block(desk, "Telephone Tom")).to_contain_text(start)
    saved(desk)
    expect(block(manager, "Telephone Tom")).to_contain_text(start, timeout=SOON)

    block(desk, "Telephone Tom").click()
    expect(desk.get_by_text("This is the first visit.")).to_be_visible(timeout=SOON)
    flawless(desk)
    for status in ("Arrived", "In service", "Done"):
        desk.locator(".statuses").get_by_role("button", name=status, exact=True).click()
        expect(desk.locator(".about .badge")).to_have_text(status)
    desk.keyboard.press("Escape")
    saved(desk)
    expect(manager.locator(".ev.done", has_text="Telephone Tom")).to_be_visible(timeout=SOON)

    book(desk, "Telephone Tim", "13911110002", person, early)
    call_off(desk, "Telephone Tim")
    saved(desk)


def test_somebody_at_the_door_waits_and_is_seated_or_leaves(signed_in: SignIn) -> None:
    desk = signed_in("mane", "Front desk chengdu")
    desk.goto(desk.url + "?lang=en")
    expect(desk.locator(".board")).to_be_visible(timeout=SOON)
    for name in ("Green scarf", "Two sisters"):
        desk.get_by_role("button", name="Walk-in").first.click()
        desk.locator("dialog .btn.primary").click()
        expect(desk.locator("#walkin-name-error")).to_be_visible()
        flawless(desk)
        desk.fill("#walkin-name", name)
        desk.select_option("#walkin-service", index=1)
        desk.locator("dialog .btn.primary").click()
        expect(desk.locator(".waiting")).to_contain_text(name)
    saved(desk)
    flawless(desk)
    desk.get_by_role("button", name="Left Two sisters").click()
    expect(desk.locator(".waiting")).not_to_contain_text("Two sisters")
    desk.get_by_role("button", name="Seat now Green scarf").click()
    flawless(desk)
    desk.keyboard.press("Escape")
    saved(desk)


def test_work_without_network_is_kept_sent_and_decided(signed_in: SignIn, quiet_times: QuietTimes) -> None:
    quiet = quiet_times.take()
    [person], spots = quiet.people, quiet.spots
    desk, manager = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    open_day(desk, quiet.day)
    book(desk, "Moved Mia", "13911110003", person, spots[0])
    book(desk, "Cancelled Cara", "13911110004", person, spots[1])
    saved(desk)
    open_day(manager, quiet.day)
    expect(block(manager, "Cancelled Cara")).to_be_visible(timeout=SOON)
    wait_for(lambda: desk.evaluate("Boolean(navigator.serviceWorker.controller)"), seconds=SOON / 1000)

    desk.context.set_offline(True)
    start = book(manager, "Online Otto", "13911110005", person, spots[2])
    move(manager, "Moved Mia", spots[3])
    call_off(manager, "Cancelled Cara")
    saved(manager)
    book(desk, "Offline Olga", "13911110006", person, spots[2])
    move(desk, "Moved Mia", spots[4])
    move(desk, "Cancelled Cara", spots[0])
    expect(desk.locator(".pill.off")).to_contain_text("3 waiting to be sent")
    flawless(desk)

    desk.reload()
    expect(desk.locator(".board")).to_be_visible(timeout=SOON)
    show(desk, quiet.day)
    expect(block(desk, "Offline Olga")).to_contain_text(start)
    desk.context.set_offline(False)
    expect(decisions(desk)).to_have_text("3 to decide", timeout=SOON)
    expect(decisions(manager)).to_have_text("2 to decide", timeout=SOON)
    decisions(desk).click()
    flawless(desk)
    decide(desk)
    expect(decisions(manager)).to_have_count(0, timeout=SOON)

    desk.get_by_role("button", name="Menu").click()
    flawless(desk)
    desk.get_by_role("button", name="Sign out").click()
    expect(desk).to_have_url(re.compile("/sign-in"))


def decide(page: Page) -> None:
    card = page.locator(".clash-card")
    card.filter(has_text="Offline Olga").get_by_role("button").first.click()
    card.filter(has_text="Moved Mia").get_by_role("button", name="Leave it at").click()
    refused = card.filter(has_text="Cancelled Cara")
    expect(refused).to_contain_text("It was cancelled while this device worked on it")
    refused.get_by_role("button", name="I have dealt with it").click()
    expect(page.get_by_text("Everything is decided.")).to_be_visible()
    page.keyboard.press("Escape")
    saved(page)
    expect(decisions(page)).to_have_count(0)


@pytest.mark.parametrize(("width", "height", "scheme"), [(390, 844, "dark"), (390, 844, "light"), (820, 1180, "light")])
def test_the_console_fits_a_phone_and_a_tablet(
    browser: Browser, product: Product, width: int, height: int, scheme: Literal["dark", "light"]
) -> None:
    size: ViewportSize = {"width": width, "height": height}
    context = browser.new_context(viewport=size, color_scheme=scheme, has_touch=True, locale="en-GB")
    page, door = context.new_page(), product.door("lumi", "Front desk hcmc")
    page.goto(door.url)
    page.fill("[name=email]", door.user)
    page.fill("[name=password]", door.password)
    page.click("form [type=submit], form button.primary")
    page.wait_for_url(door.url)
    page.goto(door.url + "?lang=en")
    expect(page.locator(".board")).to_be_visible(timeout=SOON)
    flawless(page)
    page.locator("button", has_text="New booking").locator("visible=true").first.click()
    flawless(page)
    page.keyboard.press("Escape")
    with_bookings(page)
    page.locator(".ev").first.click()
    expect(page.locator("dialog .about")).to_be_visible()
    flawless(page)
    page.keyboard.press("Escape")
    page.locator(".queue-toggle").locator("visible=true").first.click()
    expect(page.locator(".queue")).to_be_visible()
    flawless(page)
    context.close()


def with_bookings(page: Page) -> None:
    """Today's board, or on a holiday the next one on which something stands."""
    while not page.locator(".ev").count():
        shown = page.locator("h1 time").get_attribute("datetime") or ""
        show(page, date.fromisoformat(shown) + timedelta(days=1))
