"""Programs that call the API: how they are registered, and their secrets."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from blueprints.access import errors, rules
from blueprints.access.models import OAuthClient, OAuthClientUse, OAuthConsent, OAuthToken
from shopbell import clock, crypto, ids
from shopbell.i18n import gettext as _
from shopbell.text import clean_name


@dataclass(frozen=True)
class Client:
    """A program that may ask for tokens; `scopes` is all it may ask for, `branch_ids` all it reaches (None: all).

    One with addresses to answer at is a partner's app: it acts for people who let it, and never by itself.
    """

    id: UUID
    client_id: str
    name: str
    scopes: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    branch_ids: frozenset[UUID] | None
    secret_hash: str
    old_secret_hash: str | None
    old_secret_until: datetime | None

    def has_secret(self, secret: str, at: datetime) -> bool:
        """Whether it is the program's secret, or the one before it and still within its day."""
        given = crypto.hash_token(secret)
        right = hmac.compare_digest(self.secret_hash, given)
        old = hmac.compare_digest(self.old_secret_hash or "", given)
        return right or (old and self.old_secret_until is not None and at < self.old_secret_until)


@dataclass(frozen=True)
class ClientInput:
    """What head office says about a program."""

    name: str
    scopes: frozenset[str]
    redirect_uris: tuple[str, ...] = ()
    branch_ids: frozenset[UUID] | None = None


@dataclass(frozen=True)
class ClientView:
    """A program as head office sees it; `used_at` is when it last got a token."""

    id: UUID
    client_id: str
    name: str
    scopes: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    branch_ids: tuple[UUID, ...] | None
    old_secret_until: datetime | None
    used_at: datetime | None


MOST_SHOWN = 200
COLUMNS = (
    OAuthClient.id,
    OAuthClient.client_id,
    OAuthClient.name,
    OAuthClient.scopes,
    OAuthClient.redirect_uris,
    OAuthClient.branch_ids,
    OAuthClient.secret_hash,
    OAuthClient.old_secret_hash,
    OAuthClient.old_secret_until,
)


def create_client(session: Session, name: str, scopes: Iterable[str]) -> tuple[str, str]:
    """Register a program; returns its id and its secret, which cannot be shown again. Raises BadScope, BadAccount."""
    wanted = sorted(set(scopes))
    if not wanted or not all(rules.is_scope(scope) for scope in wanted):
        sentence = _("Name at least one scope, such as booking, in small letters.")
        raise errors.BadScope(sentence, fields={"scope": sentence})
    shown_name = clean_name(name)
    if not shown_name:
        sentence = _("Give the program a name.")
        raise errors.BadAccount(sentence, fields={"name": sentence})
    return _insert(session, ClientInput(shown_name, frozenset(wanted)))


def add_client(
    session: Session, wish: ClientInput, *, known: Mapping[str, str], branch_ids: frozenset[UUID]
) -> tuple[str, str]:
    """Register what head office typed, of the `known` scopes and the chain's `branch_ids`; its id and its secret.

    Raises BadClient naming every field that is wrong.
    """
    wrong: dict[str, str] = {}
    name = clean_name(wish.name)
    if not name or len(name) > rules.LONGEST_NAME:
        wrong["name"] = _("Enter a name of at most %(n)s characters.", n=rules.LONGEST_NAME)
    if not wish.scopes or not wish.scopes <= known.keys():
        wrong["scopes"] = _("Tick at least one thing that the program may do.")
    if len(wish.redirect_uris) > rules.MOST_REDIRECTS or not all(map(rules.is_redirect, wish.redirect_uris)):
        wrong["redirect_uris"] = _("Write one complete address per line, beginning with https:// and without #.")
    if wish.branch_ids is not None and not (wish.branch_ids and wish.branch_ids <= branch_ids):
        wrong["branches"] = _("Tick the branches, or let the program reach all of them.")
    if wrong:
        raise errors.BadClient("; ".join(wrong.values()), fields=wrong)
    return _insert(session, ClientInput(name, wish.scopes, wish.redirect_uris, wish.branch_ids))


def rotate_secret(session: Session, pk: UUID, *, at: datetime) -> str:
    """A new secret, which cannot be shown again; the one before it is taken for a day more. Raises UnknownClient."""
    found, secret = by_pk(session, pk, lock=True), crypto.new_token()
    changed = update(OAuthClient).where(OAuthClient.id == pk)
    session.execute(
        changed.values(
            secret_hash=crypto.hash_token(secret),
            old_secret_hash=found.secret_hash,
            old_secret_until=at + rules.BOTH_SECRETS,
        )
    )
    return secret


def end_old_secret(session: Session, pk: UUID) -> None:
    """Take only the newest secret from now on. May be repeated. Raises UnknownClient."""
    by_pk(session, pk, lock=True)
    gone = {"old_secret_hash": None, "old_secret_until": None}
    session.execute(update(OAuthClient).where(OAuthClient.id == pk).values(gone))


def revoke_client(session: Session, client_id: str) -> None:
    """Refuse a program from now on, and end its tokens and consents. May be repeated. Raises UnknownClient.

    A web process may accept a token it has just seen for a few seconds more.
    """
    pk = session.scalar(select(OAuthClient.id).where(OAuthClient.client_id == client_id).with_for_update())
    if pk is None:
        raise errors.UnknownClient()
    still_open = update(OAuthClient).where(OAuthClient.id == pk, OAuthClient.revoked_at.is_(None))
    session.execute(still_open.values(revoked_at=clock.now()))
    for held in (OAuthToken, OAuthConsent):
        session.execute(delete(held).where(held.client_pk == pk))


def client(session: Session, client_id: str) -> Client | None:
    """The program with this public id, unless it was revoked."""
    if not client_id.isascii() or not client_id.isprintable():
        return None
    wanted = select(*COLUMNS).where(OAuthClient.client_id == client_id, OAuthClient.revoked_at.is_(None))
    row = session.execute(wanted).first()
    return _read(row) if row else None


def by_pk(session: Session, pk: UUID, *, lock: bool = False) -> Client:
    """The program, unless it was revoked. Raises UnknownClient."""
    wanted = select(*COLUMNS).where(OAuthClient.id == pk, OAuthClient.revoked_at.is_(None))
    row = session.execute(wanted.with_for_update() if lock else wanted).first()
    if row is None:
        raise errors.UnknownClient()
    return _read(row)


def clients(session: Session, *, at: datetime) -> list[ClientView]:
    """The programs that are let in, by name."""
    wanted = (
        select(*COLUMNS, OAuthClientUse.at.label("used_at"))
        .outerjoin(OAuthClientUse, OAuthClientUse.client_pk == OAuthClient.id)
        .where(OAuthClient.revoked_at.is_(None))
        .order_by(OAuthClient.name, OAuthClient.id)
        .limit(MOST_SHOWN)
    )
    return [
        ClientView(
            row.id,
            row.client_id,
            row.name,
            tuple(row.scopes),
            tuple(row.redirect_uris),
            None if row.branch_ids is None else tuple(row.branch_ids),
            row.old_secret_until if row.old_secret_until and row.old_secret_until > at else None,
            row.used_at,
        )
        for row in session.execute(wanted)
    ]


def _read(row: Row[*tuple[Any, ...]]) -> Client:
    limit = None if row.branch_ids is None else frozenset(row.branch_ids)
    return Client(
        row.id,
        row.client_id,
        row.name,
        tuple(row.scopes),
        tuple(row.redirect_uris),
        limit,
        row.secret_hash,
        row.old_secret_hash,
        row.old_secret_until,
    )


def _insert(session: Session, wish: ClientInput) -> tuple[str, str]:
    client_id, secret = f"cl_{ids.uuid7().hex}", crypto.new_token()
    session.add(
        OAuthClient(
            id=ids.uuid7(),
            client_id=client_id,
            secret_hash=crypto.hash_token(secret),
            name=wish.name,
            scopes=sorted(wish.scopes),
            redirect_uris=list(wish.redirect_uris),
            branch_ids=None if wish.branch_ids is None else sorted(wish.branch_ids),
            created_at=clock.now(),
        )
    )
    session.flush()
    return client_id, secret
