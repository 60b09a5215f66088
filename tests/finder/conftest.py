"""Two branches on the map, both able to fit; the first is full in the morning when a test says so."""

from __future__ import annotations

import pytest

from blueprints.catalog.models import Branch
from tests.support import world

XINTIANDI, JINGAN = (31.2200, 121.4750), (31.2235, 121.4453)


@pytest.fixture(autouse=True)
def map_of_two(session, shop) -> None:
    for branch_id, (latitude, longitude) in ((shop.branch_id, XINTIANDI), (shop.second_branch_id, JINGAN)):
        branch = session.get_one(Branch, branch_id)
        branch.latitude, branch.longitude = latitude, longitude
    world.person(session, "Mai", shop.second_branch_id, shop.skill_id)
    session.flush()


@pytest.fixture(autouse=True)
def english(client, other_client) -> None:
    for one in (client, other_client):
        one.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
