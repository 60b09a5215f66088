"""Accounts are opened, given new passwords, and closed."""

from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import errors, queries, service
from blueprints.access.models import User, UserSession
from blueprints.access.service import Browser, Origin, passwords, sessions
from shopbell import clock, ids
from tests.access.conftest import EMAIL, PASSWORD
from tests.support.world import Shop


def passes(session: Session, password: str, address: str = "10.0.0.1") -> bool:
    outcome = service.sign_in(session, EMAIL, password, browser=Browser(Origin(address)), factor=1, at=clock.now())
    return isinstance(outcome, service.SignedIn)


def test_outside_tests_a_hash_takes_the_effort_that_is_advised() -> None:
    """OWASP, password storage: argon2id with 19 MiB, two passes, one lane at least."""
    for environment in ("development", "production"):
        found = passwords.hasher(environment)
        assert (found.memory_cost, found.time_cost, found.parallelism) >= (19 * 1024, 2, 1)


def test_a_password_is_stored_as_an_argon2id_hash_only(session: Session, an: UUID) -> None:
    stored = session.scalar(select(User.password_hash).where(User.id == an))
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_an_address_belongs_to_one_account_however_it_is_written(session: Session, an: UUID) -> None:
    with pytest.raises(errors.EmailTaken) as refused:
        service.create_user(session, f" {EMAIL.upper()} ", "another password", "An", "hq")
    assert set(refused.value.fields) == {"email"}
    assert [account.id for account in queries.list_users(session, limit=100)] == [an]


@pytest.mark.parametrize("password", ["short", "x" * 257, "an@example.com", "AN@example.com"])
def test_a_weak_password_opens_no_account(session: Session, password: str) -> None:
    with pytest.raises(errors.WeakPassword) as refused:
        service.create_user(session, EMAIL, password, "An", "hq")
    assert set(refused.value.fields) == {"password"}
    assert session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize(("name", "role", "locale"), [("", "hq", None), ("An", "owner", None), ("An", "hq", "fr")])
def test_an_account_needs_a_name_a_role_and_a_known_language(
    session: Session, name: str, role: str, locale: str | None
) -> None:
    with pytest.raises(errors.BadAccount):
        service.create_user(session, EMAIL, PASSWORD, name, role, (), locale)


def test_branches_limit_a_manager_and_never_hq(session: Session, shop: Shop) -> None:
    branch = shop.branch_id
    service.create_user(session, "m@example.com", PASSWORD, "M", "manager", [branch])
    service.create_user(session, "n@example.com", PASSWORD, "N", "manager")
    service.create_user(session, "o@example.com", PASSWORD, "O", "hq", [branch])
    places = {
        account.name: [role.branch_id for role in account.roles] for account in queries.list_users(session, limit=100)
    }
    assert places == {"M": [branch], "N": [None], "O": [None]}


def test_the_same_password_passes_whichever_way_its_accents_were_typed(session: Session) -> None:
    service.create_user(session, EMAIL, "cà phê sữa đá", "An", "hq")
    assert passes(session, "cà phê sữa đá")


def test_a_new_password_ends_every_session(session: Session, an: UUID) -> None:
    account = queries.list_users(session, limit=100)[0]
    tokens = [sessions.start(session, account, at=clock.now()) for _ in range(2)]
    service.set_password(session, an, "coffee without milk")
    assert [service.resume(session, token, at=clock.now()) for token in tokens] == [None, None]
    assert session.scalar(select(func.count()).select_from(UserSession)) == 0
    assert not passes(session, PASSWORD)
    assert passes(session, "coffee without milk")


def test_a_closed_account_is_out_and_stays_out_until_it_is_opened(session: Session, an: UUID) -> None:
    token = sessions.start(session, queries.list_users(session, limit=100)[0], at=clock.now())
    service.set_active(session, an, False)
    service.set_active(session, an, False)
    assert service.resume(session, token, at=clock.now()) is None
    assert not passes(session, PASSWORD)
    service.set_active(session, an, True)
    assert passes(session, PASSWORD)


def test_an_account_nobody_has_cannot_be_changed(session: Session) -> None:
    with pytest.raises(errors.UnknownUser):
        service.set_password(session, ids.uuid7(), PASSWORD)
    with pytest.raises(errors.UnknownUser):
        service.set_active(session, ids.uuid7(), False)
