"""A demonstration chain's two regions: China as the chain has it, Vietnam with its own currency, prices and hours; each
with its official calendar."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog import service as catalog_service
from blueprints.catalog.settings import (
    CURRENCY,
    HOLIDAY_CALENDAR,
    HOLIDAY_HOURS,
    HORIZON_DAYS,
    HOURS,
    LEAD_MINUTES,
    MAKEUP_HOURS,
    OPTION_PRICE,
    PRICE,
)
from shopbell import clock
from tenants.demo import DemoChain
from tenants.packs import PACKS
from tenants.packs.pack import said
from tenants.settings import store
from tenants.settings.rules import THE_CHAIN, Path, path_to
from tenants.settings.store import Author, Change

CHINA, VIETNAM = "Asia/Shanghai", "Asia/Ho_Chi_Minh"
SOON = timedelta(days=120)
"""From the set-up on: a month after today."""


def open_regions(session: Session, chain: DemoChain) -> dict[str, UUID]:
    """The regions by the time zone of their branches, with what each says of itself."""
    made = {
        CHINA: catalog_service.add_region(session, said("China", "中国区", "Trung Quốc")),
        VIETNAM: catalog_service.add_region(session, said("Vietnam", "越南区", "Việt Nam")),
    }
    today = clock.local_minutes(clock.now(), clock.zone(chain.time_zone))[0]
    south: Path = path_to(made[VIETNAM])
    week = {str(day): [[540, 1200]] for day in range(7)}
    changes = [
        Change(HOLIDAY_HOURS, (THE_CHAIN,), today, "sunday"),
        Change(MAKEUP_HOURS, (THE_CHAIN,), today, "monday"),
        Change(HOLIDAY_CALENDAR, path_to(made[CHINA]), today, "CN"),
        Change(HOLIDAY_CALENDAR, south, today, "VN"),
        Change(CURRENCY, south, today, "VND"),
        Change(HOURS, south, today, week),
        Change(LEAD_MINUTES, south, today, 60),
        Change(LEAD_MINUTES, south, today + SOON, 45),
        Change(HORIZON_DAYS, (THE_CHAIN,), today, 60, locked=True),
    ]
    prices = [Change(PRICE, south, today, value, subject) for subject, value in _prices(session, chain)]
    options = [Change(OPTION_PRICE, south, today, value, subject) for subject, value in _options(session, chain)]
    store.say(session, [*changes, *prices, *options], Author(None, chain.head))
    return made


Prices = list[tuple[str, dict[str, object]]]


def _prices(session: Session, chain: DemoChain) -> Prices:
    known = {service.slug: service for service in PACKS[chain.pack].services}
    return [
        (str(service.id), {"minor": known[service.slug].price_minor["VND"], "currency": "VND"})
        for service in catalog.services(session, active_only=False)
        if "VND" in known[service.slug].price_minor
    ]


def _options(session: Session, chain: DemoChain) -> Prices:
    known = {
        (service.slug, option.name["en"]): option
        for service in PACKS[chain.pack].services
        for option in service.options
    }
    return [
        (str(option.id), {"minor": known[service.slug, option.name["en"]].price_minor.get("VND", 0), "currency": "VND"})
        for service in catalog.services(session, active_only=False)
        for option in service.options
    ]
