"""Idempotency keys: the first answer is stored with the work, and repeated to whoever asks again with the same key.

The key row is inserted before the work, in the same transaction, so that two requests with one key cannot both run: the
second waits for the first to commit and then finds its answer. Errors roll the key back; they may be tried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from flask import Response, make_response, request
from sqlalchemy import LargeBinary, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell import clock, ids
from shopbell.db import TenantBase, table
from shopbell.errors import Invalid
from shopbell.http.context import current_principal, current_session, this_request
from shopbell.i18n import gettext as _
from shopbell.prepared import Prepared
from shopbell.text import N_
from shopbell.vault.columns import Sealed
from shopbell.vault.ring import ring

V = TypeVar("V", bound=Callable[..., Any])
HEADER = "Idempotency-Key"
MAX_KEY = 200


class IdempotencyKey(TenantBase):
    """A key somebody used, what they asked, and the answer they got, which is sealed: it tells of a customer."""

    __tablename__ = "idempotency_keys"

    id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    status: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


ANSWER = Sealed("idempotency_keys", "body", encode=bytes.decode, decode=str.encode)
SEALED = (ANSWER,)
COLUMNS = (
    IdempotencyKey.id,
    IdempotencyKey.fingerprint,
    IdempotencyKey.status,
    IdempotencyKey.body,
    IdempotencyKey.body_sealed,
)


class Kept(NamedTuple):
    """What somebody asked, and was answered."""

    fingerprint: bytes
    status: int
    body: bytes


RESERVE = Prepared(insert(table(IdempotencyKey)).on_conflict_do_nothing().returning(IdempotencyKey.key))
KEEP = Prepared(
    update(table(IdempotencyKey)).where(IdempotencyKey.caller == bindparam("c"), IdempotencyKey.key == bindparam("k"))
)


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    title = N_("This Idempotency-Key belongs to a different request")


class BadKey(Invalid):
    code = "idempotency_key_invalid"
    title = N_("The Idempotency-Key is not usable")


def idempotent(view: V) -> V:
    """Let a client repeat this view safely by sending an Idempotency-Key header (1-200 printable characters)."""

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return view(*args, **kwargs)
        if not 1 <= len(key) <= MAX_KEY or not key.isprintable():
            raise BadKey(
                _("Send 1 to %(most)s printable characters, for example a UUID.", most=MAX_KEY),
                fields={HEADER: _("1 to %(most)s characters", most=MAX_KEY)},
            )
        session, caller = current_session(), caller_name()
        row = reserve(session, caller, key)
        if row is None:
            return stored_answer(session, caller, key)
        response = make_response(view(*args, **kwargs))
        keep(session, row, caller, key, response)
        return response

    once.idempotent = True  # type: ignore[attr-defined]
    return once  # type: ignore[return-value]


def caller_name() -> str:
    principal = current_principal()
    own = f"{principal.kind}:{principal.id}"
    return f"{own}:{principal.behalf_id}" if principal.behalf_id else own


def fingerprint() -> bytes:
    """What makes two requests the same: method, path and body."""
    asked = this_request()
    digest = hashlib.sha256(f"{asked.method} {asked.full_path}\n".encode())
    digest.update(asked.get_data(cache=True))
    return digest.digest()


def reserve(session: Session, caller: str, key: str) -> UUID | None:
    """The row that the answer is to be kept in, or None when there is one. Who has the key waits for us to commit."""
    row = ids.uuid7()
    values = {"id": row, "caller": caller, "key": key, "fingerprint": fingerprint(), "created_at": clock.now()}
    return row if RESERVE.run(session, values) else None


def stored_answer(session: Session, caller: str, key: str) -> Response:
    found = kept(session, caller, key)
    if found.fingerprint != fingerprint():
        raise KeyReused(_("Use a new key for a new request."))
    response = Response(found.body, found.status, mimetype="application/json")
    response.headers["Idempotent-Replay"] = "true"
    return response


def kept(session: Session, caller: str, key: str) -> Kept:
    row = session.execute(select(*COLUMNS).where(IdempotencyKey.caller == caller, IdempotencyKey.key == key)).one()
    body = ring(session).value(ANSWER, row.id, row.body, row.body_sealed)
    return Kept(row.fingerprint, row.status or 200, body or b"")


def keep(session: Session, row: UUID, caller: str, key: str, response: Response) -> None:
    answer = ring(session).form(ANSWER, row, response.get_data())
    KEEP.run(session, {"c": caller, "k": key, "status": response.status_code, **answer})
