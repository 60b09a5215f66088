"""A link for whoever forgot their password. Anybody may ask for it, so nothing they see tells whether there is an
account: it is looked for by a worker, and the answer is the same and takes as long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.access import rules
from blueprints.access.models import User
from blueprints.access.service import admission, links
from blueprints.access.service.throttle import THROTTLE
from shopbell import due
from shopbell.throttle import Guesser, subject

KIND = "access.send_forgotten"


def ask(session: Session, email: str, address: str, *, factor: int, at: datetime) -> timedelta | None:
    """Have a link sent to an account's e-mail address, given in the form it is stored in.

    Returns how long to wait when too many were asked for from this network address. Too many for one account are
    answered like all others, without another link. Counted apart from signing in, which goes on as before.
    """
    network = Guesser(subject("forgotten from", address))
    waiting = THROTTLE.wait(session, network, factor=factor, at=at, tries=rules.FORGOTTEN_PER_ADDRESS)
    if waiting is not None:
        return waiting
    THROTTLE.record_failure(session, network, at=at)
    owner = Guesser(subject("forgotten", email))
    if THROTTLE.wait(session, owner, factor=factor, at=at, tries=rules.FORGOTTEN_PER_ACCOUNT) is None:
        THROTTLE.record_failure(session, owner, at=at)
        due.schedule(session, KIND, owner.subject, at, {"email": email})
    return None


def send(session: Session, email: str, *, at: datetime) -> None:
    """Send the link, if somebody signs in with the address and a password. Links sent before go on working: else any
    stranger could end an invitation by asking for this."""
    reachable = User.email == email, User.active, ~User.email.endswith(rules.NO_MAILBOX, autoescape=True)
    user_id = session.scalar(select(User.id).where(*reachable))
    if user_id is not None and admission.takes_password(session, user_id):
        links.add(session, user_id, "password_forgotten", life=rules.FORGOTTEN_LIFE, by=None, at=at)
