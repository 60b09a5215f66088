"""Whoever finds a hole is told whom to tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shopbell.settings import BadSettings, Settings

ADDRESS = "/.well-known/security.txt"
CONTACT = "mailto:security@shopbell.example"


@pytest.fixture
def contact(app, monkeypatch):
    monkeypatch.setattr(app, "settings", replace(app.settings, security_contact=CONTACT))


@pytest.mark.parametrize("host", ["", "nobody.localhost"])
def test_every_host_name_tells_whom_to_tell_for_less_than_a_year(client, contact, tenant, now, host):
    answer = client.get(ADDRESS, base_url=f"http://{host or tenant.host}")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text == f"Contact: {CONTACT}\nExpires: 2026-08-29T00:00:00Z\n"


def test_nobody_is_named_whom_the_operator_has_not_named(client):
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("contact", ["security@shopbell.example", "http://shopbell.example", "mailto:", "mailto:a b"])
def test_a_contact_that_is_no_address_is_refused(contact):
    environ = {"DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://x", "SHOPBELL_SECURITY_CONTACT": contact}
    with pytest.raises(BadSettings, match="SHOPBELL_SECURITY_CONTACT"):
        Settings.load(environ)
