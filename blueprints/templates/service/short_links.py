"""Short links on the chain's own host: a code that opens one address for a while."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.templates.errors import UnknownShortLink
from blueprints.templates.links import beginning, host
from blueprints.templates.models import ShortLink
from shopbell import clock, runtime
from shopbell.crypto import BadToken, Sealer, hash_token
from shopbell.tenancy import current_tenant

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # pragma: allowlist secret
"""Without those that people take for each other."""
LENGTH = 11
"""64 bits: of a million links open at once, a thousand guesses a second find one in six hundred years."""
AFTER = timedelta(days=30)
"""How long a link stays open after what it is about: to look up what it was."""
WITHOUT_AN_END = timedelta(days=60)


def shorten(session: Session, link: str, message: str, message_id: UUID, until: datetime | None) -> str:
    """A short link to the same place, which stays open well past `until`; `message` is what the message exists once by.

    The same message gets the same code however often it is written. A link to another host, or one that would become
    no shorter, stays as it is.
    """
    target = link.removeprefix(host())
    short = beginning() + _code(message)
    if not link.startswith(f"{host()}/") or target.startswith("//") or len(short) >= len(link):
        return link
    code = short.removeprefix(beginning())
    now = clock.now()
    values = {
        "code_hash": hash_token(code),
        "message_id": message_id,
        "target": _sealer().seal(code, target),
        "created_at": now,
        "expires_at": max(until or now + WITHOUT_AN_END, now) + AFTER,
    }
    session.execute(insert(ShortLink).values(values).on_conflict_do_nothing())
    return short


def follow(session: Session, code: str) -> tuple[str, UUID]:
    """Where a code leads, as a path of this host, and the message it stands in; the click is counted.

    Raises UnknownShortLink, also when its time is over.
    """
    found = session.execute(
        update(ShortLink)
        .where(ShortLink.code_hash == hash_token(code), ShortLink.expires_at > clock.now())
        .values(clicks=ShortLink.clicks + 1)
        .returning(ShortLink.target, ShortLink.message_id)
    ).first()
    if found is None:
        raise UnknownShortLink
    try:
        path = _sealer().open(code, found.target)
    except BadToken:
        raise UnknownShortLink from None
    return path, found.message_id


def forget_old(session: Session) -> None:
    """Remove the links whose time is over."""
    session.execute(delete(ShortLink).where(ShortLink.expires_at <= clock.now()))


def _code(message: str) -> str:
    """Nobody without the installation's secret can tell the code of a message."""
    key = hmac.digest(runtime.settings().secret_key.encode(), f"short link:{current_tenant().id}".encode(), "sha256")
    number = int.from_bytes(hmac.digest(key, message.encode(), "sha256"), "big")
    code = ""
    for _letter in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        code += LETTERS[letter]
    return code


def _sealer() -> Sealer:
    return runtime.sealer("short link")
