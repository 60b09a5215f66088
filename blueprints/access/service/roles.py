"""Roles made at head office, and who has which one where. Nobody gives, or takes away, more than they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.access import errors, queries, rules
from blueprints.access.models import IdentityProvider, Role, RoleAssignment, User
from blueprints.access.queries import HeldRole, RoleView
from blueprints.access.service import records
from blueprints.catalog import api as catalog
from shopbell import ids
from shopbell.auth import Grant, Permissions, Principal
from shopbell.i18n import gettext as _
from shopbell.text import clean_name


@dataclass(frozen=True)
class RoleInput:
    """What is typed of a role; a built-in one keeps its name and its permissions."""

    name: str
    permissions: frozenset[str]
    requires_totp: bool


@dataclass(frozen=True)
class Wanted:
    """A role somebody is to have: at a branch, in a region, or, with neither, for the whole chain."""

    role_id: UUID
    region_id: UUID | None = None
    branch_id: UUID | None = None


def add_role(session: Session, wanted: RoleInput, *, by: Principal, known: Permissions) -> UUID:
    """Raises BadRole, BeyondOwnRights."""
    name = _checked(wanted, by, known)
    values = {"id": ids.uuid7(), "name": name, "permissions": sorted(wanted.permissions)}
    values["requires_totp"] = wanted.requires_totp
    made: UUID | None = session.scalar(insert(Role).values(values).on_conflict_do_nothing().returning(Role.id))
    if made is None:
        raise _taken()
    return made


def change_role(session: Session, role_id: UUID, wanted: RoleInput, *, by: Principal, known: Permissions) -> None:
    """Its holders hold what it then gives at once. Raises UnknownRole, BadRole, BeyondOwnRights."""
    role = _for_update(session, role_id)
    _require_covered(by, [Grant(_all_of(role, known))])
    values: dict[str, object] = {"requires_totp": wanted.requires_totp}
    if role.key is None:
        name = _checked(wanted, by, known)
        twin = select(Role.id).where(Role.key.is_(None), Role.id != role_id, queries.same_name(name))
        if session.scalar(select(exists(twin))):
            raise _taken()
        values |= {"name": name, "permissions": sorted(wanted.permissions)}
    session.execute(update(Role).where(Role.id == role_id).values(values))


def remove_role(session: Session, role_id: UUID, *, by: Principal, known: Permissions) -> None:
    """Raises UnknownRole, RoleInUse, BeyondOwnRights."""
    role = _for_update(session, role_id)
    _require_covered(by, [Grant(_all_of(role, known))])
    if role.key is not None or role.holders:
        raise errors.RoleInUse()
    session.execute(delete(Role).where(Role.id == role_id))


def set_roles(session: Session, user_id: UUID, wanted: Iterable[Wanted], *, by: Principal, known: Permissions) -> None:
    """Let somebody have these roles and no others. May be repeated.

    Raises UnknownUser, BadAccount, BeyondOwnRights, LastHeadOffice.
    """
    lock_user(session, user_id)
    before = set(queries.account(session, user_id).roles)
    after = held(session, wanted)
    if before != after:
        _require_covered(by, queries.grants(session, before | after, known))
        _put(session, user_id, after, by.id)


def follow(session: Session, user_id: UUID, wanted: Iterable[Wanted]) -> bool:
    """Let somebody have the roles that their identity provider's groups give, and no others; says whether they change.

    Whoever set the groups up held all of it, so nobody is asked again. Raises UnknownUser, LastHeadOffice.
    """
    lock_user(session, user_id)
    after = held(session, wanted)
    if set(queries.account(session, user_id).roles) == after:
        return False
    _put(session, user_id, after, None)
    return True


def _put(session: Session, user_id: UUID, after: set[HeldRole], by: UUID | None) -> None:
    if not _leads(after):
        keep_head_office(session, user_id)
    session.execute(delete(RoleAssignment).where(RoleAssignment.user_id == user_id))
    for role in sorted(after, key=lambda role: (list(rules.BUILT_IN).index(role.key) if role.key else 9, role.name)):
        places = {"region_id": role.region_id, "branch_id": role.branch_id}
        session.add(RoleAssignment(id=ids.uuid7(), user_id=user_id, role_id=role.role_id, **places))
    # The previous release, while it still runs, lets nobody in whose roles have changed.
    session.execute(update(User).where(User.id == user_id).values(role="frontdesk", branch_ids=[UUID(int=0)]))
    records.note(session, user_id, "roles", by=by, detail=", ".join(sorted({role.label for role in after})))
    session.flush()


def require_head_office(*, by: Principal, known: Permissions) -> None:
    """For what could give anybody everything. Raises BeyondOwnRights for whoever does not hold it all themselves."""
    _require_covered(by, [Grant(known.held_by(frozenset({rules.HEAD_OFFICE})))])


def require_not_above(session: Session, user_id: UUID, *, by: Principal, known: Permissions) -> None:
    """Nobody changes the account of somebody who may more. Raises UnknownUser, BeyondOwnRights."""
    _require_covered(by, queries.grants(session, queries.account(session, user_id).roles, known))


def keep_head_office(session: Session, without: UUID) -> None:
    """Raises LastHeadOffice when the chain would be left without anybody who may do everything, or without the account
    that is kept for the day on which the identity provider fails.

    Locks the others, so that two of them cannot put each other out at the same moment.
    """
    statement = (
        select(User.id)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .join(Role, Role.id == RoleAssignment.role_id)
        .where(Role.key == rules.HEAD_OFFICE, RoleAssignment.region_id.is_(None), RoleAssignment.branch_id.is_(None))
        .where(User.active)
        .order_by(User.id)
        .with_for_update(of=User)
    )
    leads = set(session.scalars(statement))
    if without in leads and leads == {without}:
        sentence = _("Give somebody else the whole chain first: this is the last account of head office.")
        raise errors.LastHeadOffice(sentence, fields={"roles": sentence})
    if session.scalar(select(IdentityProvider.id).where(IdentityProvider.rescue_id == without).limit(1)):
        sentence = _("This is the rescue account of your identity provider. Take passwords again first.")
        raise errors.LastHeadOffice(sentence, fields={"roles": sentence})


def lock_user(session: Session, user_id: UUID) -> None:
    """Raises UnknownUser."""
    if session.scalar(select(User.id).where(User.id == user_id).with_for_update()) is None:
        raise errors.UnknownUser()


def held(session: Session, wanted: Iterable[Wanted]) -> set[HeldRole]:
    """The roles as they will be held, all of them roles and places of this chain. Raises BadAccount."""
    roles = {role.id: role for role in queries.roles(session)}
    branches = {branch.id for branch in catalog.branches(session)}
    regions = {region.id for region in catalog.regions(session)}
    found = set()
    for each in wanted:
        role = roles.get(each.role_id)
        strange = (each.branch_id and each.branch_id not in branches) or (
            each.region_id and each.region_id not in regions
        )
        if role is None or strange or (each.branch_id and each.region_id):
            sentence = _("Choose a role and where it holds.")
            raise errors.BadAccount(sentence, fields={"roles": sentence})
        found.add(HeldRole(role.id, role.key, role.name, role.permissions, each.region_id, each.branch_id))
    return found


def _leads(held: Iterable[HeldRole]) -> bool:
    return any(role.key == rules.HEAD_OFFICE and role.chain_wide for role in held)


def _checked(wanted: RoleInput, by: Principal, known: Permissions) -> str:
    name = clean_name(wanted.name)
    problems = {}
    if not name or len(name) > rules.LONGEST_NAME:
        problems["name"] = _("Enter a name of at most %(n)s characters.", n=rules.LONGEST_NAME)
    if not wanted.permissions or wanted.permissions - set(rules.ticked(known)):
        problems["permissions"] = _("Choose at least one permission of the list.")
    if problems:
        raise errors.BadRole(" ".join(problems.values()), fields=problems)
    _require_covered(by, [Grant(wanted.permissions)])
    return name


def _require_covered(by: Principal, wanted: Iterable[Grant]) -> None:
    if not all(rules.covers(by.grants, grant) for grant in wanted):
        raise errors.BeyondOwnRights(_("That takes rights that your own account does not have."))


def _all_of(role: RoleView, known: Permissions) -> frozenset[str]:
    return known.held_by(frozenset({role.key})) if role.key else known.among(role.permissions)


def _for_update(session: Session, role_id: UUID) -> RoleView:
    session.execute(select(Role.id).where(Role.id == role_id).with_for_update())
    return queries.role(session, role_id)


def _taken() -> errors.BadRole:
    sentence = _("There is a role of this name already.")
    return errors.BadRole(sentence, fields={"name": sentence})
