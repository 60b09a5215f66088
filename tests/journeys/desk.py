"""What people do at the front desk's screen, and what they see there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import AXE, RULES

SignIn = Callable[[str, str], Page]
SERVICE = "Prescription check"
SOON = 30_000
"""Milliseconds in which a change reaches the other desk, which asks every five seconds, on a busy machine as well."""


def flawless(page: Page) -> None:
    """Nothing for axe to find in what is on the screen now, dialogs included, and nothing scrolls sideways."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    told = [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]
    assert not told, "\n".join(told)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def saved(page: Page) -> None:
    expect(page.locator(".pill.saved")).to_be_visible(timeout=SOON)


def show(page: Page, day: date) -> None:
    """Turn the pages of the board until the day is on it."""
    shown = page.locator("h1 time")
    while (seen := shown.get_attribute("datetime") or "") != day.isoformat():
        way = "Next day" if seen < day.isoformat() else "Previous day"
        page.get_by_role("button", name=way).click()
        expect(shown).not_to_have_attribute("datetime", seen)
    expect(page.locator(".board")).to_be_visible(timeout=SOON)


def open_day(page: Page, day: date) -> None:
    """The same while there is a connection."""
    expect(page.locator(".pill.saved", has_text="Saved")).to_be_visible(timeout=SOON)
    show(page, day)
    saved(page)


def block(page: Page, name: str) -> Locator:
    return page.locator(".ev", has_text=name)


def decisions(page: Page) -> Locator:
    return page.locator("button.pill.bad")


def begin(page: Page, name: str, phone: str, person: str | None = None) -> None:
    """A new booking up to its time."""
    page.get_by_role("button", name="New booking").locator("visible=true").first.click()
    page.fill("#new-phone", phone)
    page.fill("#new-name", name)
    page.select_option("#new-service", label=option(page, SERVICE))
    if person:
        page.select_option("#new-person", person)


def take(page: Page, start: int) -> None:
    """Book what was begun at this minute of the day."""
    pick(page, start)
    page.locator("dialog .btn.primary.big", has_text=clock_text(start)).click()
    expect(page.locator("dialog")).to_have_count(0)


def pick(page: Page, start: int) -> None:
    time = page.locator(".picks label").filter(has_text=clock_text(start))
    time.click(timeout=SOON)
    expect(time.locator("input")).to_be_checked()


def book(page: Page, name: str, phone: str, person: str, start: int) -> str:
    """An appointment with somebody at a minute of the day; the time as it is shown."""
    begin(page, name, phone, person)
    take(page, start)
    expect(block(page, name)).to_be_visible()
    return clock_text(start)


def move(page: Page, name: str, start: int) -> None:
    """To another time, without dragging."""
    block(page, name).click()
    page.get_by_text("Move without dragging").click()
    pick(page, start)
    page.locator("dialog form").filter(has=page.locator("#move-person")).get_by_role("button", name="Move").click()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def call_off(page: Page, name: str) -> None:
    block(page, name).click()
    page.get_by_text("Cancel this booking").click()
    page.get_by_role("button", name="Cancel booking and free the time").click()
    expect(block(page, name)).to_have_count(0)


def option(page: Page, beginning: str) -> str:
    labels = page.locator("#new-service option").all_inner_texts()
    return next(label.strip() for label in labels if label.strip().startswith(beginning))


def length_of(page: Page) -> int:
    """Minutes of the service that is booked here."""
    page.get_by_role("button", name="New booking").locator("visible=true").first.click()
    found = re.search(r"(\d+) min", option(page, SERVICE))
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert found
    return int(found[1])


def start_of(page: Page, name: str) -> str:
    return block(page, name).locator("time").inner_text()


def column_of(page: Page, name: str) -> str:
    found = block(page, name).evaluate("node => node.closest('.col').dataset.person")
    assert isinstance(found, str)
    return found


def minutes(text: str) -> int:
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def clock_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
