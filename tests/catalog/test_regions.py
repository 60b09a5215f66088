"""Regions: made, named, filled with branches and removed by head office."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog import service
from blueprints.catalog.errors import BadCatalogue, RegionInUse, UnknownBranch, UnknownRegion
from shopbell import ids
from shopbell.config_version import config_version
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]


def test_a_branch_is_in_one_region_at_most(session: Session, shop: Shop) -> None:
    north, south = (service.add_region(session, {"en": name}) for name in ("North", "South"))
    service.place_branches(session, north, inside={shop.branch_id, shop.second_branch_id}, outside=set())
    service.place_branches(session, south, inside={shop.second_branch_id}, outside=set())
    assert catalog.branches_of_region(session, north) == [shop.branch_id]
    assert catalog.branches_of_region(session, south) == [shop.second_branch_id]
    assert catalog.region_of(session, shop.branch_id) == north
    assert [(one.name["en"], one.branches) for one in catalog.regions(session)] == [("North", 1), ("South", 1)]


def test_only_those_shown_are_taken_out(session: Session, shop: Shop) -> None:
    north = service.add_region(session, {"en": "North"})
    service.place_branches(session, north, inside={shop.branch_id, shop.second_branch_id}, outside=set())
    service.place_branches(session, north, inside=set(), outside={shop.branch_id})
    assert catalog.branches_of_region(session, north) == [shop.second_branch_id]
    assert catalog.region_of(session, shop.branch_id) is None


def test_a_region_with_branches_stays(session: Session, shop: Shop) -> None:
    north = service.add_region(session, {"en": "North"})
    service.place_branches(session, north, inside={shop.branch_id}, outside=set())
    with pytest.raises(RegionInUse):
        service.drop_region(session, north)
    service.place_branches(session, north, inside=set(), outside={shop.branch_id})
    service.drop_region(session, north)
    assert catalog.regions(session) == []


def test_what_cannot_be_is_refused_by_name(session: Session, shop: Shop) -> None:
    with pytest.raises(BadCatalogue) as refused:
        service.add_region(session, {"en": " "})
    assert refused.value.fields == {"name.en": "Enter this in at least one language."}
    with pytest.raises(UnknownRegion):
        service.change_region(session, ids.uuid7(), {"en": "North"})
    north = service.add_region(session, {"en": "North"})
    with pytest.raises(UnknownBranch):
        service.place_branches(session, north, inside={ids.uuid7()}, outside=set())


def test_a_change_of_regions_is_a_change_of_the_configuration(session: Session, shop: Shop) -> None:
    before = config_version(session)
    north = service.add_region(session, {"en": "North"})
    made = config_version(session)
    service.place_branches(session, north, inside={shop.branch_id}, outside=set())
    assert len({before, made, config_version(session)}) == 3


@pytest.mark.parametrize("role", [None, "manager", "frontdesk"])
def test_only_head_office_makes_regions(
    client: FlaskClient, sign_in_as: SignIn, session: Session, shop: Shop, role: str | None
) -> None:
    north = service.add_region(session, {"en": "North"})
    browser = sign_in_as(role) if role else client
    changes = (("", "name.en"), (f"/{north}", "name.en"), (f"/{north}/branches", "x"), (f"/{north}/removal", "x"))
    for address, field in changes:
        assert browser.post(f"/hq/regions{address}", data={field: "West"}).status_code == (403 if role else 303)
    assert [one.name["en"] for one in catalog.regions(session)] == ["North"]


def test_a_region_is_made_filled_and_named_anew_in_the_browser(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    browser = sign_in_as("hq")
    made = browser.post("/hq/regions", data={"name.en": "South"})
    assert made.status_code == 303
    page = made.location.partition("?")[0]
    both = [str(shop.branch_id), str(shop.second_branch_id)]
    assert browser.post(f"{page}/branches", data={"shown": both, "inside": both[:1]}).status_code == 303
    assert browser.post(page, data={"name.en": "Far South"}).status_code == 303
    assert browser.post(f"{page}/removal").location.endswith("kept=1")
    (region,) = catalog.regions(session)
    assert (region.name["en"], catalog.branches_of_region(session, region.id)) == ("Far South", [shop.branch_id])
    text = browser.get(page).text
    assert "Far South" in text
    assert text.count(" checked") == 1
    assert "Far South" in browser.get("/hq/regions").text


def test_a_region_without_a_name_is_refused_and_nothing_typed_is_lost(sign_in_as: SignIn, session: Session) -> None:
    answer = sign_in_as("hq").post("/hq/regions", data={"name.vi": "x" * 90})
    assert answer.status_code == 422
    assert "x" * 90 in answer.text
    assert catalog.regions(session) == []
