"""At the desk: a visit of two people, a series, blocked time and a length changed, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_console_journey import SOON, SignIn, block, decisions, flawless, option, saved
from tests.journeys.test_dragging_journey import minutes, start_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

DAYS_AHEAD = 11
"""A day of its own, on which nobody else in these tests books."""


def go_on(page: Page, days: int) -> None:
    for _ in range(abs(days)):
        page.get_by_role("button", name="Next day" if days > 0 else "Previous day").click()
    expect(page.locator(".board")).to_be_visible(timeout=SOON)
    saved(page)


def begin(page: Page, name: str, phone: str) -> None:
    page.get_by_role("button", name="New booking").first.click()
    page.fill("#new-phone", phone)
    page.fill("#new-name", name)
    page.select_option("#new-service", label=option(page, "Prescription check"))


def take(page: Page, time: str | None = None) -> None:
    """A time in the middle of those that are offered, or this one."""
    times = page.locator(".picks label")
    expect(times.first).to_be_visible(timeout=SOON)
    (times.filter(has_text=time) if time else times.nth(times.count() // 2)).first.click()
    page.locator("dialog .btn.primary.big").click()
    expect(page.locator("dialog")).to_have_count(0)
    saved(page)


@pytest.mark.proves("B12")
def test_a_visit_of_two_stands_moves_and_ends_together(signed_in: SignIn) -> None:
    desk, other = signed_in("lumi", "Manager shanghai"), signed_in("lumi", "Front desk shanghai")
    for page in (desk, other):
        expect(page.locator(".pill.saved")).to_be_visible(timeout=SOON)
        go_on(page, DAYS_AHEAD)
    begin(desk, "Visit Vera", "13911130001")
    desk.get_by_role("button", name="Another service or guest").click()
    desk.select_option("#new-service-1", label=option(desk, "Prescription check"))
    desk.fill("#new-guest-1", "Guest Gus")
    expect(desk.locator(".picks label").first).to_be_visible(timeout=SOON)
    flawless(desk)
    take(desk)
    for page in (desk, other):
        expect(block(page, "Visit Vera").locator(".letter")).to_be_visible(timeout=SOON)
        expect(block(page, "Guest Gus").locator(".letter")).to_be_visible(timeout=SOON)

    block(desk, "Guest Gus").click()
    expect(desk.locator(".members li")).to_have_count(2)
    flawless(desk)
    desk.locator(".members").get_by_role("button", name="Visit Vera").click()
    expect(desk.locator(".about h3")).to_have_text("Visit Vera")
    desk.keyboard.press("Escape")

    before = minutes(start_of(desk, "Visit Vera"))
    block(desk, "Visit Vera").focus()
    for key in ("m", "ArrowUp", "Enter"):
        desk.keyboard.press(key)
    expect(desk.get_by_text("This is part of a visit:")).to_be_visible()
    flawless(desk)
    desk.get_by_role("button", name="Move all 2").click()
    saved(desk)
    for name in ("Visit Vera", "Guest Gus"):
        expect(block(desk, name)).to_have_count(1)
        assert minutes(start_of(desk, name)) == before - 15

    block(desk, "Guest Gus").click()
    desk.get_by_text("Cancel this booking").click()
    desk.get_by_text("Only this appointment, the rest of the visit stays").click()
    desk.get_by_role("button", name="Cancel booking and free the time").click()
    expect(block(desk, "Guest Gus")).to_have_count(0)
    saved(desk)
    expect(block(other, "Guest Gus")).to_have_count(0, timeout=SOON)
    expect(block(other, "Visit Vera")).to_be_visible()


@pytest.mark.proves("B12")
def test_a_series_names_the_day_on_which_it_found_no_place(signed_in: SignIn) -> None:
    desk = signed_in("lumi", "Front desk shanghai")
    expect(desk.locator(".pill.saved")).to_be_visible(timeout=SOON)
    go_on(desk, DAYS_AHEAD + 7)
    begin(desk, "In The Way", "13911130002")
    desk.select_option("#new-person", index=1)
    take(desk)
    time = start_of(desk, "In The Way")
    go_on(desk, -7)

    begin(desk, "Weekly Wang", "13911130003")
    desk.select_option("#new-person", index=1)
    desk.get_by_text("Repeat", exact=True).click()
    desk.fill("#new-weeks", "1")
    desk.fill("#new-visits", "2")
    flawless(desk)
    take(desk, time)
    expect(block(desk, "Weekly Wang")).to_be_visible()
    expect(decisions(desk)).to_have_text("1 to decide", timeout=SOON)
    decisions(desk).click()
    expect(desk.locator(".unplaced li")).to_have_count(1)
    flawless(desk)
    desk.get_by_role("button", name="I have dealt with it").click()
    expect(desk.get_by_text("Everything is decided.")).to_be_visible()
    desk.keyboard.press("Escape")
    saved(desk)


def test_somebodys_time_is_blocked_and_given_back(signed_in: SignIn) -> None:
    desk, other = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    for page in (desk, other):
        expect(page.locator(".pill.saved")).to_be_visible(timeout=SOON)
        go_on(page, DAYS_AHEAD + 2)
    desk.keyboard.press("b")
    desk.fill("#block-note", "Team meeting")
    desk.select_option("#block-start", label="06:00")
    desk.select_option("#block-end", label="05:30")
    desk.locator("dialog .btn.primary").click()
    expect(desk.locator("#block-end-error")).to_be_visible()
    flawless(desk)
    desk.select_option("#block-end", label="06:45")
    desk.locator("dialog .btn.primary").click()
    expect(block(desk, "Team meeting")).to_be_visible()
    saved(desk)
    expect(block(other, "Team meeting")).to_be_visible(timeout=SOON)
    flawless(other)
    block(other, "Team meeting").click()
    flawless(other)
    other.get_by_role("button", name="Make this time bookable again").click()
    expect(block(desk, "Team meeting")).to_have_count(0, timeout=SOON)
