"""A visit in an address."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.storefront import visits
from blueprints.storefront.visits import MOST_EACH, MOST_GUESTS, MOST_SERVICES, Part, Plan, read_plan

ANN, CURLS = UUID(int=7), UUID(int=8)
COLOUR = Part("colour", (CURLS,), ANN)
CUT = Part("cut")

slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)
parts = st.builds(Part, slugs, st.lists(st.uuids(), max_size=4).map(tuple), st.none() | st.uuids())
guests = st.lists(parts, min_size=1, max_size=2).map(tuple)


@given(st.lists(guests, max_size=MOST_GUESTS).map(tuple))
def test_a_visit_comes_back_from_its_address_as_it_was(found):
    plan = Plan(found)
    assert read_plan(plan.address) == plan


def test_an_address_names_guests_services_options_and_people_in_order():
    plan = Plan(((COLOUR, CUT), (CUT,)))
    assert plan.address == {"g1": "colour~AAAAAAAAAAAAAAAAAAAACA@AAAAAAAAAAAAAAAAAAAABw,cut", "g2": "cut"}


@pytest.mark.parametrize(
    "text", ["cut~x", "cut@nobody", "cut~" + "A" * 21 + "B", "cut@ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ", "cut@" + "!" * 22]
)
def test_what_we_did_not_write_is_refused(text):
    with pytest.raises(ValueError, match=r"no id|not a 16-char"):
        read_plan({"g1": text})


def test_a_guest_left_out_closes_the_ranks():
    assert read_plan({"g1": "", "g3": "cut"}) == Plan(((CUT,),))


def test_more_services_than_a_visit_can_hold_are_refused():
    with pytest.raises(ValueError, match="too many"):
        read_plan({"g1": ",".join(["cut"] * (MOST_EACH + 1))})
    with pytest.raises(ValueError, match="too many"):
        read_plan({f"g{number}": "cut,cut,cut" for number in range(1, 6)})
    full = Plan(((CUT,) * MOST_EACH,) * (MOST_SERVICES // MOST_EACH))
    for guest in (0, len(full.guests), len(full.guests) + 1, -1):
        with pytest.raises(ValueError, match="more than"):
            full.added(guest, CUT)
    crowd = Plan(((CUT,),) * MOST_GUESTS)
    with pytest.raises(ValueError, match="more than"):
        crowd.added(MOST_GUESTS, CUT)


def test_services_guests_and_people_are_added_changed_and_taken_away():
    plan = Plan().added(0, COLOUR).added(0, CUT).added(1, CUT)
    assert plan == Plan(((COLOUR, CUT), (CUT,)))
    assert plan.with_person(1, 0, ANN).guests[1][0].person_id == ANN
    assert plan.changed(0, 0, None) == Plan(((CUT,), (CUT,)))
    assert plan.changed(1, 0, None) == Plan(((COLOUR, CUT),)), "a guest without services no longer comes"
    for guest, number in ((2, 0), (0, 2), (-1, 0), (0, -1)):
        with pytest.raises(ValueError, match="no such part"):
            plan.changed(guest, number, None)


def test_an_id_has_one_short_form():
    found = uuid4()
    assert visits.read_id(visits.short(found)) == found
    assert len(visits.short(found)) == visits.ID_LENGTH
