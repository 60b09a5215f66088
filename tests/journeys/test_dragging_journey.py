"""At the desk an appointment is moved by mouse, finger and keyboard, and stays where it is, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, ViewportSize, expect

from tests.journeys.conftest import Product, wait_for
from tests.journeys.desk import (
    SOON,
    SignIn,
    block,
    book,
    clock_text,
    column_of,
    decisions,
    flawless,
    length_of,
    minutes,
    open_day,
    saved,
    start_of,
)
from tests.journeys.quiet import QuietTimes

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

TABLET: ViewportSize = {"width": 820, "height": 1180}


def clear_spot(page: Page, name: str) -> tuple[float, float]:
    """The middle of the block, away from the edges: there the board scrolls along."""
    block(page, name).evaluate("node => node.scrollIntoView({ block: 'center', inline: 'center' })")
    box = block(page, name).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 14)


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

    def drag(self, start: tuple[float, float], down: float, said: str) -> None:
        """Hold until it is lifted, carry it down so many pixels, and let go when the board says where it is."""
        self.send("touchStart", start)
        expect(self.page.locator(".ev.carried")).to_be_visible()
        self.glide(start, down)
        expect(live(self.page)).to_contain_text(said)
        self.send("touchEnd")

    def swipe(self, start: tuple[float, float], down: float) -> None:
        """Without holding; where a busy machine let the finger rest too long, once more."""
        self.send("touchStart", start)
        self.glide(start, down)
        if self.page.locator(".ev.carried").count():
            self.send("touchCancel")
            expect(self.page.locator(".ev.carried")).to_have_count(0)
            self.swipe(start, down)
        else:
            self.send("touchEnd")

    def glide(self, start: tuple[float, float], down: float) -> None:
        for step in range(1, 9):
            self.send("touchMove", (start[0], start[1] + down * step / 8))


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


def pull(page: Page, start: tuple[float, float], down: float) -> None:
    """Press there and carry it down so many pixels, without letting go."""
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 7):
        page.mouse.move(x, y + down * step / 6)
    expect(page.locator(".ev.carried")).to_be_visible()


def let_go(page: Page, name: str, time: str) -> None:
    """Where the board says that it is this time."""
    expect(live(page)).to_contain_text(time)
    page.mouse.up()
    expect(block(page, name).locator("time")).to_have_text(time)


def test_an_appointment_is_dragged_with_the_mouse(signed_in: SignIn, quiet_times: QuietTimes) -> None:
    quiet = quiet_times.take()
    [person], start = quiet.people, quiet.spots[2]
    desk, other = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    open_day(desk, quiet.day)
    open_day(other, quiet.day)
    before, later = book(desk, "Mouse Mara", "13911120001", person, start), clock_text(start + 15)

    pull(desk, clear_spot(desk, "Mouse Mara"), 15 * per_minute(desk))
    let_go(desk, "Mouse Mara", later)
    desk.get_by_role("button", name="Undo").click()
    expect(block(desk, "Mouse Mara").locator("time")).to_have_text(before)
    saved(desk)
    pull(desk, clear_spot(desk, "Mouse Mara"), 15 * per_minute(desk))
    let_go(desk, "Mouse Mara", later)
    saved(desk)
    expect(block(other, "Mouse Mara").locator("time")).to_have_text(later, timeout=SOON)

    pull(desk, clear_spot(desk, "Mouse Mara"), 60)
    desk.keyboard.press("Escape")
    expect(desk.locator(".ev.carried")).to_have_count(0)
    desk.mouse.up()
    expect(live(desk)).to_have_text("Nothing was changed.")
    assert (start_of(desk, "Mouse Mara"), column_of(desk, "Mouse Mara")) == (later, person)
    expect(desk.locator("dialog")).to_have_count(0)


def test_the_lower_edge_is_dragged_to_make_it_longer(signed_in: SignIn, quiet_times: QuietTimes) -> None:
    quiet = quiet_times.take()
    [person], start = quiet.people, quiet.spots[2]
    desk = signed_in("lumi", "Front desk shanghai")
    open_day(desk, quiet.day)
    book(desk, "Longer Lea", "13911120007", person, start)
    length = length_of(desk)
    clear_spot(desk, "Longer Lea")
    block(desk, "Longer Lea").hover()
    edge = block(desk, "Longer Lea").locator(".grip").bounding_box()
    assert edge is not None
    pull(desk, (edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2), 10 * per_minute(desk))
    expect(live(desk)).to_contain_text(f"until {clock_text(start + length + 10)}")
    desk.mouse.up()
    expect(desk.locator(".toast")).to_contain_text(f"until {clock_text(start + length + 10)}")
    saved(desk)
    block(desk, "Longer Lea").click()
    expect(desk.locator(".length")).to_contain_text(f"{length + 10} min, until {clock_text(start + length + 10)}")
    flawless(desk)
    desk.get_by_role("button", name="5 min shorter").click()
    expect(desk.locator(".length")).to_contain_text(f"{length + 5} min")
    desk.keyboard.press("Escape")
    saved(desk)


def test_an_appointment_is_dragged_with_a_finger_and_a_swipe_still_scrolls(
    tablet: Callable[[str, str], Page], quiet_times: QuietTimes
) -> None:
    quiet = quiet_times.take()
    # late enough in the day for the board to have something above it
    [person], start = quiet.people, quiet.spots[-1]
    desk = tablet("lumi", "Front desk shanghai")
    open_day(desk, quiet.day)
    book(desk, "Finger Fang", "13911120002", person, start)
    later, finger = clock_text(start + 15), Finger(desk)

    finger.drag(clear_spot(desk, "Finger Fang"), 15 * per_minute(desk), later)
    expect(block(desk, "Finger Fang").locator("time")).to_have_text(later)
    expect(desk.locator("dialog")).to_have_count(0)
    saved(desk)

    scroller, spot = desk.locator(".scroller"), clear_spot(desk, "Finger Fang")
    top = scroller.evaluate("node => node.scrollTop")
    finger.swipe(spot, 120)
    wait_for(lambda: scroller.evaluate("node => node.scrollTop") < top, what="the board did not scroll")
    expect(desk.locator(".ev.carried")).to_have_count(0)
    assert start_of(desk, "Finger Fang") == later

    block(desk, "Finger Fang").tap()
    expect(desk.locator("dialog .about")).to_be_visible()
    flawless(desk)
    desk.keyboard.press("Escape")


def test_an_appointment_is_moved_with_the_keyboard_and_every_step_is_said(
    signed_in: SignIn, quiet_times: QuietTimes
) -> None:
    quiet = quiet_times.take()
    [person], start = quiet.people, quiet.spots[2]
    desk = signed_in("lumi", "Front desk shanghai")
    open_day(desk, quiet.day)
    book(desk, "Keyboard Kim", "13911120003", person, start)
    length, later, keys = length_of(desk), start + 15, desk.keyboard
    saved(desk)

    block(desk, "Keyboard Kim").focus()
    keys.press("m")
    expect(live(desk)).to_contain_text("Moving Keyboard Kim.")
    keys.press("ArrowDown")
    expect(live(desk)).to_contain_text(clock_text(later))
    keys.press("Enter")
    expect(desk.locator(".toast")).to_contain_text(f"Keyboard Kim moved to {clock_text(later)}")
    expect(block(desk, "Keyboard Kim").locator("time")).to_have_text(clock_text(later))
    saved(desk)
    expect(block(desk, "Keyboard Kim")).to_be_focused()

    keys.press("m")
    expect(live(desk)).to_contain_text("Moving Keyboard Kim.")
    own = desk.locator(f".col[data-person='{person}']")
    keys.press("ArrowLeft" if own.evaluate("node => node.matches('.col:last-of-type')") else "ArrowRight")
    expect(own.locator(".ev", has_text="Keyboard Kim")).to_have_count(0)
    keys.press("Escape")
    expect(live(desk)).to_have_text("Move cancelled.")
    expect(own.locator(".ev", has_text="Keyboard Kim")).to_have_count(1)
    expect(block(desk, "Keyboard Kim")).to_be_focused()

    keys.press("e")
    expect(live(desk)).to_contain_text("End of Keyboard Kim.")
    keys.press("ArrowDown")
    end = clock_text(later + length + 5)
    expect(live(desk)).to_have_text(f"until {end}")
    keys.press("Enter")
    expect(desk.locator(".toast")).to_contain_text(f"until {end}")
    saved(desk)


def test_what_cannot_stand_there_goes_back_and_says_why(signed_in: SignIn, quiet_times: QuietTimes) -> None:
    quiet = quiet_times.take()
    [person], spots = quiet.people, quiet.spots
    desk, manager = signed_in("lumi", "Front desk shanghai"), signed_in("lumi", "Manager shanghai")
    open_day(manager, quiet.day)
    stands = book(manager, "Standing Stan", "13911120004", person, spots[1])
    saved(manager)
    open_day(desk, quiet.day)
    expect(block(desk, "Standing Stan")).to_be_visible(timeout=SOON)
    before = book(desk, "Carried Cora", "13911120005", person, spots[2])
    saved(desk)

    # the device knows that the time is taken
    carry_to(desk, "Carried Cora", stands)
    expect(desk.locator(".toast")).to_contain_text("is busy at")
    expect(desk.locator(".toast")).to_contain_text("Nothing was changed.")
    expect(block(desk, "Carried Cora").locator("time")).to_have_text(before)

    # only the server knows it: the manager's new booking has not reached this desk
    desk.context.set_offline(True)
    hidden = book(manager, "Hidden Hana", "13911120006", person, spots[3])
    saved(manager)
    carry_to(desk, "Carried Cora", hidden)
    expect(desk.locator(".pill.off")).to_contain_text("1 waiting to be sent", timeout=SOON)
    desk.context.set_offline(False)
    expect(desk.locator(".toast")).to_contain_text("could not be moved to", timeout=SOON)
    expect(block(desk, "Carried Cora").locator("time")).to_have_text(before)
    decisions(desk).click()
    flawless(desk)
    desk.locator(".clash-card", has_text="Carried Cora").get_by_role("button", name="Leave it at").click()
    expect(desk.get_by_text("Everything is decided.")).to_be_visible()
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
    way = minutes(time) - minutes(start_of(page, name))
    block(page, name).focus()
    page.keyboard.press("m")
    expect(live(page)).to_contain_text(f"Moving {name}.")
    for _ in range(abs(way) // 15):
        page.keyboard.press("ArrowDown" if way > 0 else "ArrowUp")
    expect(live(page)).to_contain_text(time)
    page.keyboard.press("Enter")
