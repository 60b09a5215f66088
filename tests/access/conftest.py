"""People who sign in, and browsers that are signed in already."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.access import queries, service
from blueprints.access.models import Role
from blueprints.access.service import oidc_settings, sessions
from blueprints.access.service.oidc_settings import BACK, GroupRole, ProviderInput
from blueprints.access.service.roles import Wanted
from blueprints.registry import permissions
from shopbell import clock, runtime
from shopbell.auth import Grant, Principal
from shopbell.settings import Settings
from shopbell.tenancy import current_tenant
from tests.support import identity
from tests.support.database import RolledBackDatabase
from tests.support.identity import IdentityProvider
from tests.support.world import Shop

EMAIL = "an@example.com"
PASSWORD = "tea without sugar"


@pytest.fixture
def an(session: Session) -> UUID:
    """A manager of every branch."""
    return service.create_user(session, EMAIL, PASSWORD, "An Trần", "manager")


@pytest.fixture
def signed_in(client: FlaskClient, session: Session) -> Callable[..., FlaskClient]:
    """Sign the test client in as somebody with this role, limited to these branches."""

    def enter(role: str, branch_ids: tuple[UUID, ...] = ()) -> FlaskClient:
        service.create_user(session, f"{role}@example.com", PASSWORD, role.title(), role, branch_ids)
        account = next(
            account for account in queries.list_users(session, limit=100) if account.email == f"{role}@example.com"
        )
        token = sessions.start(session, account, at=clock.now())
        session.flush()
        client.set_cookie("session", token, domain=current_tenant().host)
        return client

    return enter


@pytest.fixture(scope="session")
def identity_providers(shops: tuple[Shop, Shop]) -> Iterator[tuple[IdentityProvider, IdentityProvider]]:
    """Two real ones, at which both chains are registered."""
    with identity.running(*(f"http://{shop.tenant.host}:8000{BACK}" for shop in shops)) as both:
        yield both


@pytest.fixture
def provider(identity_providers: tuple[IdentityProvider, IdentityProvider]) -> IdentityProvider:
    return identity_providers[0]


@pytest.fixture
def second_provider(identity_providers: tuple[IdentityProvider, IdentityProvider]) -> IdentityProvider:
    return identity_providers[1]


@pytest.fixture
def today(database: RolledBackDatabase, settings: Settings) -> Iterator[datetime]:
    """The real time, as other processes know no other; and leave to ask this machine."""
    runtime.install(replace(settings, private_calendars=True))
    with clock.frozen(datetime.now(UTC)) as at:
        yield at
    runtime.install(settings)


@pytest.fixture
def connected(session: Session, today: datetime) -> Callable[..., UUID]:
    """Makes a provider one of the chain's: connected(provider, {"lenses": Wanted(...)})."""

    def connect(provider: IdentityProvider, groups: dict[str, Wanted] | None = None, **more: Any) -> UUID:
        mapped = tuple(GroupRole(group, wanted) for group, wanted in (groups or {}).items())
        typed = {"name": "Company", "issuer": provider.issuer, "client_id": identity.CLIENT_ID}
        typed |= {"secret": identity.SECRET, "scopes": "groups", "groups_claim": "groups"}
        wanted = ProviderInput(**{**typed, "session_hours": 12, "active": True, "roles": mapped, **more})
        found = oidc_settings.add(session, wanted, by=boss(), known=permissions())
        session.flush()
        return found

    return connect


def boss() -> Principal:
    """Somebody who may do everything."""
    return Principal("staff", grants=(Grant(frozenset(permissions())),))


def role(session: Session, key: str) -> UUID:
    return session.scalars(select(Role.id).where(Role.key == key)).one()
