"""Whatever anybody may change without signing in has an end when one address does it all the time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.isolation.furnished import furnish
from tests.isolation.walk import built, everywhere, view_of

SLOWED_DOWN = {
    "/sign-in": "guesses at a password, by user and by address",
    "/sign-in/code": "guesses at a code, by user",
    "/sign-in/forgotten": "wishes for a link, by address and by whose it is",
    "/switch/<uuid:user_id>": "guesses at a PIN, by user and device",
    "/oauth/token": "guesses at a secret, by program and by address",
    "/oauth/revoke": "likewise",
    "/oauth/introspect": "likewise",
    "admin/sign-in": "guesses at an operator's password",
    "admin/sign-in/code": "and at the code",
    "start/": "wishes for a chain that are filled in, by address and by network",
}
"""What is counted in the database, or once it is well-formed: tests/access, tests/operator and tests/signup show it."""
HARMLESS = {
    "/sign-out": "ends the own session and nothing else",
    "/welcome/<token>": "nothing without a secret of 256 bits, which is used up",
    "/hooks/twilio/<uuid:message_id>": "nothing without the provider's signature",
    "/hooks/sms/<hook>": "nothing without the secret part of the address",
    "start/hooks/sms/<hook>": "likewise",
    "start/hooks/mail": "nothing without a signature",
    "start/hooks/ses": "nothing without Amazon's signature",
    "admin/sign-out": "ends the own session and nothing else",
    "start/check/<token>": "nothing without a link that was mailed",
    "start/progress/<token>": "likewise",
}


@pytest.fixture
def used_up(app, monkeypatch):
    """Every limit is reached before the first request."""
    monkeypatch.setattr(app, "settings", replace(app.settings, rate_limit_factor=0))


def test_every_form_that_anybody_may_send_has_a_limit_or_a_reason(app, client, database, shop, tenant, used_up):
    own = furnish(database, shop)
    tried, endless, counted_otherwise = set(), set(), SLOWED_DOWN.keys() | HARMLESS.keys()
    for rule, method, host in everywhere(app, tenant):
        if method == "GET" or not hasattr(view_of(app, rule, method), "open_because"):
            continue
        name = f"{rule.subdomain}{rule.rule}"
        tried.add(name)
        if name not in counted_otherwise:
            answer = client.open(built(app, rule, own), method=method, base_url=f"http://{host}:8000")
            if answer.status_code != 429:
                endless.add(name)
    assert endless == set()
    assert len(tried) > 15
    assert counted_otherwise <= tried
