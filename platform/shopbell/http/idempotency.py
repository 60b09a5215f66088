"""Idempotency keys: the first answer is stored with the work, and repeated to whoever asks again with the same key.

The key row is inserted before the work, in the same transaction, so that two requests with one key cannot both run: the
second waits for the first to commit and then finds its answer. Errors roll the key back; they may be tried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from flask import Response, make_response, request
from sqlalchemy import LargeBinary, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell import clock
from shopbell.db import TenantBase, table
from shopbell.errors import Invalid
from shopbell.http.context import current_principal, current_session
from shopbell.i18n import gettext as _
from shopbell.prepared import Prepared
from shopbell.text import N_

V = TypeVar("V", bound=Callable[..., Any])
HEADER = "Idempotency-Key"
MAX_KEY = 200


class IdempotencyKey(TenantBase):
    """A key somebody used, what they asked, and the answer they got."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    status: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


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
        if not reserve(session, caller, key):
            return stored_answer(session, caller, key)
        response = make_response(view(*args, **kwargs))
        keep(session, caller, key, response)
        return response

    once.idempotent = True  # type: ignore[attr-defined]
    return once  # type: ignore[return-value]


def caller_name() -> str:
    principal = current_principal()
    own = f"{principal.kind}:{principal.id}"
    return f"{own}:{principal.behalf_id}" if principal.behalf_id else own


def fingerprint() -> bytes:
    """What makes two requests the same: method, path and body."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    digest.update(request.get_data(cache=True))
    return digest.digest()


def reserve(session: Session, caller: str, key: str) -> bool:
    values = {"caller": caller, "key": key, "fingerprint": fingerprint(), "created_at": clock.now()}
    return bool(RESERVE.run(session, values))


def stored_answer(session: Session, caller: str, key: str) -> Response:
    columns = select(IdempotencyKey.fingerprint, IdempotencyKey.status, IdempotencyKey.body)
    found = session.execute(columns.where(IdempotencyKey.caller == caller, IdempotencyKey.key == key)).one()
    if found.fingerprint != fingerprint():
        raise KeyReused(_("Use a new key for a new request."))
    response = Response(found.body or b"", found.status or 200, mimetype="application/json")
    response.headers["Idempotent-Replay"] = "true"
    return response


def keep(session: Session, caller: str, key: str, response: Response) -> None:
    KEEP.run(session, {"c": caller, "k": key, "status": response.status_code, "body": response.get_data()})
