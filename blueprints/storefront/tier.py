"""The direct channel of members: a signed link makes a browser known, for as long as the link is good. So does signing
in.

The link and the cookie say who somebody is and until when. Which tier that is worth is read from the customer file each
time, so a tier that is taken away counts at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import Response

from blueprints.account import api as account
from blueprints.crm import api as crm
from shopbell import clock, runtime
from shopbell.crypto import BadToken
from shopbell.http import current_session
from shopbell.http.cookies import Cookie
from shopbell.tenancy import current_tenant

PATH = "/vip/"
LIVES = {30: timedelta(days=30), 90: timedelta(days=90), 365: timedelta(days=365)}
"""For how long a link may be made, by days."""
MEMBER = Cookie("vip", max(LIVES.values()), plain_path="/")


def known_tier() -> tuple[int, UUID | None]:
    """The tier and the customer that this browser has shown a link of, or is signed in as; (0, None) for everybody
    else."""
    customer_id = by_link()
    tier = crm.tier(current_session(), customer_id) if customer_id else 0
    if tier:
        return tier, customer_id
    me = account.known()
    return (me.tier, me.id) if me else (0, None)


def by_link() -> UUID | None:
    """Whose link this browser has opened."""
    try:
        token = MEMBER.read()
        return read_vip_token(token) if token else None
    except BadToken:
        return None


def vip_token(customer_id: UUID, expires_at: datetime) -> str:
    return runtime.signer().sign_compact(_purpose(), customer_id, expires_at)


def vip_link(customer_id: UUID, expires_at: datetime) -> str:
    """The full address, short enough for a text message. Whoever has it books as this customer's tier until then."""
    return runtime.settings().tenant_url(current_tenant().host) + PATH + vip_token(customer_id, expires_at)


def read_vip_token(token: str) -> UUID:
    """The customer. Raises shopbell.crypto.ExpiredToken or BadToken."""
    return runtime.signer().read_compact(_purpose(), token, clock.now())


def remember(response: Response, token: str) -> None:
    """Keep the link in the browser; scripts cannot read it. When the link ends, so does what the cookie is worth."""
    MEMBER.give(response, token)


def forget(response: Response) -> None:
    MEMBER.take_back(response)


def _purpose() -> str:
    return f"storefront.vip:{current_tenant().id}"
