"""How many appointments each branch has a day, on its own clock, in one question."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import event

from blueprints.booking import service
from blueprints.booking.queries.history import daily_counts
from blueprints.booking.values import DayCount
from blueprints.catalog import api as catalog
from tests.booking.test_reserve import TEN, request
from tests.support import world


def test_each_ending_is_counted_on_the_branchs_own_day(session, shop):
    kept, missed, dropped = (service.reserve(session, request(shop, TEN + timedelta(hours=n))) for n in range(3))
    service.set_status(session, kept.id, "done")
    service.set_status(session, missed.id, "no_show")
    service.cancel(session, dropped.id, by="staff")
    service.reserve(session, request(shop, TEN + timedelta(hours=23)))
    counts = daily_counts(session, date(2026, 3, 1), date(2026, 3, 3))
    assert counts == [
        DayCount(shop.branch_id, date(2026, 3, 2), booked=2, done=1, no_show=1, cancelled=1),
        DayCount(shop.branch_id, date(2026, 3, 3), booked=1, done=0, no_show=0, cancelled=0),
    ]


def test_more_branches_cost_no_more_queries(session, shop):
    def queries() -> int:
        asked: list[str] = []
        # What the chain says is read anew after each change of its configuration, whatever is asked first.
        catalog.branches(session)
        listen = (session.get_bind().engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        event.listen(*listen)
        daily_counts(session, date(2026, 3, 1), date(2026, 3, 28))
        event.remove(*listen)
        return len(asked)

    few = queries()
    for number in range(5):
        world.branch(session, f"more-{number}", 10 + number)
    session.flush()
    assert queries() == few > 0
