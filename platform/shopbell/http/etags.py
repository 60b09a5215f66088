"""Entity tags of the API (RFC 9110): whoever read something is told that it is still the same, and can have a change
made only if it is.

A tag is a digest of the answer, so that no row needs a version and nothing is forgotten that an answer shows. Whoever
sends none pays nothing but the digest, and free times and the board, which nobody asks for twice, not even that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Request, Response, jsonify, request
from marshmallow import Schema
from sqlalchemy import select

from shopbell.db import TenantBase, table
from shopbell.errors import DomainError
from shopbell.http.context import application, current_session, this_request
from shopbell.i18n import gettext as _
from shopbell.text import N_

V = TypeVar("V", bound=Callable[..., Any])
HEADER = "If-Match"
READING = {"GET", "HEAD"}


class ChangedMeanwhile(DomainError):
    status = 412
    code = "changed_meanwhile"
    title = N_("This has been changed meanwhile")


def untagged(view: V) -> V:
    """The answer is large, and another one nearly each time that it is asked for."""
    view.untagged = True  # type: ignore[attr-defined]
    return view


def if_match(model: type[TenantBase], show: Callable[[UUID], Any], schema: type[Schema]) -> Callable[[V], V]:
    """Let a client say in If-Match which state of one row its change is meant for. Goes below @permit.

    `show` gives what the row's own address answers with, in the same `schema`. Raises ChangedMeanwhile; and what `show`
    raises when there is no such row for this person. The row stays locked until the transaction ends.
    """

    def decorate(view: V) -> V:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if HEADER in request.headers:
                (row_id,) = (request.view_args or {}).values()
                refuse_changed(model, row_id, lambda: schema().dump(show(row_id)))
            return view(*args, **kwargs)

        checked.if_match = True  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def refuse_changed(model: type[TenantBase], row_id: UUID, shown: Callable[[], Any]) -> None:
    """Raises ChangedMeanwhile."""
    columns = table(model).c
    current_session().execute(select(columns.id).where(columns.id == row_id).with_for_update())
    etag = digest(jsonify(shown()))
    # A proxy that packs answers makes our tags weak ones.
    if not request.if_match.contains_weak(etag):
        raise ChangedMeanwhile(_("Read it again, and decide whether the change is still wanted."), etag=f'"{etag}"')


def digest(response: Response) -> str:
    return hashlib.blake2b(response.get_data(), digest_size=12).hexdigest()


def tag(response: Response) -> Response:
    """Give an answer of the API its tag, or say that whoever asks has it already."""
    asked = this_request()
    if response.status_code != 200 or response.mimetype != "application/json" or not asked.path.startswith("/api/"):
        return response
    view, reading = _view(asked), asked.method in READING
    if getattr(view, "untagged", False) or not (reading or getattr(view, "if_match", False)):
        return response
    etag = digest(response)
    response.set_etag(etag)
    if reading and asked.if_none_match.contains_weak(etag):
        response.status_code = 304
    return response


def _view(asked: Request) -> Any:
    view_class = getattr(application().view_functions.get(asked.endpoint or ""), "view_class", None)
    return getattr(view_class, "get" if asked.method in READING else asked.method.lower(), None)
