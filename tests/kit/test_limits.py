"""An address that asks too often waits; others do not."""

from __future__ import annotations

from shopbell.http.limits import Buckets


class Clock:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_an_address_has_its_share_and_gets_it_back_with_time():
    clock = Clock()
    buckets = Buckets(clock=clock)
    assert [buckets.full("hold", "10.0.0.1", 3) for _ in range(4)] == [False, False, False, True]
    assert not buckets.full("hold", "10.0.0.2", 3)
    clock.at += 20
    assert [buckets.full("hold", "10.0.0.1", 3) for _ in range(2)] == [False, True]


def test_purposes_are_counted_apart():
    buckets = Buckets(clock=Clock())
    assert not buckets.full("hold", "10.0.0.1", 1)
    assert not buckets.full("cancel", "10.0.0.1", 1)
    assert buckets.full("hold", "10.0.0.1", 1)
