"""Errors as RFC 9457 problem documents, for the API, and what a page needs to show them."""

from __future__ import annotations

import json
import logging
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException

from shopbell import ids
from shopbell.errors import DomainError
from shopbell.http.sentences import said
from shopbell.i18n import gettext as _
from shopbell.logs import discreet

log = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    412: "precondition_failed",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
}


def wants_document() -> bool:
    """API and token requests get documents; people get pages."""
    return request.path.startswith(("/api/", "/oauth/", "/healthz", "/readyz", "/hooks/"))


def problem(status: int, code: str, title: str, detail: str = "", **members: Any) -> Response:
    """A problem document. `code` is stable; `fields` maps an input field to what would be right."""
    body = {"type": "about:blank", "status": status, "code": code, "title": title, "detail": detail or title, **members}
    # Half a surrogate pair, which a client may have sent as a field's name, is written as JSON writes it.
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
    return Response(text, status, mimetype="application/problem+json")


def from_domain(error: DomainError) -> Response:
    members = dict(error.extra)
    if error.fields:
        members["fields"] = error.fields
    title = _(error.title)
    detail = error.detail if error.detail != error.title else title
    response = problem(error.status, error.code, title, detail, **members)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="shopbell"'
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def from_http(error: HTTPException) -> Response:
    """Werkzeug's and webargs' errors; the latter carry a message per field."""
    status = error.code or 500
    messages = getattr(error, "data", {}).get("messages") if isinstance(getattr(error, "data", None), dict) else None
    fields = flat_fields(messages) if messages else {}
    detail = "; ".join(f"{name}: {text}" for name, text in fields.items()) or (error.description or error.name)
    members: dict[str, Any] = {"fields": fields} if fields else {}
    response = problem(status, CODES.get(status, error.name.lower().replace(" ", "_")), error.name, detail, **members)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def flat_fields(messages: Any, prefix: str = "") -> dict[str, str]:
    """marshmallow's nested messages as {"customer.phone": "sentence"}; webargs' location level is left out."""
    if isinstance(messages, list):
        return {prefix or "body": " ".join(said(message) for message in messages)}
    if not isinstance(messages, dict):
        return {prefix or "body": said(messages)}
    flat: dict[str, str] = {}
    for name, inner in messages.items():
        location = not prefix and name in {"json", "query", "form", "headers"}
        path = "" if location or (name == "_schema" and not prefix) else (f"{prefix}.{name}" if prefix else str(name))
        flat.update(flat_fields(inner, path))
    return flat


def unexpected(error: BaseException) -> str:
    """Log what nobody foresaw under an id, and return the id: it is all that a person is shown."""
    incident = str(ids.uuid7())
    log.error("unexpected error %s on %s %s", incident, request.method, discreet(request.path), exc_info=error)
    return incident
