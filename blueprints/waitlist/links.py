"""The signed addresses under which somebody answers an offer, or looks after a wish."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from blueprints.waitlist.values import OfferView, WishView
from shopbell import runtime
from shopbell.crypto import Signer
from shopbell.tenancy import current_tenant

OFFER_PATH, WISH_PATH = "/offer/", "/w/"
LINK_LIFE = timedelta(days=30)
"""The links outlive what they are for, so that a late click is told what happened."""


def offer_token(offer: OfferView) -> str:
    return _signer().sign_compact(_purpose("offer"), offer.id, offer.expires_at + LINK_LIFE)


def wish_token(wish: WishView) -> str:
    over_at = datetime.combine(wish.last_day, time.max, UTC)
    return _signer().sign_compact(_purpose("wish"), wish.id, over_at + LINK_LIFE)


def offer_link(offer: OfferView) -> str:
    """The full address, short enough for a text message."""
    return _home() + OFFER_PATH + offer_token(offer)


def wish_link(wish: WishView) -> str:
    return _home() + WISH_PATH + wish_token(wish)


def read_offer_token(token: str, at: datetime) -> UUID:
    """Raises shopbell.crypto.ExpiredToken or BadToken."""
    return _signer().read_compact(_purpose("offer"), token, at)


def read_wish_token(token: str, at: datetime) -> UUID:
    """Raises shopbell.crypto.ExpiredToken or BadToken."""
    return _signer().read_compact(_purpose("wish"), token, at)


def _purpose(what: str) -> str:
    # The tenant is part of what is signed: a link of one chain means nothing at another's address.
    return f"waitlist.{what}:{current_tenant().id}"


def _home() -> str:
    return runtime.settings().tenant_url(current_tenant().host)


def _signer() -> Signer:
    return runtime.signer()
