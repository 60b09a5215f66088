"""At the desk an appointment is moved by mouse, finger and keyboard, and stays where it is, with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, ViewportSize, expect

from tests.journeys.conftest import Product
from tests.journeys.test_console_journey import SOON, SignIn, block, flawless, option, saved

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

DAYS_AHEAD = 9
"""A day of its own, on which nobody else in these tests books."""
HOLD = 450
TABLET: ViewportSize = {"width": 820, "height": 1180}


def open_day(page: Page) -> None:
    expect(page.locator(".pill.saved")).to_be_visible(timeout=SOON)
    for _ in range(DAYS_AHEAD):
        page.get_by_role("button", name="Next day").click()
    expect(page.locator(".board")).to_be_visible(timeout=SOON)
    saved(page)


def book(page: Page, name: str, phone: str) -> None:
    """With the first person, at a time after which a quarter of an hour is free as well."""
    page.get_by_role("button", name="New booking").locator("visible=true").first.click()
    page.fill("#new-phone", phone)
    page.fill("#new-name", name)
    page.select_option("#new-service", label=option(page, "Prescription check"))
    page.select_option("#new-person", index=1)
    times = page.locator(".picks label")
    expect(times.first).to_be_visible(timeout=SOON)
    starts = [minutes(text) for text in times.all_inner_texts()]
    roomy = [number for number, start in enumerate(starts) if {start + 15, start + 30} <= set(starts)]
    times.nth(roomy[len(roomy) // 2]).click()
    page.locator("dialog .btn.primary.big").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(block(page, name)).to_be_visible()
    saved(page)


def start_of(page: Page, name: str) -> str:
    return block(page, name).locator("time").inner_text()


def column_of(page: Page, name: str) -> str:
    found = block(page, name).evaluate("node => node.closest('.col').dataset.person")
    assert isinstance(found, str)
    return found


def clear_spot(page: Page, name: str) -> tuple[float, float]:
    """The middle of the block, away from the edges: there the board scrolls along."""
    block(page, name).evaluate("node => node.scrollIntoView({ block: 'center' })")
    box = block(page, name).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 14)


def minutes(text: str) -> int:
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def per_minute(page: Page) -> float:
    return float(page.locator(".board").evaluate("node => node.style.getPropertyValue('--ppm')"))


def live(page: Page) -> Locator:
    """Where the board says aloud what happens."""
    return page.locator(".scroller > [role=status]")


class Finger:
    """Real touch events, as the browser gets them from a screen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)

    def send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": 1} for x, y in points]
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, hold: int) -> None:
        self.send("touchStart", start)
        self.page.wait_for_timeout(hold)
        for step in range(1, 9):
            x = start[0] + (end[0] - start[0]) * step / 8
            y = start[1] + (end[1] - start[1]) * step / 8
            self.send("touchMove", (x, y))
            self.page.wait_for_timeout(16)
        self.send("touchEnd")


@pytest.fixture
def tablet(browser: Browser, product: Product) -> Iterator[Callable[[str, str], Page]]:
    """A member of staff at a tablet: no mouse, a finger."""
    contexts: list[Any] = []

    def sign_in(chain: str, face: str) -> Page:
        door = product.door(chain, face)
        contexts.append(browser.new_context(viewport=TABLET, has_touch=True, is_mobile=True, locale="en-GB"))
        page = contexts[-1].new_page()
        page.goto(door.url)
        page.fill("[name=email]", door.user)
        page.fill("[name=password]", door.password)
        page.click("form [type=submit], form button.primary")
        page.wait_for_url(door.url)
        return page

    yield sign_in
    for context in contexts:
        context.close()


def clock_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def pull(page: Page, start: tuple[float, float], down: float) -> None:
    """Press there and carry it down so many pixels, without letting go."""
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 7):
        page.mouse.move(x, y + down * step / 6)
    expect(page.locator(".ev.carried")).to_be_visible()


def test_an_appointment_is_dragged_with_the_mouse(signed_in: SignIn) -> None:
    desk, other = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    open_day(desk)
    open_day(other)
    book(desk, "Mouse Mara", "13911120001")
    before, person = start_of(desk, "Mouse Mara"), column_of(desk, "Mouse Mara")

    pull(desk, clear_spot(desk, "Mouse Mara"), 15 * per_minute(desk))
    later = clock_text(minutes(before) + 15)
    expect(live(desk)).to_contain_text(later)
    desk.mouse.up()
    expect(block(desk, "Mouse Mara").locator("time")).to_have_text(later)
    saved(desk)
    expect(block(other, "Mouse Mara").locator("time")).to_have_text(later, timeout=SOON)
    desk.get_by_role("button", name="Undo").click()
    expect(block(desk, "Mouse Mara").locator("time")).to_have_text(before)
    saved(desk)

    pull(desk, clear_spot(desk, "Mouse Mara"), 60)
    desk.keyboard.press("Escape")
    expect(desk.locator(".ev.carried")).to_have_count(0)
    desk.mouse.up()
    expect(live(desk)).to_have_text("Nothing was changed.")
    assert (start_of(desk, "Mouse Mara"), column_of(desk, "Mouse Mara")) == (before, person)
    expect(desk.locator("dialog")).to_have_count(0)


def test_the_lower_edge_is_dragged_to_make_it_longer(signed_in: SignIn) -> None:
    desk = signed_in("lumi", "Front desk shanghai")
    open_day(desk)
    book(desk, "Longer Lea", "13911120007")
    length, start = length_of(desk), minutes(start_of(desk, "Longer Lea"))
    clear_spot(desk, "Longer Lea")
    block(desk, "Longer Lea").hover()
    edge = block(desk, "Longer Lea").locator(".grip").bounding_box()
    assert edge is not None
    pull(desk, (edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2), 10 * per_minute(desk))
    expect(live(desk)).to_contain_text(f"until {clock_text(start + length + 10)}")
    desk.mouse.up()
    saved(desk)
    block(desk, "Longer Lea").click()
    expect(desk.locator(".length")).to_contain_text(f"{length + 10} min, until {clock_text(start + length + 10)}")
    flawless(desk)
    desk.get_by_role("button", name="5 min shorter").click()
    expect(desk.locator(".length")).to_contain_text(f"{length + 5} min")
    desk.keyboard.press("Escape")
    saved(desk)


def length_of(page: Page) -> int:
    """Minutes of the service that is booked here."""
    page.get_by_role("button", name="New booking").locator("visible=true").first.click()
    found = re.search(r"(\d+) min", option(page, "Prescription check"))
    page.keyboard.press("Escape")
    assert found
    return int(found[1])


def test_an_appointment_is_dragged_with_a_finger_and_a_swipe_still_scrolls(
    tablet: Callable[[str, str], Page],
) -> None:
    desk = tablet("lumi", "Front desk shanghai")
    open_day(desk)
    book(desk, "Finger Fang", "13911120002")
    before, finger = start_of(desk, "Finger Fang"), Finger(desk)

    x, y = clear_spot(desk, "Finger Fang")
    finger.drag((x, y), (x, y + 15 * per_minute(desk)), hold=HOLD)
    later = minutes(before) + 15
    expect(block(desk, "Finger Fang").locator("time")).to_have_text(clock_text(later))
    expect(desk.locator("dialog")).to_have_count(0)
    saved(desk)

    scroller = desk.locator(".scroller")
    x, y = clear_spot(desk, "Finger Fang")
    top = scroller.evaluate("node => node.scrollTop")
    finger.drag((x, y), (x, y + 120), hold=0)
    desk.wait_for_timeout(400)
    assert scroller.evaluate("node => node.scrollTop") < top
    assert minutes(start_of(desk, "Finger Fang")) == later

    block(desk, "Finger Fang").tap()
    expect(desk.locator("dialog .about")).to_be_visible()
    flawless(desk)
    desk.keyboard.press("Escape")


def test_an_appointment_is_moved_with_the_keyboard_and_every_step_is_said(signed_in: SignIn) -> None:
    desk = signed_in("lumi", "Front desk shanghai")
    open_day(desk)
    book(desk, "Keyboard Kim", "13911120003")
    length = length_of(desk)
    before, person = start_of(desk, "Keyboard Kim"), column_of(desk, "Keyboard Kim")
    keys = desk.keyboard

    block(desk, "Keyboard Kim").focus()
    keys.press("m")
    expect(live(desk)).to_contain_text("Moving Keyboard Kim.")
    keys.press("ArrowDown")
    later = minutes(before) + 15
    said = clock_text(later)
    expect(live(desk)).to_contain_text(said)
    keys.press("Enter")
    expect(block(desk, "Keyboard Kim").locator("time")).to_have_text(said)
    expect(block(desk, "Keyboard Kim")).to_be_focused()
    expect(desk.locator(".toast")).to_contain_text(f"Keyboard Kim moved to {said}")
    saved(desk)

    keys.press("m")
    keys.press("ArrowRight")
    assert column_of(desk, "Keyboard Kim") != person
    keys.press("Escape")
    expect(live(desk)).to_have_text("Move cancelled.")
    assert column_of(desk, "Keyboard Kim") == person

    keys.press("e")
    expect(live(desk)).to_contain_text("End of Keyboard Kim.")
    keys.press("ArrowDown")
    end = clock_text(later + length + 5)
    expect(live(desk)).to_have_text(f"until {end}")
    keys.press("Enter")
    expect(desk.locator(".toast")).to_contain_text(f"until {end}")
    saved(desk)


def test_what_cannot_stand_there_goes_back_and_says_why(signed_in: SignIn) -> None:
    desk, manager = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    open_day(manager)
    book(manager, "Standing Stan", "13911120004")
    open_day(desk)
    book(desk, "Carried Cora", "13911120005")
    stands, before = start_of(desk, "Standing Stan"), start_of(desk, "Carried Cora")

    # the device knows that the time is taken
    carry_to(desk, "Carried Cora", stands)
    expect(desk.locator(".toast")).to_contain_text("is busy at")
    expect(desk.locator(".toast")).to_contain_text("Nothing was changed.")
    assert start_of(desk, "Carried Cora") == before

    # only the server knows it: the manager's new booking has not reached this desk
    desk.context.set_offline(True)
    book(manager, "Hidden Hana", "13911120006")
    carry_to(desk, "Carried Cora", start_of(manager, "Hidden Hana"))
    expect(desk.locator(".pill.off")).to_contain_text("1 waiting to be sent")
    desk.context.set_offline(False)
    expect(desk.locator(".toast")).to_contain_text("could not be moved to", timeout=SOON)
    expect(block(desk, "Carried Cora").locator("time")).to_have_text(before)
    desk.locator("button.pill.bad").click()
    flawless(desk)
    desk.locator(".clash-card", has_text="Carried Cora").get_by_role("button", name="Leave it at").click()
    desk.keyboard.press("Escape")
    saved(desk)

    # a manager may do it all the same, and says why
    expect(block(manager, "Carried Cora")).to_be_visible(timeout=SOON)
    carry_to(manager, "Carried Cora", stands)
    manager.get_by_role("button", name="Move anyway").click()
    manager.locator("dialog .btn.primary").click()
    expect(manager.locator("#against-reason-error")).to_be_visible()
    flawless(manager)
    manager.fill("#against-reason", "They are sisters")
    manager.locator("dialog .btn.primary").click()
    expect(block(manager, "Carried Cora").locator("time")).to_have_text(stands)
    saved(manager)
    expect(block(desk, "Carried Cora").locator("time")).to_have_text(stands, timeout=SOON)


def carry_to(page: Page, name: str, time: str) -> None:
    """With the keyboard, to another time of the same person."""
    steps = (minutes(time) - minutes(start_of(page, name))) // 15
    block(page, name).focus()
    page.keyboard.press("m")
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    page.keyboard.press("Enter")
