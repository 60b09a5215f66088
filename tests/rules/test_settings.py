"""Which value holds at a place on a day: against a slow and simple reading of the same sentences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.settings.keys import BRANCH, REGION, Choice, DayHours, Flag, Key, Line, Number, Price, Texts, Unfit, Week
from tenants.settings.rules import THE_CHAIN, Entry, Place, Said, path_to, said_of

SOUTH, NORTH, HERE, THERE = (UUID(int=number) for number in range(1, 5))
PLACES = [
    THE_CHAIN,
    Place(REGION, SOUTH),
    Place(REGION, NORTH),
    Place(BRANCH, HERE),
    Place(BRANCH, THERE),
]
PATH = path_to(SOUTH, HERE)
FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(6)]
KEYS = [
    Key("plain", "Plain", Number(0, 9), 99),
    Key("about", "About", Number(0, 9), 99, about="service"),
    Key("falls", "Falls", Number(0, 9), 99, about="service", falls_back=True),
]
Row = tuple[tuple[str, str], Entry]

entries = st.builds(
    Entry,
    st.sampled_from(PLACES),
    st.integers(0, 9),
    st.sampled_from([None, *DAYS]),
    own=st.booleans(),
    locked=st.booleans(),
)
statements = st.tuples(st.sampled_from([key.name for key in KEYS]), st.sampled_from(["", "cut"]))
everything = st.lists(
    st.tuples(statements, entries), max_size=25, unique_by=lambda row: (row[0], row[1].place, row[1].starts_on)
)


def in_force(rows: list[Row], statement: tuple[str, str], place: Place, day: date) -> Entry | None:
    """The last that was said there by that day, if it is a value of its own."""
    begun = [
        entry
        for about, entry in rows
        if (about, entry.place) == (statement, place) and (entry.starts_on is None or entry.starts_on <= day)
    ]
    last = max(begun, key=lambda entry: entry.starts_on or date.min, default=None)
    return last if last and last.own else None


def slowly(rows: list[Row], key: Key, day: date, subject: str) -> tuple[Any, Place | None]:
    """Ask each place from the branch upwards; a value counts unless a place above locked what is no more special."""
    abouts = [subject, ""] if key.falls_back and subject else [subject]
    for number, about in enumerate(abouts):
        for place in reversed(PATH):
            entry = in_force(rows, (key.name, about), place, day)
            said_above = (
                in_force(rows, (key.name, general), above, day)
                for general in abouts[number:]
                for above in PATH[: place.depth]
            )
            locks = (other is not None and other.locked for other in said_above)
            if entry and not any(locks):
                return entry.value, entry.place
    return key.default, None


@given(everything, st.sampled_from(KEYS), st.sampled_from(DAYS), st.sampled_from(["", "cut"]))
def test_the_value_is_that_of_the_nearest_place_that_nobody_above_forbids(
    rows: list[Row], key: Key, day: date, subject: str
) -> None:
    subject = subject if key.about else ""
    found = said_of(rows).resolve(key, PATH, day, subject)
    value, place = slowly(rows, key, day, subject)
    assert (found.value, found.source.place if found.source else None) == (value, place)


@given(everything, st.sampled_from(KEYS), st.sampled_from(DAYS), st.sampled_from(["", "cut"]))
def test_what_comes_next_is_the_first_other_value(rows: list[Row], key: Key, day: date, subject: str) -> None:
    subject = subject if key.about else ""
    found = said_of(rows).resolve(key, PATH, day, subject)
    later = ((on, slowly(rows, key, on, subject)[0]) for on in DAYS if on > day)
    expected = next(((on, value) for on, value in later if value != found.value), (None, None))
    assert (found.next_on, found.next_value) == expected


@given(everything, entries, statements)
def test_adding_an_entry_is_saying_it_with_the_others(
    rows: list[Row], entry: Entry, statement: tuple[str, str]
) -> None:
    others = [
        row for row in rows if (row[0], row[1].place, row[1].starts_on) != (statement, entry.place, entry.starts_on)
    ]
    together, added = said_of([*others, (statement, entry)]), said_of(rows).including([(statement, entry)])
    for key in KEYS:
        for day in DAYS:
            for subject in ("", "cut"):
                assert added.resolve(key, PATH, day, subject) == together.resolve(key, PATH, day, subject)


def test_a_place_below_a_lock_says_nothing_until_it_is_lifted() -> None:
    key = KEYS[0]
    said = said_of(
        [
            (("plain", ""), Entry(THE_CHAIN, 1, locked=True, author="Chen")),
            (("plain", ""), Entry(THE_CHAIN, 1, DAYS[3])),
            (("plain", ""), Entry(Place(BRANCH, HERE), 2)),
        ]
    )
    now = said.resolve(key, PATH, DAYS[0])
    assert (now.value, now.locked_by and now.locked_by.author) == (1, "Chen")
    assert (now.next_on, now.next_value) == (DAYS[3], 2)
    assert said.resolve(key, PATH[:1], DAYS[0]).locked_by is None


def test_nobody_says_anything_and_the_products_default_holds() -> None:
    found = Said().resolve(KEYS[0], PATH, DAYS[0])
    assert (found.value, found.source, found.locked_by, found.next_on) == (99, None, None, None)


@pytest.mark.parametrize(
    ("kind", "good", "kept"),
    [
        (Number(0, 9), 9, 9),
        (Flag(), False, False),
        (Choice(("CNY", "VND")), "VND", "VND"),
        (Line(), "  a  b ", "a b"),
        (Price(), {"minor": 100, "currency": "VND"}, {"minor": 100, "currency": "VND"}),
        (Week(), {"1": [], "0": [[600, 660], [540, 600]]}, {"0": [[540, 600], [600, 660]]}),
        (Texts(), {"en": "Hello", "vi": " "}, {"en": "Hello"}),
        (DayHours(), {"spans": [[600, 660], [540, 600]]}, {"spans": [[540, 600], [600, 660]], "reason": ""}),
        (DayHours(), {"spans": [], "reason": " a  b "}, {"spans": [], "reason": "a b"}),
    ],
)
def test_a_value_of_its_kind_is_kept_in_one_form(kind: Any, good: object, kept: object) -> None:
    assert kind.checked(good) == kept


NONSENSE: list[object] = [None, True, 10, -1, 1.5, "x" * 100, [], {"a": 1}, {"minor": 1, "currency": "XXQ"}, {"0": 1}]


@pytest.mark.parametrize(
    "bad",
    [
        *NONSENSE,
        {"spans": [[9, 5]]},
        {"spans": [], "reason": 1},
        {"0": [[600, 540]]},
        {"9": []},
        {"0": [[0, 60], [30, 90]]},
        {"en": 1},
    ],
)
@pytest.mark.parametrize("kind", [Number(0, 9), Choice(("CNY",)), Price(), Week(), DayHours(), Texts(50)])
def test_what_is_not_refused_is_kept_in_one_form(kind: Any, bad: object) -> None:
    try:
        kept = kind.checked(bad)
    except Unfit:
        return
    assert kind.checked(kept) == kept


@given(st.integers(0, 10**9), st.sampled_from(["CNY", "VND", "USD"]))
def test_a_price_is_typed_as_it_is_shown(minor: int, currency: str) -> None:
    value = {"minor": minor, "currency": currency}
    assert Price().read(Price().typed(value)) == value
