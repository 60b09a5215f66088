"""The audit trail at the edge: what members of staff and programs did with a request, written in its transaction."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from flask import Request, g, request

from shopbell import audit
from shopbell.auth import ANYONE
from shopbell.errors import Forbidden
from shopbell.http.context import (
    application,
    client_address,
    current_principal,
    current_session,
    own_host,
    this_g,
    this_request,
)
from shopbell.tenancy import current_tenant

V = TypeVar("V", bound=Callable[..., Any])
SAFE = {"GET", "HEAD", "OPTIONS"}
REMEMBERED = 20_000
SAME_LOOK = 3600.0
"""Seconds for which looking at the same thing again is the same look: a console asks every few seconds."""


class Looks:
    """Who looked at what a moment ago, in the memory of this process. Bounded."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[tuple[Any, ...], float] = OrderedDict()

    def is_new(self, look: tuple[Any, ...]) -> bool:
        """Whether this look has not been noted within the hour; it is noted now."""
        now = time.monotonic()
        with self._lock:
            if self._known.get(look, 0.0) > now:
                return False
            self._known.pop(look, None)
            self._known[look] = now + SAME_LOOK
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return True

    def empty(self) -> None:
        with self._lock:
            self._known.clear()


LOOKS = Looks()


def shows_people(view: V) -> V:
    """The view shows what is personal: reading it is written down too. Goes below @permit."""

    @wraps(view)
    def noted(*args: Any, **kwargs: Any) -> Any:
        g.shows_people = True
        return view(*args, **kwargs)

    return noted  # type: ignore[return-value]


def concerns(*subject_ids: UUID) -> None:
    """Say which rows the request is about, where its address does not."""
    this_g().setdefault("subjects", []).extend(subject_ids)


def looked() -> None:
    """Say that a request changed nothing, though its method could have."""
    g.looked = True


def leave() -> None:
    """Write down what the view that has just returned was used for. Customers leave no trail here: what is theirs is
    in the records they change."""
    asked, carried = this_request(), this_g()
    principal = carried.get("principal", ANYONE)
    if principal.kind == ANYONE.kind or "permitted" not in carried or own_host():
        return
    subjects = _subjects(asked) + carried.get("subjects", [])
    reading = asked.method in SAFE or "looked" in carried
    if reading and not ("shows_people" in carried and LOOKS.is_new(_look(principal.id, subjects))):
        return
    audit.record(
        current_session(),
        principal,
        carried.permitted,
        kind="read" if reading else "change",
        endpoint=asked.endpoint or "",
        address=client_address(),
        subjects=subjects,
    )


def _look(actor_id: UUID | None, subjects: list[UUID]) -> tuple[Any, ...]:
    return current_tenant().id, actor_id, request.endpoint, *subjects, request.args.get("q", "")


def refused(error: Forbidden) -> None:
    """Write down that somebody was not allowed; the request's own transaction is gone by now."""
    principal = current_principal()
    if principal.kind == ANYONE.kind or own_host():
        return
    with application().database.transaction(current_tenant()) as session:
        audit.record(
            session,
            principal,
            str(error.extra.get("needed", "")),
            kind="refused",
            endpoint=request.endpoint or "",
            address=client_address(),
            subjects=_subjects(this_request()),
        )


def _subjects(asked: Request) -> list[UUID]:
    """The rows that the address names."""
    return [value for value in (asked.view_args or {}).values() if isinstance(value, UUID)]
