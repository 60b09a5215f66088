"""The chain's identity providers, as head office sets them up.

Whoever may say who vouches for people, and which groups are head office, can become anybody: it takes all rights.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from blueprints.access import errors, oidc, rules
from blueprints.access.models import Identity, IdentityProvider, ProviderRole, UserSession
from blueprints.access.oidc.outside import is_provider_address
from blueprints.access.service import roles
from blueprints.access.service.roles import Wanted
from shopbell import clock, ids, runtime
from shopbell.auth import Permissions, Principal
from shopbell.crypto import BadToken, Sealer
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant
from shopbell.text import clean_name

PURPOSE = "access.oidc"
BACK = "/sign-in/back"
MOST_PROVIDERS = 5
MOST_GROUP_ROLES = 100
LONGEST_TEXT = 300


@dataclass(frozen=True)
class GroupRole:
    """A role for everybody in a group."""

    group: str
    wanted: Wanted


@dataclass(frozen=True)
class ProviderInput:
    """What is typed of a provider; an empty secret leaves the one there is."""

    name: str
    issuer: str
    client_id: str
    secret: str
    scopes: str
    groups_claim: str
    session_hours: int
    active: bool
    roles: tuple[GroupRole, ...] = ()


@dataclass(frozen=True)
class Provider:
    """A provider as its settings show it; its secret is sealed."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    scopes: str
    groups_claim: str
    session_hours: int
    active: bool
    exclusive: bool
    rescue_id: UUID | None
    tested_at: datetime | None


PROVIDER = (
    IdentityProvider.id,
    IdentityProvider.name,
    IdentityProvider.issuer,
    IdentityProvider.client_id,
    IdentityProvider.secret,
    IdentityProvider.scopes,
    IdentityProvider.groups_claim,
    IdentityProvider.session_hours,
    IdentityProvider.active,
    IdentityProvider.exclusive,
    IdentityProvider.rescue_id,
    IdentityProvider.tested_at,
)


def providers(session: Session) -> list[Provider]:
    """All of them, by name."""
    statement = select(*PROVIDER).order_by(IdentityProvider.name, IdentityProvider.id)
    return [_read(row) for row in session.execute(statement)]


def provider(session: Session, provider_id: UUID, *, active: bool = False) -> Provider:
    """Raises UnknownProvider; `active`: also for one that is switched off."""
    row = session.execute(select(*PROVIDER).where(IdentityProvider.id == provider_id)).first()
    if row is None or (active and not row.active):
        raise errors.UnknownProvider()
    return _read(row)


def group_roles(session: Session, provider_id: UUID) -> list[GroupRole]:
    """What its groups give, by group."""
    columns = ProviderRole.group_name, ProviderRole.role_id, ProviderRole.region_id, ProviderRole.branch_id
    found = select(*columns).where(ProviderRole.provider_id == provider_id)
    rows = session.execute(found.order_by(ProviderRole.group_name, ProviderRole.id))
    return [GroupRole(group, Wanted(role_id, region_id, branch_id)) for group, role_id, region_id, branch_id in rows]


def vouching_for(session: Session, user_id: UUID) -> list[str]:
    """The names of the providers that know this account's owner."""
    known = select(IdentityProvider.name).join(Identity, Identity.issuer == IdentityProvider.issuer)
    return list(session.scalars(known.where(Identity.user_id == user_id).order_by(IdentityProvider.name)))


def given(session: Session, provider_id: UUID, groups: Iterable[str]) -> list[Wanted]:
    """The roles that somebody in these groups has."""
    theirs = frozenset(groups)
    return [each.wanted for each in group_roles(session, provider_id) if each.group in theirs]


def connection(found: Provider) -> oidc.Connection:
    """What the provider is asked with. Raises Refusal when the secret was sealed elsewhere: it is to be typed again."""
    try:
        secret = _sealer().open(str(found.id), found.secret)
    except BadToken:
        raise oidc.Refusal("secret") from None
    return oidc.Connection(found.issuer, found.client_id, secret, found.scopes, found.groups_claim, address(BACK))


def address(path: str) -> str:
    """Where the provider sends browsers back to: one address, whatever other names the chain has."""
    return f"{runtime.settings().tenant_url(current_tenant().host)}{path}"


def add(session: Session, wanted: ProviderInput, *, by: Principal, known: Permissions) -> UUID:
    """Raises BadProvider, BadAccount for roles that there are not, BeyondOwnRights."""
    roles.require_head_office(by=by, known=known)
    checked = _checked(wanted, secret_needed=True)
    if (session.scalar(select(func.count()).select_from(IdentityProvider)) or 0) >= MOST_PROVIDERS:
        sentence = _("Remove one that is no longer used; there may be %(n)s.", n=MOST_PROVIDERS)
        raise errors.BadProvider(sentence, fields={"name": sentence})
    made = IdentityProvider(id=ids.uuid7(), created_at=clock.now(), **_values(checked))
    made.secret = _sealer().seal(str(made.id), checked.secret)
    session.add(made)
    session.flush()
    _put_roles(session, made.id, checked.roles)
    return made.id


def change(session: Session, provider_id: UUID, wanted: ProviderInput, *, by: Principal, known: Permissions) -> None:
    """Another issuer has to be tried out again; one that is switched off ends what was opened through it.

    Raises UnknownProvider, BadProvider, BadAccount, BeyondOwnRights.
    """
    roles.require_head_office(by=by, known=known)
    before = _for_update(session, provider_id)
    values = _values(_checked(wanted, secret_needed=False))
    if before.exclusive and (values["issuer"] != before.issuer or not values["active"]):
        sentence = _("Take passwords again before you change this.")
        raise errors.BadProvider(
            sentence, fields={"active" if values["issuer"] == before.issuer else "issuer": sentence}
        )
    if values["issuer"] != before.issuer:
        values["tested_at"] = None
    if wanted.secret:
        values["secret"] = _sealer().seal(str(provider_id), wanted.secret)
    session.execute(update(IdentityProvider).where(IdentityProvider.id == provider_id).values(values))
    if not values["active"]:
        session.execute(delete(UserSession).where(UserSession.provider_id == provider_id))
    if sorted(map(repr, wanted.roles)) != sorted(map(repr, group_roles(session, provider_id))):
        session.execute(delete(ProviderRole).where(ProviderRole.provider_id == provider_id))
        _put_roles(session, provider_id, wanted.roles)


def remove(session: Session, provider_id: UUID, *, by: Principal, known: Permissions) -> None:
    """Everybody who came in through it is out. Raises UnknownProvider, BadProvider, BeyondOwnRights."""
    roles.require_head_office(by=by, known=known)
    if _for_update(session, provider_id).exclusive:
        sentence = _("Take passwords again before you change this.")
        raise errors.BadProvider(sentence, fields={"rescue": sentence})
    session.execute(delete(IdentityProvider).where(IdentityProvider.id == provider_id))


def note_test(session: Session, provider_id: UUID, *, at: datetime) -> None:
    """Somebody of head office has been there and back."""
    session.execute(update(IdentityProvider).where(IdentityProvider.id == provider_id).values(tested_at=at))


def _checked(wanted: ProviderInput, *, secret_needed: bool) -> ProviderInput:
    problems = {}
    if not clean_name(wanted.name) or len(wanted.name) > rules.LONGEST_NAME:
        problems["name"] = _("Enter a name of at most %(n)s characters.", n=rules.LONGEST_NAME)
    if not is_provider_address(wanted.issuer) or "?" in wanted.issuer:
        problems["issuer"] = _("An address beginning with https://, without a password in it.")
    if not _is_plain(wanted.client_id):
        problems["client_id"] = _("Copy it from the provider.")
    if (secret_needed and not wanted.secret) or (wanted.secret and not _is_plain(wanted.secret)):
        problems["secret"] = _("Copy it from the provider.")
    if wanted.scopes and not _is_plain(wanted.scopes.replace(" ", "")):
        problems["scopes"] = _("Words with spaces between them.")
    if not _is_plain(wanted.groups_claim):
        problems["groups_claim"] = _("One word, for example groups.")
    if not 1 <= wanted.session_hours <= rules.MOST_SESSION_HOURS:
        problems["session_hours"] = _("A whole number from 1 to %(n)s.", n=rules.MOST_SESSION_HOURS)
    if len(wanted.roles) > MOST_GROUP_ROLES or not all(_is_group(each.group) for each in wanted.roles):
        problems["roles"] = _("Enter the group of each role, exactly as the provider writes it.")
    if problems:
        raise errors.BadProvider(" ".join(problems.values()), fields=problems)
    return wanted


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TEXT and text.isascii() and text.isprintable()


def _is_group(text: str) -> bool:
    return 0 < len(text) <= oidc.people.LONGEST_GROUP and text.isprintable()


def _values(checked: ProviderInput) -> dict[str, object]:
    texts = {"name": clean_name(checked.name), "issuer": checked.issuer, "client_id": checked.client_id}
    return {
        **texts,
        "scopes": checked.scopes,
        "groups_claim": checked.groups_claim,
        "session_hours": checked.session_hours,
        "active": checked.active,
    }


def _put_roles(session: Session, provider_id: UUID, wanted: Iterable[GroupRole]) -> None:
    unique = dict.fromkeys(wanted)
    roles.held(session, [each.wanted for each in unique])
    for each in unique:
        row = ProviderRole(id=ids.uuid7(), provider_id=provider_id, group_name=each.group)
        row.role_id, row.region_id, row.branch_id = each.wanted.role_id, each.wanted.region_id, each.wanted.branch_id
        session.add(row)
    session.flush()


def _for_update(session: Session, provider_id: UUID) -> Provider:
    session.execute(select(IdentityProvider.id).where(IdentityProvider.id == provider_id).with_for_update())
    return provider(session, provider_id)


def _read(row: Row[*tuple[Any, ...]]) -> Provider:
    return Provider(**row._mapping)


def _sealer() -> Sealer:
    return runtime.sealer(PURPOSE)
