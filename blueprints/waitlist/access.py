"""Whose wishes somebody may see."""

from __future__ import annotations

from blueprints.waitlist.errors import UnknownWish
from blueprints.waitlist.values import WishView
from shopbell.http import permitted_at


def require_seen(wish: WishView) -> None:
    """Raises UnknownWish for one at none of the branches this person may see: for them it does not exist."""
    if not any(permitted_at(branch_id) for branch_id in wish.branch_ids):
        raise UnknownWish
