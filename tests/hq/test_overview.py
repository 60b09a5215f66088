"""The overview and the frame around all HQ pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput
from shopbell import clock
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]


def test_the_overview_asks_who_is_there(client: FlaskClient) -> None:
    answer = client.get("/hq/")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/hq/"


def test_the_overview_is_not_for_the_front_desk(sign_in_as: SignIn) -> None:
    assert sign_in_as("frontdesk").get("/hq/").status_code == 403


def test_the_overview_of_a_chain_without_bookings_has_no_rate(sign_in_as: SignIn) -> None:
    page = sign_in_as("hq").get("/hq/").text
    assert "<b>0</b>" in page
    assert "<b>–</b>" in page
    assert "Opens at 09:00" in page


def test_the_overview_counts_todays_and_coming_bookings(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    for days in (0, 1, 2):
        at = clock.now() + timedelta(days=days, hours=3)
        customer = CustomerInput("Li Na", "+8613800138000")
        booking.reserve(session, BookingRequest(shop.branch_id, shop.fitting, at, customer))
    session.flush()
    page = browser.get("/hq/").text
    assert "<dt>Bookings today</dt><dd><b>1</b>" in page
    assert "<dt>Booked for the next 7 days</dt><dd><b>2</b>" in page


def test_the_navigation_marks_the_page_one_is_on(sign_in_as: SignIn) -> None:
    page = sign_in_as("hq").get("/hq/branches").text
    assert '<a href="/hq/branches" aria-current="page">' in page
    assert page.count('aria-current="page"') == 1


def test_whoever_works_at_a_desk_finds_the_way_back_to_it(sign_in_as: SignIn, shop: Shop) -> None:
    desk = sign_in_as("frontdesk", [shop.branch_id])
    assert '<a href="/start">' in desk.get("/alerts").text
    assert desk.get("/start").headers["Location"].startswith("/b/")
    assert '<a href="/start">' not in sign_in_as("hq").get("/alerts").text


@pytest.mark.parametrize("language", ["zh-CN", "vi", "en"])
def test_hq_speaks_three_languages(sign_in_as: SignIn, language: str) -> None:
    answer = sign_in_as("hq").get(f"/hq/?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


def test_a_manager_sees_the_figures_of_their_own_branches(sign_in_as: SignIn, shop: Shop) -> None:
    page = sign_in_as("manager", [shop.branch_id]).get("/hq/").text
    assert "Xintiandi" in page
    assert "Jingan" not in page
    assert "/hq/branches" not in page
