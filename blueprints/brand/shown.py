"""What a customer's page shows: the chain's look, a branch's own of it, and in a preview one that is not out yet."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import g

from blueprints.brand import queries
from blueprints.brand.errors import UnknownPreview, UnknownVersion
from blueprints.brand.queries import BrandView
from blueprints.catalog.api import BranchView
from shopbell import clock, runtime
from shopbell.crypto import BadToken, Signer
from shopbell.http import current_session
from shopbell.http.framing import PREVIEW, previewed
from shopbell.i18n import gettext as _
from shopbell.pages.environment import choose_language
from shopbell.tenancy import current_tenant

PREVIEW_LIFE = timedelta(minutes=15)
PUBLISHED = UUID(int=0)
"""In a preview's token: what customers see now."""


def greet() -> None:
    """Before a page for customers: find the look, and speak a language that the chain speaks. Raises UnknownPreview."""
    g.look = _asked_for()
    choose_language(g.look.spoken)


def shown(branch: BranchView | None = None) -> BrandView:
    """The look of this page, at a branch where it is about one."""
    session = current_session()
    look: BrandView = g.look if "look" in g else queries.brand(session)
    return queries.at(session, look, branch) if branch else look


def preview_root(version_id: UUID, mode: str) -> str:
    """The root of the pages in the look of a version, "light" or "dark", for a quarter of an hour."""
    token = _signer().sign_compact(_purpose(), version_id, clock.now() + PREVIEW_LIFE)
    return f"{PREVIEW}/{mode}/{token}"


def _asked_for() -> BrandView:
    session, token = current_session(), previewed()
    if not token:
        return queries.brand(session)
    try:
        version_id = _signer().read_compact(_purpose(), token, clock.now())
        return queries.brand(session) if version_id == PUBLISHED else queries.look_of_version(session, version_id)
    except (BadToken, UnknownVersion):
        raise UnknownPreview(_("Open the branding page again to see how the pages would look.")) from None


def _signer() -> Signer:
    return runtime.signer()


def _purpose() -> str:
    return f"brand.preview:{current_tenant().id}"
