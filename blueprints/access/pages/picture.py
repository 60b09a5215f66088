"""What a phone needs to make codes: a picture to scan, and the same as text."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from blueprints.access import queries
from blueprints.access.service import totp
from blueprints.brand import api as brand
from shopbell import clock
from shopbell.http import current_session
from shopbell.qr import qr


@dataclass(frozen=True)
class Picture:
    drawing: Markup
    secret: str
    """In groups of four, to be typed."""


def picture(user_id: UUID) -> Picture:
    session = current_session()
    secret = totp.offer(session, user_id, at=clock.now())
    account, chain = queries.account(session, user_id), brand.brand(session).display_name
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return Picture(qr(totp.address(secret, account.mailbox or account.name, chain)), groups)
