"""A provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc.errors import JoseError

from blueprints.access.oidc.discovery import decoded_token, discover
from blueprints.access.oidc.exchange import SKEW_SECONDS, Connection
from blueprints.access.oidc.outside import Refusal
from blueprints.access.oidc.people import LONGEST_SUBJECT, session_id

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPE = "logout+jwt"
LONGEST_LIFE = 600
"""Seconds for which a logout token is taken after it was made, whatever it says of itself: it may be sent again."""


@dataclass(frozen=True)
class Left:
    """Who has signed out: everywhere, or in the one session that the provider calls `sid`."""

    subject: str
    sid: str
    before: datetime
    """What was opened later is not meant: the token may be sent again."""


def left(connection: Connection, token: str, *, at: datetime) -> Left:
    """Who it is that a logout token speaks of. Raises Refusal for one that is not right in everything (2.6)."""
    endpoints = discover(connection.issuer)
    try:
        found = decoded_token(endpoints, token)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refusal("signature", getattr(error, "error", "")) from None
    if str(found.header.get("typ", "")).lower().removeprefix("application/") != TYPE:
        raise Refusal("claim", "typ")
    return _checked(connection, found.claims, int(at.timestamp()))


def _checked(connection: Connection, claims: Mapping[str, Any], now: int) -> Left:
    made, ends, audience = claims.get("iat"), claims.get("exp"), claims.get("aud")
    events, subject = claims.get("events"), claims.get("sub", "")
    fits = {
        "iss": claims.get("iss") == connection.issuer,
        "aud": connection.client_id in (audience if isinstance(audience, list) else [audience]),
        "iat": isinstance(made, int) and -SKEW_SECONDS <= now - made < LONGEST_LIFE,
        "exp": isinstance(ends, int) and now < ends + SKEW_SECONDS,
        "jti": isinstance(claims.get("jti"), str),
        "events": isinstance(events, Mapping) and isinstance(events.get(EVENT), Mapping),
        "nonce": "nonce" not in claims,
        "sub": isinstance(subject, str) and len(subject) <= LONGEST_SUBJECT and "\x00" not in subject,
    }
    wrong = [name for name, right in fits.items() if not right]
    sid = session_id(claims)
    if wrong or not (subject or sid):
        raise Refusal("claim", ", ".join(wrong) or "sub")
    return Left(str(subject), sid, datetime.fromtimestamp(int(made or 0) + SKEW_SECONDS, UTC))
