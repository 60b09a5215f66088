"""What other features may ask of the booking pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from blueprints.storefront.tier import known_tier
from blueprints.storefront.visits import MOST_GUESTS, Part, Plan, short

__all__ = ["MOST_GUESTS", "known_tier", "times_address"]


def times_address(branch_slug: str, service_slug: str, options: Sequence[UUID], guests: int = 1) -> str:
    """The page with a branch's free times of a service, for one guest or for several who all get it.

    A form that sends `start` there, an instant as the filter `stamp` writes it, has that time kept.
    """
    if guests > 1:
        plan = Plan(((Part(service_slug, tuple(options)),),) * guests)
        address: dict[str, Any] = plan.address
        return url_for("storefront.visit_times", branch_slug=branch_slug, **address)
    chosen = [short(option) for option in options] or None
    return url_for("storefront.times", branch_slug=branch_slug, service_slug=service_slug, o=chosen)
