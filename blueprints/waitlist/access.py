"""Whose wishes somebody may see."""

from __future__ import annotations

from blueprints.waitlist.errors import UnknownWish
from blueprints.waitlist.values import WishView
from shopbell.http import current_principal


def require_seen(wish: WishView) -> None:
    """Raises UnknownWish for one at none of the branches this person may see: for them it does not exist."""
    person = current_principal()
    if not any(person.may_see_branch(branch_id) for branch_id in wish.branch_ids):
        raise UnknownWish
