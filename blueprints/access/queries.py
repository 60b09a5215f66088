"""Reads of accounts, roles and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from blueprints.access import errors, rules
from blueprints.access.models import AccountRecord, DeskDevice, Role, RoleAssignment, Totp, User, UserSession
from blueprints.catalog import api as catalog
from shopbell.auth import Grant, Permissions
from shopbell.http.agents import browser_name
from shopbell.i18n import gettext as _

MOST_SHOWN = 50


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody has: at a branch, in a region, or, with neither, for the whole chain.

    `permissions` are those of a role the chain made; a built-in one has a `key` and holds what the features say.
    """

    role_id: UUID
    key: str | None
    name: str
    permissions: frozenset[str]
    region_id: UUID | None = None
    branch_id: UUID | None = None

    @property
    def chain_wide(self) -> bool:
        return self.region_id is None and self.branch_id is None

    @property
    def label(self) -> str:
        return role_label(self.key, self.name)


@dataclass(frozen=True)
class Account:
    """A member of staff as others see them."""

    id: UUID
    email: str
    name: str
    locale: str | None
    active: bool
    roles: tuple[HeldRole, ...]

    @property
    def mailbox(self) -> str:
        """Their e-mail address; empty when they have shown none."""
        return "" if self.email.endswith(rules.NO_MAILBOX) else self.email

    @property
    def role(self) -> str:
        """What they are called: the key or the name of their first role."""
        return (self.roles[0].key or self.roles[0].name) if self.roles else ""


@dataclass(frozen=True)
class RoleView:
    """A role with the number of its holders."""

    id: UUID
    key: str | None
    name: str
    permissions: frozenset[str]
    requires_totp: bool
    holders: int

    @property
    def label(self) -> str:
        return role_label(self.key, self.name)


@dataclass(frozen=True)
class SessionView:
    """Where somebody is signed in; `device` is the shared device they opened with their PIN."""

    id: UUID
    address: str
    agent: str
    device: str | None
    last_seen_at: datetime

    @property
    def browser(self) -> str:
        return browser_name(self.agent)


@dataclass(frozen=True)
class RecordView:
    """What happened to an account, and who did it; None when nobody was signed in."""

    what: str
    detail: str
    at: datetime
    by: str | None


def role_label(key: str | None, name: str) -> str:
    return _(rules.BUILT_IN[key]) if key else name


HELD = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    Role.id, Role.key, Role.name, Role.permissions, RoleAssignment.region_id, RoleAssignment.branch_id
                ),
                RoleAssignment.id,
            )
        )
    )
    .select_from(RoleAssignment)
    .join(Role, Role.id == RoleAssignment.role_id)
    .where(RoleAssignment.user_id == User.id)
    .correlate(User)
    .scalar_subquery()
    .label("held")
)
"""Everything somebody holds in one value, so that knowing who asks stays one query."""

ACCOUNT = (User.id, User.email, User.name, User.locale, User.active, HELD)


def account_of(row: Any) -> Account:
    """A row that holds the columns of ACCOUNT, as a value."""
    return Account(row.id, row.email, row.name, row.locale, row.active, tuple(_held(each) for each in row.held or ()))


def _held(value: list[Any]) -> HeldRole:
    role_id, key, name, permissions, region_id, branch_id = value
    region, branch = (UUID(place) if place else None for place in (region_id, branch_id))
    return HeldRole(UUID(role_id), key, name, frozenset(permissions), region, branch)


def account(session: Session, user_id: UUID) -> Account:
    """Raises UnknownUser."""
    row = session.execute(select(*ACCOUNT).where(User.id == user_id)).first()
    if row is None:
        raise errors.UnknownUser()
    return account_of(row)


def count_users(session: Session, q: str = "") -> int:
    return session.scalar(select(func.count()).select_from(User).where(_matching(q))) or 0


def list_users(session: Session, q: str = "", *, limit: int, offset: int = 0) -> list[Account]:
    """Accounts whose name or address contains the text, by name; what they hold is looked up for these alone.

    Without an index: to read 20,000 accounts takes 12 ms, and one for any part of a text would need an extension.
    """
    page = select(User.id).where(_matching(q)).order_by(User.name, User.id).limit(limit).offset(offset).subquery()
    statement = select(*ACCOUNT).join(page, page.c.id == User.id).order_by(User.name, User.id)
    return [account_of(row) for row in session.execute(statement)]


def with_totp(session: Session, user_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of them who sign in with codes from their phone."""
    statement = select(Totp.user_id).where(Totp.user_id.in_(list(user_ids)), Totp.confirmed_at.is_not(None))
    return frozenset(session.scalars(statement))


def sessions(session: Session, user_id: UUID) -> list[SessionView]:
    """Where somebody is signed in, the latest first."""
    statement = (
        select(UserSession.id, UserSession.address, UserSession.agent, DeskDevice.name, UserSession.last_seen_at)
        .outerjoin(DeskDevice, DeskDevice.id == UserSession.device_id)
        .where(UserSession.user_id == user_id)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id)
        .limit(MOST_SHOWN)
    )
    return [SessionView(*row) for row in session.execute(statement)]


def records(session: Session, user_id: UUID) -> list[RecordView]:
    """What happened to an account, the latest first."""
    by = aliased(User)
    statement = (
        select(AccountRecord.what, AccountRecord.detail, AccountRecord.at, by.name)
        .outerjoin(by, by.id == AccountRecord.by_user_id)
        .where(AccountRecord.user_id == user_id)
        .order_by(AccountRecord.at.desc(), AccountRecord.id.desc())
        .limit(MOST_SHOWN)
    )
    return [RecordView(*row) for row in session.execute(statement)]


def _matching(q: str) -> ColumnElement[bool]:
    if not q:
        return User.id.is_not(None)
    if "\x00" in q:
        return false()
    return or_(User.name.icontains(q, autoescape=True), User.email.icontains(q, autoescape=True))


def roles(session: Session) -> list[RoleView]:
    """Every role: the built-in ones in their order, then the chain's own by name."""
    holders = select(func.count()).where(RoleAssignment.role_id == Role.id).correlate(Role).scalar_subquery()
    columns = (Role.id, Role.key, Role.name, Role.permissions, Role.requires_totp, holders)
    found = [
        RoleView(row[0], row[1], row[2], frozenset(row[3]), row[4], row[5]) for row in session.execute(select(*columns))
    ]
    order = list(rules.BUILT_IN)
    return sorted(found, key=lambda role: (order.index(role.key) if role.key else len(order), role.name.casefold()))


def role(session: Session, role_id: UUID) -> RoleView:
    """Raises UnknownRole."""
    found = next((role for role in roles(session) if role.id == role_id), None)
    if found is None:
        raise errors.UnknownRole()
    return found


def same_name(name: str) -> ColumnElement[bool]:
    """What the table's unique index compares."""
    return func.lower(Role.name) == func.lower(name)


def grants_of(session: Session, user_id: UUID, known: Permissions) -> tuple[Grant, ...]:
    """What somebody holds of these permissions; nothing when they may not sign in any more, or are not known."""
    row = session.execute(select(*ACCOUNT).where(User.id == user_id, User.active)).first()
    return grants(session, account_of(row).roles, known) if row is not None else ()


def grants(session: Session, held: Iterable[HeldRole], known: Permissions) -> tuple[Grant, ...]:
    """What roles come to: which permissions at which branches."""
    return tuple(grant(session, role, known) for role in held)


def grant(session: Session, role: HeldRole, known: Permissions) -> Grant:
    return Grant(permissions_of(role, known), None if role.chain_wide else branches_of(session, role))


def permissions_of(role: HeldRole, known: Permissions) -> frozenset[str]:
    """What a role gives where it is held: at a branch or in a region nothing that concerns the whole chain."""
    if role.key:
        return known.held_by(frozenset({role.key}), chain_wide=role.chain_wide)
    return known.among(role.permissions, chain_wide=role.chain_wide)


def branches_of(session: Session, role: HeldRole) -> frozenset[UUID]:
    """The branches that a role held at one, or in a region, reaches."""
    if role.region_id:
        return frozenset(catalog.branches_of_region(session, role.region_id))
    return frozenset({role.branch_id}) if role.branch_id else frozenset()
