"""What all arrival pages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, UnknownBranch
from shopbell.http import current_session, permitted_at
from shopbell.pages import private, render

PAGES = Blueprint("arrivals_pages", "blueprints.arrivals", template_folder="templates")
WHY_OPEN = "customers arrive without an account"
LONGEST_FIELD = 500


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A customer page with the chain's name and logo, kept by nobody on the way and listed by no search engine."""
    return private(render(f"arrivals/{template}", status, brand=brand.shown(context.get("branch")), **context))


def sent(values: Mapping[str, str], name: str) -> str:
    """Fit to compare and store: PostgreSQL takes no NUL, and nobody fills a field with a novel."""
    return values.get(name, "").replace("\x00", "\ufffd")[:LONGEST_FIELD].strip()


def seen_branch(slug: str) -> BranchView:
    """The branch, if this member of staff may see it. Raises UnknownBranch."""
    branch = catalog.branch_by_slug(current_session(), slug)
    require_seen(branch.id)
    return branch


def require_seen(branch_id: UUID) -> None:
    if not permitted_at(branch_id):
        raise UnknownBranch
