"""Codes that somebody's phone makes (RFC 6238), and those on paper for when the phone is gone."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.access import errors, rules
from blueprints.access.models import RecoveryCode, Totp
from blueprints.access.service import passwords, records
from shopbell import runtime
from shopbell.crypto import BadToken, Sealer
from shopbell.i18n import gettext as _

PURPOSE = "access.totp"
PLACES = "23456789"
"""Where a recovery code stands among the eight: its first character, so that one hash is compared and not eight."""


def is_on(session: Session, user_id: UUID) -> bool:
    statement = select(Totp.user_id).where(Totp.user_id == user_id, Totp.confirmed_at.is_not(None))
    return session.scalar(statement) is not None


def offer(session: Session, user_id: UUID, *, at: datetime) -> str:
    """The secret to put into a phone: the same until a first code has been shown. Raises TotpAlreadyOn."""
    row = session.execute(select(Totp.secret, Totp.confirmed_at).where(Totp.user_id == user_id)).first()
    if row is None:
        fresh = _sealer().seal(_context(user_id), new_secret())
        session.execute(insert(Totp).values(user_id=user_id, secret=fresh, created_at=at).on_conflict_do_nothing())
        row = session.execute(select(Totp.secret, Totp.confirmed_at).where(Totp.user_id == user_id)).one()
    if row.confirmed_at is not None:
        raise errors.TotpAlreadyOn()
    secret = _readable(user_id, row.secret)
    if secret is None:
        session.execute(delete(Totp).where(Totp.user_id == user_id))
        return offer(session, user_id, at=at)
    return secret


def address(secret: str, email: str, chain: str) -> str:
    """The otpauth: address that phones read from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=chain)


def fitting_step(secret: str, code: str, *, after: int, at: datetime) -> int | None:
    """The half minute whose code this is: now, the one before or the one after it, and later than `after`; or None."""
    maker = pyotp.TOTP(secret)
    now = maker.timecode(at)
    fitting = [step for step in (now - 1, now, now + 1) if _same(maker.generate_otp(step), code)]
    return fitting[0] if fitting and fitting[0] > after else None


def new_secret() -> str:
    return pyotp.random_base32()


def fresh_recovery_codes() -> list[str]:
    """One for each place, as they are hashed."""
    return [place + "".join(secrets.choice(rules.CODE_LETTERS) for _ in range(9)) for place in PLACES]


def as_written(code: str) -> str:
    """A recovery code as people read it."""
    return f"{code[:5]}-{code[5:]}"


def as_typed(text: str) -> str:
    """A code of either kind, without what people put between its signs."""
    return "".join(text.replace("\x00", "").split()).replace("-", "").lower()


def is_phones(code: str) -> bool:
    """Whether it looks like a phone's code, and not like one on paper."""
    return code.isascii() and code.isdigit() and len(code) == rules.TOTP_DIGITS


def switch_on(session: Session, user_id: UUID, code: str, *, at: datetime) -> list[str]:
    """Ask for codes from now on; returns the recovery codes, which cannot be shown again. Raises BadCode."""
    offer(session, user_id, at=at)
    if not _take(session, user_id, code, at=at):
        raise _bad_code()
    session.execute(update(Totp).where(Totp.user_id == user_id).values(confirmed_at=at))
    records.note(session, user_id, "totp_on", by=user_id)
    return renew_recovery_codes(session, user_id)


def switch_off(session: Session, user_id: UUID, *, by: UUID | None) -> None:
    """Ask for no code any more, and forget the recovery codes. May be repeated."""
    gone = session.scalar(delete(Totp).where(Totp.user_id == user_id).returning(Totp.user_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    if gone is not None:
        records.note(session, user_id, "totp_off" if by == user_id else "totp_reset", by=by)


def accepts(session: Session, user_id: UUID, code: str, *, at: datetime) -> bool:
    """Whether a code opens the account; it never does a second time. Takes codes of a phone and recovery codes."""
    plain = as_typed(code)
    if is_phones(plain):
        return _take(session, user_id, plain, at=at, confirmed=True)
    return _spend(session, user_id, plain)


def renew_recovery_codes(session: Session, user_id: UUID) -> list[str]:
    """Fresh recovery codes; the old ones are worth nothing from now on."""
    codes = fresh_recovery_codes()
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    rows = [{"user_id": user_id, "place": code[0], "code_hash": passwords.rehashed(code)} for code in codes]
    session.execute(insert(RecoveryCode), rows)
    records.note(session, user_id, "recovery_codes", by=user_id)
    return [as_written(code) for code in codes]


def left(session: Session, user_id: UUID) -> int:
    """How many recovery codes have not been used."""
    return len(session.scalars(select(RecoveryCode.place).where(RecoveryCode.user_id == user_id)).all())


def _take(session: Session, user_id: UUID, code: str, *, at: datetime, confirmed: bool = False) -> bool:
    """Whether it is the code of now, of the half minute before or of the one after, and none that was taken."""
    statement = select(Totp.secret, Totp.last_step).where(Totp.user_id == user_id)
    if confirmed:
        statement = statement.where(Totp.confirmed_at.is_not(None))
    row = session.execute(statement.with_for_update()).first()
    secret = _readable(user_id, row.secret) if row else None
    if row is None or secret is None:
        return False
    step = fitting_step(secret, code, after=row.last_step, at=at)
    if step is None:
        return False
    session.execute(update(Totp).where(Totp.user_id == user_id).values(last_step=step))
    return True


def _spend(session: Session, user_id: UUID, code: str) -> bool:
    one = (RecoveryCode.user_id == user_id, RecoveryCode.place == code[:1])
    stored = session.scalar(select(RecoveryCode.code_hash).where(*one).with_for_update())
    if not passwords.matches(stored, code):
        return False
    session.execute(delete(RecoveryCode).where(*one))
    records.note(session, user_id, "recovery_code_used", by=user_id)
    return True


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode("utf-8", "replace"))


def _bad_code() -> errors.BadCode:
    sentence = _("This code is not the right one. Type the six digits that your phone shows now.")
    return errors.BadCode(sentence, fields={"code": sentence})


def _readable(user_id: UUID, sealed: str) -> str | None:
    """None for what was sealed elsewhere, say in an installation that the chain moved away from."""
    try:
        return _sealer().open(_context(user_id), sealed)
    except BadToken:
        return None


def _sealer() -> Sealer:
    return runtime.sealer(PURPOSE)


def _context(user_id: UUID) -> str:
    """A sealed secret moved to another row opens nothing."""
    return str(user_id)
