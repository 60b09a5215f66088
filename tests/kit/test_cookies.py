"""Cookies carry the prefix that binds them to their host, and those of earlier releases are taken once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blueprints.crm import service as crm
from blueprints.storefront.tier import vip_token
from shopbell import clock
from shopbell.http.cookies import PLAIN_NAMES_END

BOUND = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.fixture
def visitor(client, tenant):
    """A browser of somebody who comes by https."""

    def see(address, **cookies):
        for name, value in cookies.items():
            client.set_cookie(name, value, domain=tenant.host)
        return client.get(address, base_url=f"https://{tenant.host}")

    return see


def given(answer):
    """What an answer gives or takes back: name -> (value, what it says of it)."""
    crumbs = [line.split("; ") for line in answer.headers.getlist("Set-Cookie")]
    return {crumb[0].partition("=")[0]: (crumb[0].partition("=")[2], set(crumb[1:])) for crumb in crumbs}


def test_a_language_that_is_chosen_is_kept_for_this_host_alone(visitor):
    value, said = given(visitor("/?lang=vi"))["__Host-lang"]
    assert value == "vi"
    assert said >= BOUND
    assert not any(part.startswith("Domain") for part in said)


def test_without_tls_the_name_is_plain(client):
    assert given(client.get("/?lang=vi")).keys() == {"lang"}


def test_the_language_of_an_earlier_release_is_spoken_and_given_anew(visitor):
    answer = visitor("/", lang="vi")
    assert '<html lang="vi"' in answer.text
    assert given(answer)["__Host-lang"][0] == "vi"
    assert given(answer)["lang"][0] == ""
    assert given(visitor("/")) == {}


def test_what_has_its_prefix_counts_more_than_what_a_neighbour_planted(visitor):
    visitor("/?lang=en")
    assert '<html lang="en"' in visitor("/", lang="vi").text


def test_a_member_stays_one(visitor, session):
    member = crm.remember(session, "Vy Phạm", "13900001111", None, "en")
    crm.set_tier(session, member, 2)
    token = vip_token(member, clock.now() + timedelta(days=300))
    assert given(visitor("/book/xintiandi", vip=token))["__Host-vip"][0] == token
    assert given(visitor("/book/xintiandi")) == {}


def test_files_that_caches_share_carry_none(visitor):
    assert given(visitor("/theme.css", lang="vi")) == {}


def test_plain_ones_are_taken_no_longer_than_they_can_live(visitor):
    with clock.frozen(PLAIN_NAMES_END):
        assert given(visitor("/", lang="vi")) == {}
