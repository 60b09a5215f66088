"""A branch with what holds there: its own values, its region's, the chain's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from blueprints.catalog.queries.views import BranchView
from blueprints.catalog.settings import COLUMNS, CURRENCY
from shopbell import clock
from shopbell.tenancy import current_tenant
from tenants.settings import store
from tenants.settings.rules import Entry, Path, Said, path_to
from tenants.settings.store import VERSION

__all__ = ["VERSION", "as_settled", "path_of", "said_at", "settled", "today_at"]


def as_settled(session: Session, row: Row[*tuple[Any, ...]]) -> BranchView:
    """A branch from its columns and the version of the configuration, with what holds there today."""
    *columns, version = row
    view = BranchView(*columns)
    ever = {key.name: getattr(view, key.name) for key in COLUMNS if getattr(view, key.name) != key.default}
    view = replace(view, ever=ever)
    return settled(view, store.said(session, version), today_at(view))


def settled(view: BranchView, said: Said, day: date) -> BranchView:
    """The branch with what holds there on the day."""
    path, known = path_of(view), said_at(view, said)
    values = {key.name: known.value(key, path, day) for key in COLUMNS}
    return replace(view, **values, currency=known.value(CURRENCY, path, day) or current_tenant().currency)


def said_at(view: BranchView, said: Said) -> Said:
    """What is said, and before all else what the branch's own columns say."""
    if not view.ever:
        return said
    place = path_of(view)[-1]
    return said.including(((name, ""), Entry(place, value)) for name, value in view.ever.items())


def path_of(view: BranchView) -> Path:
    return path_to(view.region_id, view.id)


def today_at(view: BranchView) -> date:
    return clock.local_minutes(clock.now(), clock.zone(view.time_zone))[0]
