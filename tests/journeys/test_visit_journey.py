"""A couple books colour and cut with a stylist they name, from a telephone without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Judge, Product, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

STYLIST = "Hugo Lambert"
NUMBER = "13922223333"


@pytest.mark.proves("B12")
def test_a_couple_books_colour_and_cut_with_a_named_stylist_and_is_told(
    product: Product, without_script: Page, judge: Judge
) -> None:
    page = without_script
    choose_colour(product, page, judge)
    put_the_visit_together(page, judge)
    ask_for_the_stylist(page, judge)
    start = keep_a_time(page, judge)
    confirm(page, judge)

    lines = page.locator(".summary .lines li")
    expect(lines).to_have_count(4)
    expect(lines.first).to_contain_text(f"with {STYLIST}")
    expect(lines.nth(2)).not_to_contain_text(STYLIST)
    ref = page.locator(".done b").inner_text()
    wait_for(lambda: product.texts(NUMBER), what="the confirmation did not arrive")
    told = product.texts(NUMBER)
    assert len(told) == 1, "a visit is told once"
    assert start in told[0]["body"]

    link = re.search(r"http://\S+/s/\S+", told[0]["body"])
    assert link, "the text message has no link"
    page.goto(link[0].rstrip(".,;"))
    judge(page)
    expect(page.locator("main")).to_contain_text(ref)
    page.goto(product.pages("mane") + "/done/" + page.url.rpartition("/")[2])
    come_again(page, judge)


def choose_colour(product: Product, page: Page, judge: Judge) -> None:
    """From the front door through the lengths of hair to the visit."""
    page.goto(product.pages("mane") + "/")
    page.get_by_role("link", name="Mane & Co Xuhui").click()
    judge(page)
    page.get_by_role("link", name="Root colour").click()
    judge(page)
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Add another service").click()
    expect(page.locator("h1")).to_have_text("Your visit")


def put_the_visit_together(page: Page, judge: Judge) -> None:
    """A cut after the colour, and the same for the other one."""
    page.get_by_role("link", name="Add another service").click()
    judge(page)
    page.get_by_role("link", name="Women's cut").click()
    page.get_by_role("button", name="Add to the visit").click()
    judge(page)
    page.get_by_role("link", name="Bring someone along").click()
    judge(page)
    page.get_by_role("link", name="The same as you").click()
    expect(page.locator(".lines li")).to_have_count(4)
    judge(page)


def ask_for_the_stylist(page: Page, judge: Judge) -> None:
    page.get_by_role("link", name="Choose who").first.click()
    judge(page)
    page.get_by_role("link", name=STYLIST).click()
    expect(page.locator(".lines li").first).to_contain_text(f"with {STYLIST}")
    page.get_by_role("link", name="See the free times").click()


def keep_a_time(page: Page, judge: Judge) -> str:
    """The first free time of all, at which everybody can begin; as the branch's clock shows it."""
    judge(page)
    page.locator("button.first").click()
    expect(page.locator(".summary")).to_contain_text("We keep this time for you until")
    expect(page.locator(".terms li").first).to_be_visible()
    judge(page)
    return page.locator(".summary .lines .at").first.inner_text()


def confirm(page: Page, judge: Judge) -> None:
    """First with a wrong number; what was typed stays."""
    page.fill("#f-name", "Linh Trần 🦊")
    page.fill("#f-guest2", "Mai")
    page.fill("#f-phone", "12")
    page.get_by_role("button", name="Confirm booking").click()
    judge(page)
    expect(page.locator("#f-guest2")).to_have_value("Mai")
    page.fill("#f-phone", "139 2222 3333")
    page.get_by_role("button", name="Confirm booking").click()
    expect(page.locator("h1")).to_have_text("You are booked")
    expect(page.locator(".summary")).to_contain_text("Mai")
    judge(page)


def come_again(page: Page, judge: Judge) -> None:
    """The same every four weeks: what lies too far ahead is listed."""
    page.get_by_text("Come regularly?").click()
    judge(page)
    page.select_option("#f-weeks", "4")
    page.select_option("#f-times", "4")
    page.get_by_role("button", name="Book these too").click()
    expect(page.get_by_role("heading", name="Your times")).to_be_visible()
    expect(page.locator(".alert.warn")).to_contain_text("These could not be booked")
    judge(page)
