"""An address that asks too often waits; others do not."""

from __future__ import annotations

import dataclasses

from shopbell import embedded, ids
from shopbell.http.limits import BUCKETS, Buckets, Limits


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


def test_a_limit_holds_over_several_processes(server_urls: embedded.Urls) -> None:
    clock, who = Clock(), ids.uuid7().hex
    processes = [Limits(clock=clock) for _ in range(4)]
    asked = [processes[n % 4].take(server_urls.redis_url, "client", who, 100).over for n in range(400)]
    assert asked.count(False) == 100
    clock.at += 60
    assert not processes[0].take(server_urls.redis_url, "client", who, 100).over


def test_a_limit_may_be_for_an_hour(server_urls: embedded.Urls) -> None:
    clock, who = Clock(), ids.uuid7().hex
    limits = Limits(clock=clock)
    asked = [limits.take(server_urls.redis_url, "code", who, 2, 3600) for _ in range(3)]
    assert [standing.over for standing in asked] == [False, False, True]
    assert asked[2].seconds == 3600 - 1000
    clock.at += 60
    assert limits.take(server_urls.redis_url, "code", who, 2, 3600).over
    clock.at += 3600
    assert not limits.take(server_urls.redis_url, "code", who, 2, 3600).over


def test_a_busy_program_costs_one_round_trip_in_many(server_urls: embedded.Urls, monkeypatch) -> None:
    limits, trips = Limits(clock=Clock()), []
    take = limits._take_portion

    def counted(*of):
        trips.append(of)
        return take(*of)

    monkeypatch.setattr(limits, "_take_portion", counted)
    who = ids.uuid7().hex
    standings = [limits.take(server_urls.redis_url, "client", who, 600) for _ in range(700)]
    assert [standing.over for standing in standings].count(False) == 600
    assert len(trips) == 50
    assert (standings[0].left, standings[599].left, standings[0].seconds) == (599, 0, 20)


def test_without_redis_each_process_counts_by_itself() -> None:
    BUCKETS.empty()
    limits, who = Limits(clock=Clock()), ids.uuid7().hex
    away = "redis://127.0.0.1:1/0"
    assert [limits.take(away, "client", who, 3).over for _ in range(4)] == [False, False, False, True]
    assert [limits.take(away, "code", who, 2, 3600).over for _ in range(3)] == [False, False, True]


def test_a_program_is_told_where_it_stands(client_of, api_client, app, monkeypatch) -> None:
    monkeypatch.setattr(app, "settings", dataclasses.replace(app.settings, api_per_minute=2))
    program, other = api_client(), api_client()
    answers = [program.get("/api/v1/me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"client";q=2;w=60'
    assert answers[0].headers["RateLimit"].startswith('"client";r=1;t=')
    assert answers[2].mimetype == "application/problem+json"
    assert answers[2].get_json()["code"] == "too_many_requests"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert other.get("/api/v1/me").status_code == 200
    assert other.get("/api/v1/me").headers["RateLimit-Policy"] == '"address";q=4;w=60'
