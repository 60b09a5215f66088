"""What is remembered of a branch's calendar."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, timedelta

from blueprints.booking import frames
from shopbell import clock

SOON = date(2026, 3, 2)
FAR = date(2029, 3, 2)


def test_a_look_at_days_far_away_does_not_push_out_those_that_everybody_asks_for(session, shop, monkeypatch):
    loaded: list[tuple] = []
    load = frames._load

    def counted(*given):
        loaded.append(given[3:])
        return load(*given)

    monkeypatch.setattr(frames, "_load", counted)
    for memory in ("_covers", "_cuts"):
        monkeypatch.setattr(frames, memory, OrderedDict())
    frames.frame(session, shop.branch_id, SOON, 1)
    loaded.clear()
    assert frames.frame(session, shop.branch_id, FAR, 1).window.first_day == FAR
    assert loaded == [(FAR, 1)]
    frames.frame(session, shop.branch_id, SOON + timedelta(days=9), 5)
    assert loaded == [(FAR, 1)]
    assert frames.zone_of(session, shop.branch_id) is clock.zone("Asia/Shanghai")
