"""Showing that an address is one's own, by a code that was sent there.

Nothing that somebody sees tells whether an address is known: there is a proof for every address that is asked for, the
people behind it are looked for by a worker, and a code that was never sent is as wrong as any other.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blueprints.account import rules
from blueprints.account.models import Proof
from blueprints.account.rules import Address
from blueprints.account.service import confirming, keyed, sessions
from blueprints.crm import api as crm
from blueprints.crm.api import Contact
from blueprints.messaging import api as messaging
from shopbell import crypto, due, i18n, ids, runtime
from shopbell.crypto import Sealer
from shopbell.phone import masked
from shopbell.tenancy import current_tenant

SEND = "account.send_code"
PATH = "/my/code"


@dataclass(frozen=True)
class CodeWanted:
    """A code is on its way. `second`: the e-mail address was shown, and now the number has to be."""

    channel: str
    shown: str
    second: bool


@dataclass(frozen=True)
class WhoWanted:
    """The address was shown, and these people share it."""

    people: list[Contact]


@dataclass(frozen=True)
class Wrong:
    """The code was not right; so many tries are left."""

    left: int


@dataclass(frozen=True)
class SignedIn:
    """`token` is for the cookie."""

    token: str
    customer_id: UUID


Step = CodeWanted | WhoWanted | Wrong | SignedIn
"""What comes next; None where something takes its place: nothing, it took too long, or there were too many tries."""


def begin(session: Session, address: Address, *, at: datetime) -> str:
    """Have a code sent, if somebody is known by the address. Returns the token for the browser's cookie."""
    token = crypto.new_token()
    proof = Proof(
        id=ids.uuid7(),
        token_hash=crypto.hash_token(token),
        channel=address.channel,
        shown=address.shown,
        created_at=at,
        expires_at=at + rules.CODE_LIFE,
    )
    session.add(proof)
    session.flush()
    _have_sent(session, proof, address.readings, at=at)
    return token


def send(session: Session, proof_id: UUID, payload: dict[str, Any], *, at: datetime) -> None:
    """Make the code and send it to whoever is known by the address. Harmless to repeat."""
    proof = session.get(Proof, proof_id, with_for_update=True)
    if proof is None or proof.code_hash or proof.expires_at <= at:
        return
    people = _people(session, proof, _sealer().open(str(proof_id), payload["to"]).split())
    if not people:
        return
    code = f"{secrets.randbelow(10**rules.DIGITS):0{rules.DIGITS}}"
    proof.customer_ids, proof.code_hash = [one.id for one in people], keyed.hashed(_code(proof_id, code))
    session.flush()
    first = replace(people[0], locale=payload["locale"])
    messaging.tell_code(
        session,
        messaging.CodeNotice(
            subject_id=proof_id,
            contact=replace(first, email=None) if proof.channel == "sms" else replace(first, phone=""),
            shared=len(people) > 1,
            code=code,
            link=runtime.settings().tenant_url(current_tenant().host) + PATH,
            until=proof.expires_at,
        ),
    )


def look(session: Session, token: str | None, *, at: datetime) -> Step | None:
    """What this browser is expected to do next."""
    proof = _open_proof(session, token, at)
    return None if proof is None else _standing(session, proof)


def show(session: Session, token: str | None, code: str, *, agent: str, at: datetime) -> Step | None:
    """Try a code. A right one works once; a wrong one counts."""
    proof = _open_proof(session, token, at)
    if proof is None or proof.proved_at:
        return None if proof is None else _standing(session, proof)
    proof.tries += 1
    if not keyed.fits(_code(proof.id, code), proof.code_hash):
        session.flush()
        return Wrong(rules.MOST_TRIES - proof.tries)
    proof.proved_at, proof.expires_at = at, at + rules.CHOICE_LIFE
    proof.code_hash, proof.tries = None, 0
    session.flush()
    people = _known(session, proof)
    return _go_on(session, proof, people[0], agent=agent, at=at) if len(people) == 1 else _standing(session, proof)


def choose(session: Session, token: str | None, customer_id: UUID | None, *, agent: str, at: datetime) -> Step | None:
    """Say which of the people who share the address one is; anybody else leaves the question open."""
    proof = _open_proof(session, token, at)
    if proof is None:
        return None
    chosen = next((one for one in _known(session, proof) if one.id == customer_id), None)
    if proof.proved_at is None or chosen is None:
        return _standing(session, proof)
    return _go_on(session, proof, chosen, agent=agent, at=at)


def _go_on(session: Session, proof: Proof, person: Contact, *, agent: str, at: datetime) -> Step:
    """Sign them in; whoever showed an e-mail address that is new for them shows their number first, once."""
    if proof.channel == "email" and not confirming.is_confirmed(session, person):
        proof.channel, proof.shown, proof.customer_id = "sms", masked(person.phone), person.id
        proof.email_hash = keyed.hashed(confirming.address(person))
        proof.proved_at, proof.tries, proof.expires_at = None, 0, at + rules.CODE_LIFE
        session.flush()
        _have_sent(session, proof, [person.phone], at=at)
        return CodeWanted("sms", proof.shown, second=True)
    if keyed.fits(confirming.address(person), proof.email_hash):
        confirming.confirm(session, person, at)
    session.execute(delete(Proof).where(Proof.id == proof.id))
    return SignedIn(sessions.start(session, person.id, agent=agent, at=at), person.id)


def _standing(session: Session, proof: Proof) -> Step | None:
    if proof.proved_at:
        people = _known(session, proof)
        return WhoWanted(people) if people else None
    return CodeWanted(proof.channel, proof.shown, second=proof.customer_id is not None)


def _open_proof(session: Session, token: str | None, at: datetime) -> Proof | None:
    """The browser's proof while it can still be shown; guesses sent side by side wait for each other."""
    if not token:
        return None
    statement = select(Proof).where(
        Proof.token_hash == crypto.hash_token(token), Proof.expires_at > at, Proof.tries < rules.MOST_TRIES
    )
    return session.scalars(statement.with_for_update().execution_options(populate_existing=True)).first()


def _have_sent(session: Session, proof: Proof, readings: list[str] | tuple[str, ...], *, at: datetime) -> None:
    payload = {"to": _sealer().seal(str(proof.id), " ".join(readings)), "locale": i18n.current_locale()}
    due.schedule(session, SEND, str(proof.id), at, payload, priority=due.WAITED_FOR)


def _people(session: Session, proof: Proof, readings: list[str]) -> list[Contact]:
    """Who is known by the address, in the first reading by which anybody is."""
    if proof.customer_id is not None:
        return list(crm.contacts(session, [proof.customer_id]).values())
    find = crm.by_phone if proof.channel == "sms" else crm.by_email
    return next((people for reading in readings if (people := find(session, reading))), [])


def _known(session: Session, proof: Proof) -> list[Contact]:
    found = crm.contacts(session, proof.customer_ids)
    return [found[id_] for id_ in proof.customer_ids if id_ in found]


def _code(proof_id: UUID, code: str) -> str:
    return f"code:{proof_id}:{code}"


def _sealer() -> Sealer:
    return runtime.sealer("account.address")
