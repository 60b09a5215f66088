"""A day at the front desk in a real browser: by telephone, at the door, without network, and two desks at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.journeys.conftest import AXE, RULES, Pictures, Product, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

SignIn = Callable[[str, str], Page]
DAYS_AHEAD = 3
SOON = 20_000
"""Milliseconds in which a change reaches the other desk: it asks every five seconds."""


def flawless(page: Page) -> None:
    """Nothing for axe to find in what is on the screen now, dialogs included, and nothing scrolls sideways."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    told = [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]
    assert not told, "\n".join(told)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def ahead(page: Page) -> None:
    """The board of a day on which nothing has begun yet."""
    expect(page.locator(".pill.saved")).to_be_visible(timeout=SOON)
    for _ in range(DAYS_AHEAD):
        page.get_by_role("button", name="Next day").click()
    expect(page.locator(".board")).to_be_visible()


def block(page: Page, name: str) -> Locator:
    return page.locator(".ev", has_text=name)


def saved(page: Page) -> None:
    expect(page.locator(".pill.saved")).to_be_visible(timeout=SOON)


def book(page: Page, name: str, phone: str, pick: int | str) -> str:
    """A booking with the first person, at the pick-th offered time or at a time; the time it got."""
    page.get_by_role("button", name="New booking").first.click()
    page.fill("#new-phone", phone)
    page.fill("#new-name", name)
    page.select_option("#new-service", label=option(page, "Prescription check"))
    page.select_option("#new-person", index=1)
    times = page.locator(".picks label")
    time = times.nth(pick) if isinstance(pick, int) else times.filter(has_text=pick)
    expect(time).to_be_visible(timeout=SOON)
    text = time.inner_text().strip()
    time.click()
    page.locator("dialog .btn.primary.big").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(block(page, name)).to_be_visible()
    return text


def option(page: Page, beginning: str) -> str:
    labels = page.locator("#new-service option").all_inner_texts()
    return next(label.strip() for label in labels if label.strip().startswith(beginning))


def move(page: Page, name: str, pick: int) -> None:
    """To another of the offered times, without dragging."""
    block(page, name).click()
    page.get_by_text("Move without dragging").click()
    page.locator(".picks label").nth(pick).click()
    page.locator("dialog form").filter(has=page.locator("#move-person")).get_by_role("button", name="Move").click()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def decisions(page: Page) -> Locator:
    return page.locator("button.pill.bad")


def test_a_booking_by_telephone_goes_through_the_day(signed_in: SignIn, pictures: Pictures) -> None:
    desk, manager = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    expect(desk.locator(".board")).to_be_visible(timeout=SOON)
    flawless(desk)
    pictures.save(desk, "console")
    ahead(desk)
    ahead(manager)

    desk.get_by_role("button", name="New booking").first.click()
    flawless(desk)
    desk.locator("dialog .btn.primary.big").click()
    expect(desk.locator("#new-name-error")).to_be_visible()
    flawless(desk)
    desk.keyboard.press("Escape")
    start = book(desk, "Telephone Tom", "13911110001", -1)
    saved(desk)
    expect(block(manager, "Telephone Tom")).to_contain_text(start, timeout=SOON)

    move(desk, "Telephone Tom", 0)
    saved(desk)
    expect(block(desk, "Telephone Tom")).not_to_contain_text(start)
    desk.get_by_role("button", name="Undo").click()
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

    start = book(desk, "Telephone Tim", "13911110002", -1)
    block(desk, "Telephone Tim").click()
    desk.get_by_text("Cancel this booking").click()
    desk.get_by_role("button", name="Cancel booking and free the time").click()
    expect(block(desk, "Telephone Tim")).to_have_count(0)
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


def test_work_without_network_is_kept_sent_and_decided(signed_in: SignIn, pictures: Pictures) -> None:
    desk, manager = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    ahead(desk)
    for name, phone in (("Moved Mia", "13911110003"), ("Cancelled Cara", "13911110004")):
        book(desk, name, phone, -1)
        saved(desk)
    ahead(manager)
    expect(block(manager, "Cancelled Cara")).to_be_visible(timeout=SOON)
    wait_for(lambda: desk.evaluate("Boolean(navigator.serviceWorker.controller)"), seconds=20)

    desk.context.set_offline(True)
    start = book(manager, "Online Otto", "13911110005", 0)
    move(manager, "Moved Mia", 1)
    block(manager, "Cancelled Cara").click()
    manager.get_by_text("Cancel this booking").click()
    manager.get_by_role("button", name="Cancel booking and free the time").click()
    saved(manager)
    book(desk, "Offline Olga", "13911110006", start)
    move(desk, "Moved Mia", 3)
    move(desk, "Cancelled Cara", 5)
    expect(desk.locator(".pill.off")).to_contain_text("3 waiting to be sent")
    flawless(desk)

    desk.reload()
    expect(desk.locator(".board")).to_be_visible(timeout=SOON)
    for _ in range(DAYS_AHEAD):
        desk.get_by_role("button", name="Next day").click()
    expect(block(desk, "Offline Olga")).to_contain_text(start)
    desk.context.set_offline(False)
    expect(decisions(desk)).to_have_text("3 to decide", timeout=SOON)
    expect(decisions(manager)).to_have_text("2 to decide", timeout=SOON)
    decisions(desk).click()
    flawless(desk)
    pictures.save(desk, "console-decide")
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
    page.locator(".ev").first.click()
    expect(page.locator("dialog .about")).to_be_visible()
    flawless(page)
    page.keyboard.press("Escape")
    page.locator(".queue-toggle").locator("visible=true").first.click()
    expect(page.locator(".queue")).to_be_visible()
    flawless(page)
    context.close()
