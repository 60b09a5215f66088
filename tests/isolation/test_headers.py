"""Every answer, whatever it says, carries what browsers need to keep a chain's pages apart from everybody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from werkzeug.wrappers import Response

from shopbell.http.app import UNUSED
from shopbell.tenancy import OWN_HOSTS
from tests.isolation.furnished import furnish
from tests.isolation.walk import built, everything, everywhere

YEAR = "max-age=31536000"
PAGE = {
    "Strict-Transport-Security": f"{YEAR}; includeSubDomains",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": UNUSED,
}
CLOSED = {"default-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}
FOR_OTHER_SITES = {"/widget.js"}
"""Addresses that pages of other sites load, and say so."""
BOUND = {"secure", "httponly", "samesite=lax"}
MARKS_OF_READING = {
    "conversations": "until where a conversation was read",
    "short_links": "how often a link in a message was followed",
    "message_events": "and that it was, for whoever looks the message up",
    "audit_entries": "who looked at whom is written down",
    "audit_changes": "and what was made ready for them",
    "user_sessions": "a session's latest use",
    "desk_devices": "a device's latest use",
    "calendar_feeds": "a feed's latest reading",
    "totp": "whoever opens the page for a second factor finds a secret made ready, which counts once it is confirmed",
}


@pytest.fixture
def live(app, monkeypatch):
    """The application as it runs in production."""
    as_set = replace(
        app.settings, environment="production", public_scheme="https", security_contact="mailto:a@b.example"
    )
    monkeypatch.setattr(app, "settings", as_set)


def faults(address: str, answer: Response) -> Iterator[str]:
    """What an answer lacks."""
    headers = answer.headers
    shared = "cross-origin" if address in FOR_OTHER_SITES else "same-origin"
    for name, value in {**PAGE, "Cross-Origin-Resource-Policy": shared}.items():
        if headers.getlist(name) != [value]:
            yield f"{name}: {headers.getlist(name)}"
    yield from (name for name, _ in headers if name.startswith("Access-Control-"))
    yield from policy_faults(headers.getlist("Content-Security-Policy"))
    if answer.mimetype in {"text/html", "application/json"} and "no-store" not in headers.get("Cache-Control", ""):
        yield "Cache-Control"
    if (answer.mimetype or "").startswith("text/") and "charset=utf-8" not in headers["Content-Type"].lower():
        yield "charset"
    for cookie in headers.getlist("Set-Cookie"):
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        if not flags >= BOUND or any(flag.startswith("domain") for flag in flags):
            yield cookie


def policy_faults(policies: list[str]) -> Iterator[str]:
    if len(policies) != 1:
        yield f"{len(policies)} policies"
        return
    parts = dict(part.strip().partition(" ")[::2] for part in policies[0].split(";"))
    yield from (name for name, value in CLOSED.items() if parts.get(name) != value)
    yield from (f"{name} {value}" for name, value in parts.items() if re.search(r"unsafe|\*|http:", value))
    for name in ("script-src", "style-src"):
        if not re.fullmatch(r"'self' 'nonce-[\w-]{16}'", parts.get(name, "")):
            yield name


@pytest.mark.proves("T8")
def test_every_answer_of_every_endpoint_carries_every_header_and_looking_changes_nothing(
    app, database, shop, live, sign_in_as, client_of, tenant
):
    own, wrong, kinds = furnish(database, shop), {}, set()
    callers = (sign_in_as("hq"), client_of(tenant))
    before = after = unmarked(everything(database, tenant))
    for rule, method, host in everywhere(app, tenant):
        if rule.rule == "/sign-out":
            continue
        if after is before and method != "GET":
            after = unmarked(everything(database, tenant))
        address = built(app, rule, own) if rule.arguments <= own.values.keys() else "/static/build/booking.css"
        for caller in callers[: 1 if rule.subdomain else 2]:
            with caller.open(address, method=method, base_url=f"https://{host}") as answer:
                kinds.add((answer.status_code, answer.mimetype))
                if found := list(faults(address, answer)):
                    wrong[f"{method} {host}{address} {answer.status_code}"] = found
    assert wrong == {}
    assert {table for table in before if before[table] != after[table]} == set()
    assert {(200, "text/html"), (404, "text/html"), (200, "text/css"), (401, "application/problem+json")} <= kinds
    assert 500 not in {status for status, _ in kinds}


def unmarked(tables: dict[str, str]) -> dict[str, str]:
    return {table: found for table, found in tables.items() if table not in MARKS_OF_READING}


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("/nothing", ""),
        ("/", "nobody.localhost"),
        ("/book/\x00", ""),
        ("/api/v1/nothing", ""),
        ("/static/build/x", ""),
        *(("/nothing", f"{name}.localhost") for name in OWN_HOSTS),
    ],
)
def test_errors_carry_them_too(client, live, tenant, address, host):
    answer = client.get(address, base_url=f"https://{host or tenant.host}")
    assert answer.status_code == 404
    assert list(faults(address, answer)) == []


def test_an_error_that_nobody_foresaw_carries_them_too(app, client, live, tenant, monkeypatch):
    monkeypatch.setitem(app.view_functions, "healthz", lambda: 1 / 0)
    answer = client.get("/healthz", base_url=f"https://{tenant.host}")
    assert answer.status_code == 500
    assert list(faults("/healthz", answer)) == []


def test_a_page_in_a_frame_may_stand_in_one_and_keeps_the_rest(client, live, tenant):
    answer = client.get("/embed/en/book/xintiandi", base_url=f"https://{tenant.host}")
    assert answer.status_code == 200
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert list(faults("/widget.js", answer)) == []
    assert answer.headers.getlist("Set-Cookie") == []


def test_https_is_not_forced_on_what_is_not_ours_below_a_chains_own_domain(client, live):
    answer = client.get("/", base_url="https://book.nova.example")
    assert answer.headers["Strict-Transport-Security"] == YEAR


def test_https_is_not_forced_where_it_is_not_spoken(client):
    assert "Strict-Transport-Security" not in client.get("/").headers
