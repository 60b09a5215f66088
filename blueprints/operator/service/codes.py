"""Codes of an operator's phone, and those on paper for when it is gone."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.operator.models import Operator, OperatorRecoveryCode
from blueprints.operator.service import accounts, records
from blueprints.operator.service.records import Author
from shopbell import clock


def accepts(directory: Session, found: Operator, code: str, *, by: Author) -> bool:
    """Whether a code opens the account; it never does a second time. Takes codes of the phone and, once that is set up,
    recovery codes."""
    plain = access.as_typed(code)
    if not access.is_phones(plain):
        return _spend(directory, found, plain, by=by)
    fitting = access.fitting_step(accounts.opened(found), plain, after=found.last_step, at=clock.now())
    if fitting is None:
        return False
    found.last_step = fitting
    directory.flush()
    return True


def renew_recovery_codes(directory: Session, found: Operator, *, by: Author) -> list[str]:
    """Fresh recovery codes, which cannot be shown again; the old ones are worth nothing from now on."""
    directory.execute(delete(OperatorRecoveryCode).where(OperatorRecoveryCode.operator_id == found.id))
    codes = access.fresh_recovery_codes()
    rows = [{"operator_id": found.id, "place": code[0], "code_hash": access.hashed_code(code)} for code in codes]
    directory.execute(insert(OperatorRecoveryCode), rows)
    records.note(directory, by, "recovery_codes")
    return [access.as_written(code) for code in codes]


def left(directory: Session, found: Operator) -> int:
    """How many recovery codes have not been used."""
    places = select(OperatorRecoveryCode.place).where(OperatorRecoveryCode.operator_id == found.id)
    return len(directory.scalars(places).all())


def _spend(directory: Session, found: Operator, code: str, *, by: Author) -> bool:
    one = OperatorRecoveryCode.operator_id == found.id, OperatorRecoveryCode.place == code[:1]
    stored = directory.scalar(select(OperatorRecoveryCode.code_hash).where(*one).with_for_update())
    if not access.password_matches(stored, code):
        return False
    directory.execute(delete(OperatorRecoveryCode).where(*one))
    records.note(directory, by, "recovery_code_used")
    return True
