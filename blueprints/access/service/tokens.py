"""Tokens: what a program shows with every call, and what they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.access import errors, queries, rules
from blueprints.access.models import OAuthClient, OAuthClientUse, OAuthConsent, OAuthToken
from blueprints.access.queries import Account
from blueprints.access.service import admission
from shopbell import crypto


@dataclass(frozen=True)
class Bearer:
    """What a token stands for: a program, and the person it acts for, if there is one. `branch_ids` None: all."""

    client_pk: UUID
    client_id: str
    name: str
    scopes: frozenset[str]
    branch_ids: frozenset[UUID] | None
    issued_at: datetime
    expires_at: datetime
    account: Account | None = None


def issue(
    session: Session,
    client_pk: UUID,
    scopes: Iterable[str],
    token: str,
    *,
    factor: int,
    at: datetime,
    consent_id: UUID | None = None,
) -> None:
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
            consent_id=consent_id,
            scopes=sorted(scopes),
            issued_at=at,
            expires_at=at + rules.TOKEN_LIFE,
        )
    )
    used = insert(OAuthClientUse).values(client_pk=client_pk, at=at)
    session.execute(used.on_conflict_do_update(index_elements=["client_pk"], set_={"at": at}))
    session.flush()


def bearer(session: Session, token: str, *, at: datetime) -> Bearer | None:
    """Who holds this token; None when it is unknown or over, its program revoked, or its person's account closed."""
    columns = (OAuthClient.id, OAuthClient.client_id, OAuthClient.name, OAuthClient.branch_ids, OAuthToken.scopes)
    row = session.execute(
        select(*columns, OAuthToken.issued_at, OAuthToken.expires_at)
        .add_columns(OAuthConsent.user_id, OAuthConsent.branch_ids.label("lent"))
        .join(OAuthClient, OAuthClient.id == OAuthToken.client_pk)
        .outerjoin(OAuthConsent, OAuthConsent.id == OAuthToken.consent_id)
        .where(OAuthToken.token_hash == crypto.hash_token(token), OAuthToken.expires_at > at)
        .where(OAuthClient.revoked_at.is_(None))
    ).first()
    if row is None:
        return None
    account = queries.account(session, row.user_id) if row.user_id else None
    if account and not (account.active and admission.is_vouched(session, account.id, at=at)):
        return None
    limits = [frozenset(places) for places in (row.branch_ids, row.lent) if places is not None]
    branch_ids = limits[0].intersection(*limits[1:]) if limits else None
    scopes = frozenset(row.scopes)
    return Bearer(row.id, row.client_id, row.name, scopes, branch_ids, row.issued_at, row.expires_at, account)


def end(session: Session, client_pk: UUID, token: str) -> bool:
    """End one access token of a program's. May be repeated; says whether there was one."""
    found = delete(OAuthToken).where(OAuthToken.token_hash == crypto.hash_token(token))
    return session.scalar(found.where(OAuthToken.client_pk == client_pk).returning(OAuthToken.client_pk)) is not None
