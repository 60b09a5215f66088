"""What people let apps do for them: the code that an app fetches its tokens with, and the tokens it renews them by.

A consent is the family of everything that was issued from it. Whatever comes a second time, a code or a refresh token,
was stolen from somebody: the whole family ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, select, update
from sqlalchemy.orm import Session

from blueprints.access import errors, rules
from blueprints.access.models import OAuthClient, OAuthConsent, OAuthRefreshToken, User
from blueprints.access.service import records
from blueprints.access.service.clients import Client
from shopbell import crypto, ids, runtime


@dataclass(frozen=True)
class Consent:
    """That somebody lets an app act for them."""

    id: UUID
    client_pk: UUID
    user_id: UUID
    scopes: tuple[str, ...]
    redirect_uri: str
    code_challenge: str
    ends_at: datetime
    """However often it is renewed."""


@dataclass(frozen=True)
class AppView:
    """An app that somebody has let in, with everything it was ever allowed and may still do."""

    client_pk: UUID
    name: str
    scopes: tuple[str, ...]
    given_at: datetime
    used_at: datetime
    ends_at: datetime
    """When they are asked again, at the latest."""


@dataclass(frozen=True)
class Lent:
    """What somebody lends an app; `branch_ids` None: wherever they may do it themselves."""

    user_id: UUID
    scopes: tuple[str, ...]
    branch_ids: frozenset[UUID] | None


@dataclass(frozen=True)
class Renewable:
    """A refresh token that is good, and until when it is."""

    consent: Consent
    issued_at: datetime
    expires_at: datetime


CONSENT = (
    OAuthConsent.id,
    OAuthConsent.client_pk,
    OAuthConsent.user_id,
    OAuthConsent.scopes,
    OAuthConsent.redirect_uri,
    OAuthConsent.code_challenge,
    OAuthConsent.given_at,
)
TIMES = (OAuthConsent.redeemed_at, OAuthConsent.code_expires_at)


def give(
    session: Session, app: Client, lent: Lent, code: str, *, redirect_uri: str, challenge: str, at: datetime
) -> UUID:
    """Keep what somebody allows, until the app fetches its tokens with the code; it has a minute for that."""
    consent = OAuthConsent(
        id=ids.uuid7(),
        client_pk=app.id,
        user_id=lent.user_id,
        scopes=sorted(lent.scopes),
        branch_ids=None if lent.branch_ids is None else sorted(lent.branch_ids),
        redirect_uri=redirect_uri,
        code_hash=crypto.hash_token(code),
        code_challenge=challenge,
        code_expires_at=at + rules.CODE_LIFE,
        given_at=at,
        used_at=at,
        expires_at=at + rules.CODE_LIFE,
    )
    session.add(consent)
    records.note(session, lent.user_id, "app_allowed", by=lent.user_id, detail=app.name)
    return consent.id


def of_code(session: Session, client_pk: UUID, code: str, *, at: datetime) -> Consent | None:
    """The consent that a code of this app's stands for, held until the transaction ends; None: not a good one.

    A code that was used already ends its consent.
    """
    wanted = OAuthConsent.code_hash == crypto.hash_token(code), OAuthConsent.client_pk == client_pk
    row = session.execute(_open().add_columns(*TIMES).where(*wanted).with_for_update(of=OAuthConsent)).first()
    if row is None:
        return None
    if row.redeemed_at is not None:
        _stolen(session, row.id, row.user_id, row.name)
        return None
    return _read(row) if at < row.code_expires_at else None


def redeem(session: Session, consent: Consent, *, at: datetime) -> None:
    """Note that the code was used; the consent stands for as long as its refresh token."""
    _keep(session, consent, at, redeemed_at=at)


def add_refresh_token(session: Session, consent: Consent, token: str, *, at: datetime) -> datetime:
    """Returns when it ends: unused, or with its consent."""
    expires_at = min(at + rules.REFRESH_LIFE, consent.ends_at)
    token_hash = crypto.hash_token(token)
    session.add(OAuthRefreshToken(token_hash=token_hash, consent_id=consent.id, issued_at=at, expires_at=expires_at))
    session.flush()
    return expires_at


def of_refresh_token(session: Session, client_pk: UUID, token: str, *, at: datetime) -> Consent | None:
    """The consent of a refresh token of this app's, held until the transaction ends; None: not a good one.

    One that was used already ends its consent.
    """
    token_hash = crypto.hash_token(token)
    joined = _open().join(OAuthRefreshToken, OAuthRefreshToken.consent_id == OAuthConsent.id)
    wanted = OAuthRefreshToken.token_hash == token_hash, OAuthConsent.client_pk == client_pk
    row = session.execute(joined.where(*wanted).with_for_update(of=OAuthConsent)).first()
    if row is None:
        return None
    # Read only now that the consent is held: whoever came first has marked it by then.
    columns = OAuthRefreshToken.used_at, OAuthRefreshToken.expires_at
    used_at, expires_at = session.execute(select(*columns).where(OAuthRefreshToken.token_hash == token_hash)).one()
    if used_at is not None:
        _stolen(session, row.id, row.user_id, row.name)
        return None
    consent = _read(row)
    return consent if at < min(expires_at, consent.ends_at) else None


def use_refresh_token(session: Session, consent: Consent, token: str, *, at: datetime) -> None:
    """No second time."""
    used = update(OAuthRefreshToken).where(OAuthRefreshToken.token_hash == crypto.hash_token(token))
    session.execute(used.values(used_at=at))
    _keep(session, consent, at)


def end_by_refresh_token(session: Session, client_pk: UUID, token: str) -> None:
    """End what a refresh token of this app's belongs to, all tokens with it. May be repeated."""
    of_token = select(OAuthRefreshToken.consent_id).where(OAuthRefreshToken.token_hash == crypto.hash_token(token))
    ended = OAuthConsent.id.in_(of_token), OAuthConsent.client_pk == client_pk
    session.execute(delete(OAuthConsent).where(*ended).execution_options(synchronize_session=False))


def apps(session: Session, user_id: UUID) -> list[AppView]:
    """The apps somebody has let in, by name."""
    columns = OAuthClient.id, OAuthClient.name, OAuthConsent.scopes, OAuthConsent.given_at, OAuthConsent.used_at
    found = (
        select(*columns)
        .join(OAuthClient, OAuthClient.id == OAuthConsent.client_pk)
        .where(OAuthConsent.user_id == user_id, OAuthConsent.redeemed_at.is_not(None))
        .order_by(OAuthClient.name, OAuthClient.id, OAuthConsent.given_at)
    )
    merged: dict[UUID, AppView] = {}
    for pk, name, scopes, given_at, used_at in session.execute(found):
        before = merged.get(pk, AppView(pk, name, (), given_at, used_at, given_at))
        together = tuple(sorted({*before.scopes, *scopes}))
        merged[pk] = AppView(pk, name, together, before.given_at, max(before.used_at, used_at), _end(given_at))
    return list(merged.values())


def end_app(session: Session, user_id: UUID, client_pk: UUID) -> None:
    """Let an app do nothing more for somebody. Raises UnknownApp when they had not let it in."""
    name = session.scalar(select(OAuthClient.name).where(OAuthClient.id == client_pk))
    ended = delete(OAuthConsent).where(OAuthConsent.user_id == user_id, OAuthConsent.client_pk == client_pk)
    if name is None or not list(session.scalars(ended.returning(OAuthConsent.id))):
        raise errors.UnknownApp()
    records.note(session, user_id, "app_removed", by=user_id, detail=name)


def renewable(session: Session, client_pk: UUID, token: str, *, at: datetime) -> Renewable | None:
    """A refresh token of this app's that could be used now. Changes nothing."""
    usable = (
        OAuthRefreshToken.token_hash == crypto.hash_token(token),
        OAuthRefreshToken.used_at.is_(None),
        OAuthRefreshToken.expires_at > at,
    )
    row = session.execute(
        _open()
        .add_columns(OAuthRefreshToken.issued_at, OAuthRefreshToken.expires_at)
        .join(OAuthRefreshToken, OAuthRefreshToken.consent_id == OAuthConsent.id)
        .where(*usable, OAuthConsent.client_pk == client_pk)
    ).first()
    if row is None:
        return None
    consent = _read(row)
    expires_at = min(row.expires_at, consent.ends_at)
    return Renewable(consent, row.issued_at, expires_at) if at < expires_at else None


def _open() -> Select[*tuple[Any, ...]]:
    """Consents that count: the app is there, and so is the person."""
    return (
        select(*CONSENT, OAuthClient.name)
        .join(OAuthClient, OAuthClient.id == OAuthConsent.client_pk)
        .join(User, User.id == OAuthConsent.user_id)
        .where(OAuthClient.revoked_at.is_(None), User.active)
    )


def _read(row: Row[*tuple[Any, ...]]) -> Consent:
    return Consent(
        row.id,
        row.client_pk,
        row.user_id,
        tuple(row.scopes),
        row.redirect_uri,
        row.code_challenge,
        ends_at=_end(row.given_at),
    )


def _end(given_at: datetime) -> datetime:
    return given_at + timedelta(days=runtime.settings().consent_days)


def _keep(session: Session, consent: Consent, at: datetime, **changes: datetime) -> None:
    changed = update(OAuthConsent).where(OAuthConsent.id == consent.id)
    expires_at = min(at + rules.REFRESH_LIFE, consent.ends_at)
    session.execute(changed.values(used_at=at, expires_at=expires_at, **changes))


def _stolen(session: Session, consent_id: UUID, user_id: UUID, app: str) -> None:
    session.execute(delete(OAuthConsent).where(OAuthConsent.id == consent_id))
    records.note(session, user_id, "app_stolen", by=None, detail=app)
