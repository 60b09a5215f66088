"""At the desk: a visit of two people, a series, blocked time and a length changed, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import (
    SERVICE,
    SOON,
    SignIn,
    begin,
    block,
    book,
    clock_text,
    decisions,
    flawless,
    open_day,
    option,
    saved,
    show,
    take,
)
from tests.journeys.quiet import QuietTimes

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


@pytest.mark.proves("B12")
def test_a_visit_of_two_stands_moves_and_ends_together(signed_in: SignIn, quiet_times: QuietTimes) -> None:
    quiet = quiet_times.take(people=2)
    first, second = quiet.people
    desk, other = signed_in("lumi", "Manager shanghai"), signed_in("lumi", "Front desk shanghai")
    for page in (desk, other):
        open_day(page, quiet.day)
    begin(desk, "Visit Vera", "13911130001", first)
    desk.get_by_role("button", name="Another service or guest").click()
    desk.select_option("#new-service-1", label=option(desk, SERVICE))
    desk.select_option("#new-person-1", second)
    desk.fill("#new-guest-1", "Guest Gus")
    expect(desk.locator(".picks label").first).to_be_visible(timeout=SOON)
    flawless(desk)
    take(desk, quiet.spots[2])
    for page in (desk, other):
        expect(block(page, "Visit Vera").locator(".letter")).to_be_visible(timeout=SOON)
        expect(block(page, "Guest Gus").locator(".letter")).to_be_visible(timeout=SOON)

    block(desk, "Guest Gus").click()
    expect(desk.locator(".members li")).to_have_count(2)
    flawless(desk)
    desk.locator(".members").get_by_role("button", name="Visit Vera").click()
    expect(desk.locator(".about h3")).to_have_text("Visit Vera")
    desk.keyboard.press("Escape")

    block(desk, "Visit Vera").focus()
    for key in ("m", "ArrowUp", "Enter"):
        desk.keyboard.press(key)
    expect(desk.get_by_text("This is part of a visit:")).to_be_visible()
    flawless(desk)
    desk.get_by_role("button", name="Move all 2").click()
    for name in ("Visit Vera", "Guest Gus"):
        expect(block(desk, name).locator("time")).to_have_text(clock_text(quiet.spots[2] - 15))
    saved(desk)

    block(desk, "Guest Gus").click()
    desk.get_by_text("Cancel this booking").click()
    desk.get_by_text("Only this appointment, the rest of the visit stays").click()
    desk.get_by_role("button", name="Cancel booking and free the time").click()
    expect(block(desk, "Guest Gus")).to_have_count(0)
    saved(desk)
    expect(block(other, "Guest Gus")).to_have_count(0, timeout=SOON)
    expect(block(other, "Visit Vera")).to_be_visible()


@pytest.mark.proves("B12")
def test_a_series_names_the_day_on_which_it_found_no_place(signed_in: SignIn, quiet_times: QuietTimes) -> None:
    quiet = quiet_times.take(weeks=2)
    [person], start = quiet.people, quiet.spots[2]
    desk = signed_in("lumi", "Front desk shanghai")
    open_day(desk, quiet.day + timedelta(weeks=1))
    book(desk, "In The Way", "13911130002", person, start)
    saved(desk)
    show(desk, quiet.day)

    begin(desk, "Weekly Wang", "13911130003", person)
    desk.get_by_text("Repeat", exact=True).click()
    desk.fill("#new-weeks", "1")
    desk.fill("#new-visits", "2")
    flawless(desk)
    take(desk, start)
    expect(block(desk, "Weekly Wang")).to_be_visible()
    expect(decisions(desk)).to_have_text("1 to decide", timeout=SOON)
    decisions(desk).click()
    expect(desk.locator(".unplaced li")).to_have_count(1)
    flawless(desk)
    desk.get_by_role("button", name="I have dealt with it").click()
    expect(desk.get_by_text("Everything is decided.")).to_be_visible()
    desk.keyboard.press("Escape")
    saved(desk)


def test_somebodys_time_is_blocked_and_given_back(signed_in: SignIn, quiet_times: QuietTimes) -> None:
    quiet = quiet_times.take()
    desk, other = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    for page in (desk, other):
        open_day(page, quiet.day)
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
