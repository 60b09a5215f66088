"""Signing in through an identity provider: whose account it is, and what its groups give.

An account is found by the subject the provider knows somebody by. The first time, one with the same e-mail address is
linked if the provider says that the address is the person's own; else a new one is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from blueprints.access import queries, rules
from blueprints.access.models import Identity, IdentityProvider, OAuthConsent, User
from blueprints.access.oidc import Person
from blueprints.access.service import oidc_settings, records, roles, sessions, users
from blueprints.access.service.entering import Browser, SignedIn, welcome
from blueprints.access.service.oidc_settings import Provider
from blueprints.access.service.sessions import Through
from shopbell import ids
from shopbell.tenancy import current_tenant


@dataclass(frozen=True)
class TurnedAway:
    """Known to the provider, and not let in: `because` of no_groups, closed or taken."""

    because: str
    user_id: UUID | None = None


@dataclass(frozen=True)
class Entered:
    """Let in; `changed` when an account was opened or linked, or has other roles now."""

    proof: SignedIn
    changed: bool


def enter(
    session: Session, through: Provider, person: Person, *, browser: Browser, at: datetime
) -> Entered | TurnedAway:
    """Start a session for somebody whom the provider vouches for, with the roles that their groups give.

    Being turned away is an answer, not an error: whoever is in no group any more loses what they had. Raises
    LastHeadOffice.
    """
    _one_at_a_time(session, through.issuer, person.subject)
    wanted = oidc_settings.given(session, through.id, person.groups)
    user_id = _known(session, through.issuer, person.subject)
    if not wanted:
        if user_id is not None:
            _shut_out(session, user_id, through)
        return TurnedAway("no_groups", user_id)
    fresh = user_id is None
    if user_id is None:
        found = _linked(session, through, person, at) or _opened(session, through, person, at)
        if isinstance(found, TurnedAway):
            return found
        user_id = found
    if not queries.account(session, user_id).active:
        return TurnedAway("closed", user_id)
    changed = roles.follow(session, user_id, wanted)
    own = Identity.issuer == through.issuer, Identity.subject == person.subject
    session.execute(update(Identity).where(*own).values(last_seen_at=at))
    account = queries.account(session, user_id)
    door = Through(through.id, timedelta(hours=through.session_hours), person.id_token, person.sid)
    return Entered(welcome(session, account, browser, at=at, through=door), fresh or changed)


def _one_at_a_time(session: Session, issuer: str, subject: str) -> None:
    """Two first sign-ins of one person, in two browsers, open one account."""
    key = f"identity:{current_tenant().schema}:{issuer}:{subject}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _known(session: Session, issuer: str, subject: str) -> UUID | None:
    own = Identity.issuer == issuer, Identity.subject == subject
    return session.scalar(select(Identity.user_id).where(*own))


def _linked(session: Session, through: Provider, person: Person, at: datetime) -> UUID | TurnedAway | None:
    """The account with the person's own address. One that belongs to somebody else there, or is kept for the day on
    which the provider fails, is not handed out."""
    if not person.own_email:
        return None
    row = session.execute(select(User.id, User.active).where(User.email == person.own_email).with_for_update()).first()
    if row is None:
        return None
    theirs = select(Identity.subject).where(Identity.user_id == row.id, Identity.issuer == through.issuer)
    rescue = select(IdentityProvider.id).where(IdentityProvider.rescue_id == row.id)
    if session.scalar(theirs) is not None or session.scalar(rescue.limit(1)) is not None:
        return TurnedAway("taken", row.id)
    if not row.active:
        return TurnedAway("closed", row.id)
    _link(session, row.id, through, person, at)
    records.note(session, row.id, "provider_linked", by=row.id, detail=through.name)
    linked: UUID = row.id
    return linked


def _opened(session: Session, through: Provider, person: Person, at: datetime) -> UUID:
    email = person.own_email or rules.no_mailbox(ids.uuid7())
    user_id = users.open_account(session, email, person.name, person.locale)
    _link(session, user_id, through, person, at)
    records.note(session, user_id, "provider_opened", by=None, detail=through.name)
    return user_id


def _link(session: Session, user_id: UUID, through: Provider, person: Person, at: datetime) -> None:
    identity = Identity(issuer=through.issuer, subject=person.subject, user_id=user_id)
    identity.linked_at = identity.last_seen_at = at
    session.add(identity)
    session.flush()


def _shut_out(session: Session, user_id: UUID, through: Provider) -> None:
    """Take away the roles, the sessions and what apps may do: nothing is left of what the groups gave."""
    if roles.follow(session, user_id, ()):
        records.note(session, user_id, "provider_lost", by=None, detail=through.name)
    sessions.end_all(session, user_id)
    session.execute(delete(OAuthConsent).where(OAuthConsent.user_id == user_id))
