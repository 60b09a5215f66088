"""Shared devices of a branch, and the PINs that staff use there to take over from each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.access import errors, queries, rules
from blueprints.access.models import DeskDevice, StaffPin, User, UserSession
from blueprints.access.queries import ACCOUNT, Account, account_of
from blueprints.access.service import admission, passwords, records
from blueprints.access.service.entering import Browser, Refused, SignedIn, Wait
from blueprints.access.service.sessions import Desk, Origin, sign_out, start
from blueprints.access.service.throttle import THROTTLE
from blueprints.catalog import api as catalog
from shopbell import clock, crypto, ids
from shopbell.auth import Permissions
from shopbell.i18n import gettext as _
from shopbell.text import clean_name
from shopbell.throttle import Guesser, subject

WORK = "frontdesk.use"
"""Whoever holds it at the branch can be at its desk."""
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Device:
    """A registered device as its branch sees it."""

    id: UUID
    branch_id: UUID
    name: str
    registered_by: UUID | None
    registered_at: datetime
    last_seen_at: datetime
    address: str


DEVICE = (
    DeskDevice.id,
    DeskDevice.branch_id,
    DeskDevice.name,
    DeskDevice.registered_by,
    DeskDevice.registered_at,
    DeskDevice.last_seen_at,
    DeskDevice.address,
)


def register(session: Session, branch_id: UUID, name: str, *, by: UUID | None, origin: Origin, at: datetime) -> str:
    """Let this browser be a shared device of the branch; returns the token for its cookie. Raises BadDevice."""
    shown = clean_name(name)
    if not shown or len(shown) > rules.LONGEST_NAME:
        sentence = _("Enter a name of at most %(n)s characters.", n=rules.LONGEST_NAME)
        raise errors.BadDevice(sentence, fields={"name": sentence})
    token = crypto.new_token()
    device = DeskDevice(id=ids.uuid7(), branch_id=branch_id, name=shown, token_hash=crypto.hash_token(token))
    device.registered_by, device.registered_at, device.last_seen_at = by, at, at
    device.address = origin.address
    session.add(device)
    session.flush()
    return token


def recognise(session: Session, token: str | None, *, address: str, at: datetime) -> Device | None:
    """The registered device whose cookie this is, unless it was revoked."""
    if not token:
        return None
    wanted = (DeskDevice.token_hash == crypto.hash_token(token), DeskDevice.revoked_at.is_(None))
    row = session.execute(select(*DEVICE).where(*wanted)).first()
    if row is None:
        return None
    if row.last_seen_at <= at - SEEN_EVERY:
        session.execute(update(DeskDevice).where(*wanted).values(last_seen_at=at, address=address))
    return Device(*row)


def devices(session: Session, branch_ids: frozenset[UUID] | None) -> list[Device]:
    """The devices in use at these branches; None means at all of them."""
    statement = select(*DEVICE).where(DeskDevice.revoked_at.is_(None)).order_by(DeskDevice.name, DeskDevice.id)
    if branch_ids is not None:
        statement = statement.where(DeskDevice.branch_id.in_(branch_ids))
    return [Device(*row) for row in session.execute(statement)]


def device(session: Session, device_id: UUID) -> Device:
    """Raises UnknownDevice."""
    row = session.execute(select(*DEVICE).where(DeskDevice.id == device_id)).first()
    if row is None:
        raise errors.UnknownDevice()
    return Device(*row)


def revoke(session: Session, device_id: UUID, *, at: datetime) -> None:
    """No PIN works there any more, and whoever is signed in there by PIN is out. May be repeated."""
    in_use = update(DeskDevice).where(DeskDevice.id == device_id, DeskDevice.revoked_at.is_(None))
    session.execute(in_use.values(revoked_at=at))
    session.execute(delete(UserSession).where(UserSession.device_id == device_id))


def set_pin(session: Session, user_id: UUID, pin: str, *, at: datetime) -> None:
    """Six digits, none of those that everybody tries. Raises BadPin."""
    if not rules.is_pin(pin):
        sentence = _("Use six digits, not all the same and not in a row.")
        raise errors.BadPin(sentence, fields={"pin": sentence})
    values = {"pin_hash": passwords.rehashed(pin), "set_at": at}
    statement = insert(StaffPin).values(user_id=user_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[StaffPin.user_id], set_=values))
    records.note(session, user_id, "pin", by=user_id)


def remove_pin(session: Session, user_id: UUID) -> None:
    """And end what was opened with it. May be repeated."""
    gone = session.scalar(delete(StaffPin).where(StaffPin.user_id == user_id).returning(StaffPin.user_id))
    session.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.device_id.is_not(None)))
    if gone is not None:
        records.note(session, user_id, "pin_off", by=user_id)


def has_pin(session: Session, user_id: UUID) -> bool:
    return session.scalar(select(StaffPin.user_id).where(StaffPin.user_id == user_id)) is not None


def people(session: Session, branch_id: UUID, known: Permissions) -> list[Account]:
    """Who can take over at the branch's device by PIN, by name."""
    statement = select(*ACCOUNT).join(StaffPin, StaffPin.user_id == User.id)
    statement = statement.where(User.active, admission.vouched(clock.now()))
    found = [account_of(row) for row in session.execute(statement.order_by(User.name, User.id))]
    region_id = catalog.region_of(session, branch_id)
    return [account for account in found if _works_there(account, branch_id, region_id, known)]


def enter(
    session: Session,
    at_device: Device,
    user_id: UUID,
    pin: str,
    *,
    known: Permissions,
    browser: Browser,
    factor: int,
    at: datetime,
) -> SignedIn | Refused | Wait:
    """Take over at a shared device. Wrong PINs count for this person at this device, and for nobody else.

    A refusal is an answer, not an error: the failed attempt it counts must be committed. Raises UnknownUser for
    somebody who cannot be at this desk.
    """
    account = next((each for each in people(session, at_device.branch_id, known) if each.id == user_id), None)
    if account is None:
        raise errors.UnknownUser()
    who = Guesser(subject("pin", f"{user_id} {at_device.id}"))
    waiting = THROTTLE.wait(session, who, factor=factor, at=at, tries=rules.TRIES_PER_PIN)
    if waiting is not None:
        return Wait(waiting)
    stored = session.scalar(select(StaffPin.pin_hash).where(StaffPin.user_id == user_id))
    if not passwords.matches(stored, pin):
        THROTTLE.record_failure(session, who, at=at)
        return Refused()
    THROTTLE.forget(session, who.subject)
    if browser.session:
        sign_out(session, browser.session)
    seat = Desk(at_device.id, at_device.branch_id)
    return SignedIn(account, start(session, account, at=at, origin=browser.origin, desk=seat), "")


def _works_there(account: Account, branch_id: UUID, region_id: UUID | None, known: Permissions) -> bool:
    return any(
        role.chain_wide or role.branch_id == branch_id or (role.region_id is not None and role.region_id == region_id)
        for role in account.roles
        if WORK in queries.permissions_of(role, known)
    )
