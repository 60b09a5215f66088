"""What operators do with their own account. Whoever finds a browser signed in still has to know the password, or have
the phone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.operator import errors, rules
from blueprints.operator.models import Operator, OperatorSession
from blueprints.operator.service import accounts, codes, records
from blueprints.operator.service.records import Author
from blueprints.operator.service.throttle import THROTTLE
from shopbell import crypto, runtime
from shopbell.crypto import BadToken, Sealer
from shopbell.i18n import gettext as _
from shopbell.throttle import Guesser, subject

Proof = bool | timedelta
"""Whether it was right, or how long to wait before one more guess. An answer: the wrong guess it counts is kept."""


def account(directory: Session, by: Author) -> Operator:
    """Whoever is signed in, held until the transaction ends. Raises UnknownOperator."""
    found = directory.scalar(select(Operator).where(Operator.id == by.id).with_for_update())
    if found is None:
        raise errors.UnknownOperator
    return found


def knows_password(directory: Session, found: Operator, password: str, *, factor: int, at: datetime) -> Proof:
    who = Guesser(subject("own password", found.email))
    return THROTTLE.guess(
        directory, who, lambda: access.password_matches(found.password_hash, password), factor=factor, at=at
    )


def has_code(directory: Session, found: Operator, code: str, *, by: Author, factor: int, at: datetime) -> Proof:
    """Whether it is a code of their phone or on paper; it is used up by that."""
    who = Guesser(subject("own code", found.email))
    return THROTTLE.guess(directory, who, lambda: codes.accepts(directory, found, code, by=by), factor=factor, at=at)


def change_password(directory: Session, found: Operator, password: str, here: str, *, by: Author) -> None:
    """All sessions but the one `here` end. Raises WeakPassword."""
    found.password_hash = access.hashed_password(password, found.email)
    end_others(directory, found.id, here)
    records.note(directory, by, "password")


def offer_phone(found: Operator, *, at: datetime) -> tuple[str, str]:
    """The secret for another phone, and the ticket that proves for a while that it was offered to this operator."""
    secret = access.new_secret()
    return secret, _sealer().seal(str(found.id), f"{secret} {(at + rules.STEP_LIFE).isoformat()}")


def offered(found: Operator, ticket: str, *, at: datetime) -> str:
    """The secret of a ticket. Raises PhoneNotOffered for one that is over or was not made for them."""
    try:
        secret, _blank, until = _sealer().open(str(found.id), ticket).partition(" ")
    except BadToken:
        raise errors.PhoneNotOffered from None
    if at >= datetime.fromisoformat(until):
        raise errors.PhoneNotOffered
    return secret


def change_phone(
    directory: Session, found: Operator, secret: str, code: str, here: str, *, by: Author, at: datetime
) -> list[str]:
    """Codes come from the other phone from now on: it has shown one. Returns new recovery codes; all sessions but the
    one `here` end. Raises BadCode."""
    step = access.fitting_step(secret, access.as_typed(code), after=0, at=at)
    if step is None:
        sentence = _("This code is not the right one. Type the six digits that your phone shows now.")
        raise errors.BadCode(sentence, fields={"code": sentence})
    found.totp_secret, found.totp_confirmed_at, found.last_step = accounts.sealed(found.id, secret), at, step
    end_others(directory, found.id, here)
    records.note(directory, by, "phone")
    return codes.renew_recovery_codes(directory, found, by=by)


def end_session(directory: Session, session_id: UUID, *, by: Author) -> None:
    """End one of their sessions. Raises UnknownSession."""
    mine = OperatorSession.id == session_id, OperatorSession.operator_id == by.id
    if directory.scalar(delete(OperatorSession).where(*mine).returning(OperatorSession.id)) is None:
        raise errors.UnknownSession
    records.note(directory, by, "sessions")


def end_others(directory: Session, operator_id: UUID, here: str) -> int:
    """End all sessions but the one whose token is `here`; says how many there were."""
    others = OperatorSession.operator_id == operator_id, OperatorSession.token_hash != crypto.hash_token(here)
    ended = delete(OperatorSession).where(*others, OperatorSession.proved_at.is_not(None))
    return len(directory.scalars(ended.returning(OperatorSession.id)).all())


def _sealer() -> Sealer:
    return runtime.sealer("operator.new_phone")
