"""Identifiers sort by when they were made."""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

import pytest

from shopbell import ids


def test_an_id_is_an_rfc_9562_version_7_uuid() -> None:
    made = ids.uuid7()
    assert made.version == 7
    assert made.variant == RFC_4122


def test_an_id_carries_the_time_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = ids.made_at_ms(ids.uuid7())
    # Ids made in a burst may run a little ahead of the clock, never behind it.
    assert before <= made <= before + 1000


def test_ids_made_one_after_the_other_increase() -> None:
    made = [ids.uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_made_by_several_threads_are_all_different() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [ids.uuid7() for _ in range(1000)], range(8)))
    assert all(batch == sorted(batch) for batch in batches)
    assert len({made for batch in batches for made in batch}) == 8000


def test_ids_increase_when_the_system_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids.uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    assert ids.uuid7() > first


def test_ids_increase_when_the_counter_of_a_millisecond_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 5_000_000)
    monkeypatch.setattr(secrets, "randbits", lambda bits: (1 << bits) - 1)
    maker = ids.IdMaker()
    maker.make()
    monkeypatch.setattr(maker, "_counter", (1 << ids.COUNTER_BITS) - 2)
    made = [maker.make() for _ in range(3)]
    assert made == sorted(made)
    assert [ids.made_at_ms(uuid) for uuid in made] == [5, 6, 6]
