"""People who sign in, and browsers that are signed in already."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.access import queries, service
from blueprints.access.service import sessions
from shopbell import clock
from shopbell.tenancy import current_tenant

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
        account = next(account for account in queries.users(session) if account.email == f"{role}@example.com")
        token = sessions.start(session, account, at=clock.now())
        session.flush()
        client.set_cookie("session", token, domain=current_tenant().host)
        return client

    return enter
