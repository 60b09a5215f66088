"""Signing in by a code."""

from __future__ import annotations

from tests.account.conftest import CODE, DETAILS, HOME, SIGN_IN


def test_somebody_asks_for_a_code_enters_it_and_is_signed_in(caller, fang, session):
    assert caller.browser.get(SIGN_IN).status_code == 200
    asked = caller.ask("138 1234 5678")
    assert asked.location == CODE
    page = caller.browser.get(CODE)
    assert page.status_code == 200
    done = caller.enter()
    assert done.location == HOME, done.text
    assert caller.browser.get(HOME).status_code == 200
    assert caller.browser.get(DETAILS).status_code == 200
