"""Programs that call the API: their secrets, and the tokens they get for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from blueprints.access import errors, rules
from blueprints.access.models import OAuthClient, OAuthToken
from shopbell import clock, crypto, ids
from shopbell.i18n import gettext as _
from shopbell.text import clean_name


@dataclass(frozen=True)
class Client:
    """A program that may ask for tokens; `scopes` is all it may ask for."""

    id: UUID
    client_id: str
    secret_hash: str
    name: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Bearer:
    """What a token stands for."""

    client_pk: UUID
    name: str
    scopes: frozenset[str]
    expires_at: datetime


def create_client(session: Session, name: str, scopes: Iterable[str]) -> tuple[str, str]:
    """Register a program; returns its id and its secret, which cannot be shown again. Raises BadScope, BadAccount."""
    wanted = sorted(set(scopes))
    bad = [scope for scope in wanted if not rules.is_scope(scope)]
    if bad or not wanted:
        sentence = _("Name at least one scope, such as booking, in small letters.")
        raise errors.BadScope(sentence, fields={"scope": sentence})
    shown_name = clean_name(name)
    if not shown_name:
        sentence = _("Give the program a name.")
        raise errors.BadAccount(sentence, fields={"name": sentence})
    client_id, secret = f"cl_{ids.uuid7().hex}", crypto.new_token()
    session.add(
        OAuthClient(
            id=ids.uuid7(),
            client_id=client_id,
            secret_hash=crypto.hash_token(secret),
            name=shown_name,
            scopes=wanted,
            created_at=clock.now(),
        )
    )
    session.flush()
    return client_id, secret


def revoke_client(session: Session, client_id: str) -> None:
    """Refuse a program from now on and end its tokens. May be repeated. Raises UnknownClient.

    A web process may accept a token it has just seen for a few seconds more.
    """
    pk = session.scalar(select(OAuthClient.id).where(OAuthClient.client_id == client_id).with_for_update())
    if pk is None:
        raise errors.UnknownClient()
    still_open = update(OAuthClient).where(OAuthClient.id == pk, OAuthClient.revoked_at.is_(None))
    session.execute(still_open.values(revoked_at=clock.now()))
    session.execute(delete(OAuthToken).where(OAuthToken.client_pk == pk))


def client(session: Session, client_id: str) -> Client | None:
    """The program with this public id, unless it was revoked."""
    if not client_id.isascii() or not client_id.isprintable():
        return None
    columns = (OAuthClient.id, OAuthClient.client_id, OAuthClient.secret_hash, OAuthClient.name, OAuthClient.scopes)
    row = session.execute(
        select(*columns).where(OAuthClient.client_id == client_id, OAuthClient.revoked_at.is_(None))
    ).first()
    return Client(row[0], row[1], row[2], row[3], tuple(row[4])) if row else None


def issue(session: Session, client_pk: UUID, scopes: Iterable[str], token: str, *, factor: int, at: datetime) -> None:
    """Store a token that is valid for an hour. Raises TooManyTokens for a program that asks for one per request."""
    session.execute(delete(OAuthToken).where(OAuthToken.client_pk == client_pk, OAuthToken.expires_at <= at))
    minute = (OAuthToken.client_pk == client_pk, OAuthToken.issued_at > at - timedelta(minutes=1))
    recent = session.scalar(select(func.count()).select_from(OAuthToken).where(*minute)) or 0
    if recent >= rules.TOKENS_PER_MINUTE * factor:
        raise errors.TooManyTokens()
    session.add(
        OAuthToken(
            token_hash=crypto.hash_token(token),
            client_pk=client_pk,
            scopes=sorted(scopes),
            issued_at=at,
            expires_at=at + rules.TOKEN_LIFE,
        )
    )
    session.flush()


def bearer(session: Session, token: str, *, at: datetime) -> Bearer | None:
    """Who holds this token, or None when it is unknown, has expired, or its program was revoked."""
    columns = (OAuthClient.id, OAuthClient.name, OAuthToken.scopes, OAuthToken.expires_at)
    row = session.execute(
        select(*columns)
        .join(OAuthClient, OAuthClient.id == OAuthToken.client_pk)
        .where(OAuthToken.token_hash == crypto.hash_token(token), OAuthToken.expires_at > at)
        .where(OAuthClient.revoked_at.is_(None))
    ).first()
    return Bearer(row[0], row[1], frozenset(row[2]), row[3]) if row else None
