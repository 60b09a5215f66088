"""Accounts of operators: made, given a new password, closed. On the command line, by whoever holds the machine."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.operator import errors, rules
from blueprints.operator.models import Operator, OperatorRecoveryCode, OperatorSession
from blueprints.operator.service import records
from blueprints.operator.service.records import Author
from shopbell import clock, ids, runtime
from shopbell.crypto import Sealer
from shopbell.text import clean_name

PASSWORD_BYTES = 15


def create(directory: Session, email: str, name: str, role: str, *, by: Author) -> str:
    """Open an account and return its password, which cannot be shown again; the phone is set up at the first sign-in.

    Raises BadOperator, OperatorExists.
    """
    address, shown = access.account_email(email), clean_name(name)
    if address is None:
        raise errors.BadOperator(f"{email!r} is not an e-mail address.", fields={"email": "such as an@example.com"})
    if not shown or len(shown) > rules.LONGEST_NAME or role not in rules.ROLES:
        raise errors.BadOperator(f"An operator needs a name of at most {rules.LONGEST_NAME} characters and a role.")
    if directory.scalar(select(Operator.id).where(Operator.email == address)):
        raise errors.OperatorExists(f"{address} is an operator already.")
    operator_id, password = ids.uuid7(), secrets.token_urlsafe(PASSWORD_BYTES)
    directory.add(
        Operator(
            id=operator_id,
            email=address,
            name=shown,
            role=role,
            password_hash=access.hashed_password(password, address),
            totp_secret=sealed(operator_id, access.new_secret()),
            created_at=clock.now(),
        )
    )
    directory.flush()
    records.note(directory, by, "operator.created", account=address, role=role)
    return password


def reset(directory: Session, email: str, *, by: Author) -> str:
    """A new password, and a phone that is set up anew; all sessions end. Raises UnknownOperator."""
    found = _known(directory, email)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    found.password_hash = access.hashed_password(password, found.email)
    found.totp_secret, found.totp_confirmed_at, found.last_step = sealed(found.id, access.new_secret()), None, 0
    directory.execute(delete(OperatorRecoveryCode).where(OperatorRecoveryCode.operator_id == found.id))
    _end_sessions(directory, found.id)
    records.note(directory, by, "operator.reset", account=found.email)
    return password


def set_active(directory: Session, email: str, active: bool, *, by: Author) -> None:
    """Close an account, which ends its sessions, or open it again. May be repeated. Raises UnknownOperator."""
    found = _known(directory, email)
    if found.active == active:
        return
    found.active = active
    if not active:
        _end_sessions(directory, found.id)
    records.note(directory, by, "operator.opened" if active else "operator.closed", account=found.email)


def all_of_them(directory: Session) -> list[Operator]:
    return list(directory.scalars(select(Operator).order_by(Operator.email)))


def reseal(directory: Session) -> int:
    """Seal by the secret key what operators' phones have. Returns how much it was; may be repeated."""
    fresh = [(found, _sealer().renewed(str(found.id), found.totp_secret)) for found in all_of_them(directory)]
    for found, secret in fresh:
        found.totp_secret = secret or found.totp_secret
    return sum(secret is not None for _found, secret in fresh)


def sealed(operator_id: UUID, secret: str) -> str:
    """A secret as it is kept: moved to another row it opens nothing."""
    return _sealer().seal(str(operator_id), secret)


def opened(found: Operator) -> str:
    """The secret that the operator's phone makes codes from. Raises BadToken for what was sealed elsewhere."""
    return _sealer().open(str(found.id), found.totp_secret)


def _sealer() -> Sealer:
    return runtime.sealer("operator.totp")


def _known(directory: Session, email: str) -> Operator:
    found = directory.scalar(select(Operator).where(Operator.email == access.account_email(email)).with_for_update())
    if found is None:
        raise errors.UnknownOperator(f"{email} is no operator.")
    return found


def _end_sessions(directory: Session, operator_id: UUID) -> None:
    directory.execute(delete(OperatorSession).where(OperatorSession.operator_id == operator_id))
