"""Operators' accounts are made, renewed, closed and listed on the command line, and that is written down too."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select

from blueprints.operator.models import Operator, OperatorRecord
from infra.cli import main
from shopbell import runtime

EMAIL = "root@example.com"


@pytest.fixture
def type_in(migrated, settings, committed):
    """Types a command of operators in and returns (exit code, output)."""

    def run(*words: str) -> tuple[int, str]:
        environment = {"DATABASE_URL": migrated, "REDIS_URL": settings.redis_url}
        done = CliRunner().invoke(main, ["operators", *words], env=environment)
        return done.exit_code, done.output

    yield run
    runtime.install(settings)
    with committed.transaction(None) as directory:
        directory.execute(delete(Operator))
        directory.execute(delete(OperatorRecord))


def test_an_account_is_made_renewed_closed_and_opened_and_each_is_on_record(type_in, committed):
    code, said = type_in("create", EMAIL, "--name", "Root")
    assert code == 0
    assert said.startswith(f"Sign in at http://admin.localhost:8000/sign-in as {EMAIL} with ")
    code, again = type_in("reset", EMAIL)
    assert code == 0
    assert said.split()[-1] != again.split()[-1]
    for command in ("close", "open"):
        assert type_in(command, EMAIL)[0] == 0
    assert EMAIL in type_in("list")[1]
    with committed.transaction(None) as directory:
        rows = directory.execute(select(OperatorRecord.what, OperatorRecord.operator_id).order_by(OperatorRecord.id))
        done = [tuple(row) for row in rows]
    assert done == [
        ("operator.created", None),
        ("operator.reset", None),
        ("operator.closed", None),
        ("operator.opened", None),
    ]


def test_what_cannot_be_is_refused_in_a_sentence(type_in):
    assert type_in("create", "nobody", "--name", "X") == (1, "Error: 'nobody' is not an e-mail address.\n")
    assert type_in("reset", "nobody@example.com") == (1, "Error: nobody@example.com is no operator.\n")
