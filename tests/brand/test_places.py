"""Regions and branches have a name, a logo and texts of their own, where the chain leaves them free."""

from __future__ import annotations

import io

import pytest

from blueprints.brand import queries, service
from blueprints.brand.service import OwnInput
from blueprints.catalog import api as catalog
from blueprints.catalog.service import regions
from tenants.settings.errors import SettingLocked
from tenants.settings.store import NOBODY
from tests.brand.conftest import png

OWN = {"display_name": "Lumi Xintiandi", "welcome.en": "Welcome to Xintiandi"}


def look_at(session, branch_id):
    return queries.at(session, queries.brand(session), catalog.branch(session, branch_id))


@pytest.mark.proves("T3")
def test_a_branch_has_a_name_a_logo_and_texts_of_its_own(desk, client, session, shop):
    address = f"/hq/brand/branches/{shop.branch_id}"
    answer = desk.browser.post(address, data={**OWN, "logo": (io.BytesIO(png()), "logo.png")})
    assert answer.status_code == 303, answer.text
    own = look_at(session, shop.branch_id)
    there, elsewhere = client.get("/book/xintiandi?lang=en").text, client.get("/book/jingan?lang=en").text
    assert "<b>Lumi Xintiandi</b>" in there
    assert "Welcome to Xintiandi" in there
    assert own.logo.startswith("/logo/")
    assert f'<img src="{own.logo}"' in there
    assert "Xintiandi</b>" not in elsewhere
    assert f"<b>{shop.tenant.name}</b>" in client.get("/").text
    again = desk.browser.get(address).text
    assert 'value="Lumi Xintiandi"' in again
    assert desk.browser.post(address, data={"display_name": "", "drop_logo": "yes"}).status_code == 303
    assert look_at(session, shop.branch_id) == queries.brand(session)


def test_a_regions_own_holds_for_its_branches_until_one_has_its_own(desk, session, shop):
    region_id = regions.add_region(session, {"en": "East"})
    regions.place_branches(session, region_id, inside=[shop.branch_id], outside=[])
    desk.browser.post(f"/hq/brand/regions/{region_id}", data={"display_name": "Lumi East", "thanks.en": "See you"})
    assert look_at(session, shop.branch_id).display_name == "Lumi East"
    desk.browser.post(f"/hq/brand/branches/{shop.branch_id}", data={"display_name": "Lumi One"})
    found = look_at(session, shop.branch_id)
    assert (found.display_name, found.text("thanks")) == ("Lumi One", {"en": "See you"})


@pytest.mark.proves("T2")
def test_what_the_chain_locks_nobody_below_has(desk, session, shop):
    path = catalog.path_of(catalog.branch(session, shop.branch_id))
    service.set_own(session, path, OwnInput("Lumi One", {"welcome": {"en": "Hi"}}), NOBODY)
    assert desk.browser.post("/hq/brand/freedom", data={"logo": "yes", "texts": "yes"}).status_code == 303
    found = look_at(session, shop.branch_id)
    assert (found.display_name, found.text("welcome")) == (shop.tenant.name, {"en": "Hi"})
    page = desk.browser.get(f"/hq/brand/branches/{shop.branch_id}").text
    assert "The name is locked above." in page
    assert 'name="display_name"' not in page
    with pytest.raises(SettingLocked):
        service.set_own(session, path, OwnInput("Lumi Two"), NOBODY)
    desk.browser.post("/hq/brand/freedom", data={"name": "yes", "logo": "yes", "texts": "yes"})
    assert look_at(session, shop.branch_id).display_name == "Lumi One"


def test_what_is_wrong_is_said_with_everything_kept(desk, session, shop):
    typed = {"display_name": "Kept", "welcome.en": "x" * 161, "logo": (io.BytesIO(b"<svg/>"), "logo.svg")}
    answer = desk.browser.post(f"/hq/brand/branches/{shop.branch_id}", data=typed)
    assert answer.status_code == 422
    assert 'value="Kept"' in answer.text
    assert look_at(session, shop.branch_id) == queries.brand(session)


@pytest.mark.parametrize("kind", ["branches", "regions"])
def test_another_chains_places_and_unknown_ones_are_not_there(desk, other_shop, kind):
    for id_ in (other_shop.branch_id, other_shop.eye_test):
        address = f"/hq/brand/{kind}/{id_}"
        assert desk.browser.get(address).status_code == 404
        assert desk.browser.post(address, data=OWN).status_code == 404


@pytest.mark.parametrize("role", ["manager", "frontdesk"])
def test_roles_without_the_permission_change_nothing(sign_in_as, session, shop, role):
    address = f"/hq/brand/branches/{shop.branch_id}"
    assert sign_in_as(role, [shop.branch_id]).post(address, data=OWN).status_code == 403
    assert look_at(session, shop.branch_id) == queries.brand(session)


def test_the_list_says_who_has_what(desk, shop):
    desk.browser.post(f"/hq/brand/branches/{shop.branch_id}", data=OWN)
    page = desk.browser.get("/hq/brand/places").text
    assert "Lumi Xintiandi" in page
    assert f"/hq/brand/branches/{shop.second_branch_id}" in page
