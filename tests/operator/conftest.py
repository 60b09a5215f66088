"""Operators, signed in at their own host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from blueprints.operator.models import Operator
from blueprints.operator.service import accounts
from blueprints.operator.service.records import Author
from shopbell import clock
from shopbell.tenancy import OPERATORS_HOST
from tests.conftest import Browser

ADDRESS = f"http://{OPERATORS_HOST}.localhost:8000"
ROOT = Author(None, "root@localhost")

Console = Callable[..., FlaskClient]


@pytest.fixture
def directory(database) -> Iterator[Session]:
    with database.transaction(None) as session:
        yield session


@pytest.fixture
def visitor(app) -> FlaskClient:
    """A browser without cookies at the operators' host."""
    client = Browser(app, app.response_class, use_cookies=True)
    client.address = ADDRESS
    return client


def code_of(directory: Session, email: str, *, later: int = 0) -> str:
    """What the operator's phone shows now, or `later` half minutes from now."""
    found = directory.scalar(select(Operator).where(Operator.email == email).execution_options(populate_existing=True))
    assert found is not None
    return pyotp.TOTP(accounts.opened(found)).at(clock.now() + timedelta(seconds=30 * later))


@pytest.fixture
def console(database, app) -> Console:
    """Signs a new operator in and returns their browser: console(), console("observer")."""

    def sign_in(role: str = "operator") -> FlaskClient:
        email = f"{role}@example.com"
        with database.transaction(None) as directory:
            password = accounts.create(directory, email, role.title(), role, by=ROOT)
        client = Browser(app, app.response_class, use_cookies=True)
        client.address = ADDRESS
        assert client.post("/sign-in", data={"email": email, "password": password}).status_code == 303
        with database.transaction(None) as directory:
            code = code_of(directory, email)
        answer = client.post("/sign-in/code", data={"code": code})
        assert "Recovery codes" in answer.text, answer.text
        return client

    return sign_in


@pytest.fixture
def counted(database) -> Callable[[Callable[[], object]], int]:
    """Counts the statements that a piece of work sends."""

    def count(work: Callable[[], object]) -> int:
        sent: list[str] = []
        note = lambda _connection, _cursor, statement, *_more: sent.append(statement)  # noqa: E731
        event.listen(database.connection, "before_cursor_execute", note)
        try:
            work()
        finally:
            event.remove(database.connection, "before_cursor_execute", note)
        return len(sent)

    return count
