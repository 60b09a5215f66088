"""Named errors that know their HTTP status.

A service raises one of these; the edge turns it into an RFC 9457 problem document or into a page that keeps what was
typed. `code` is stable and part of the public interface: a client may branch on it, never on the text.
"""

from __future__ import annotations

from typing import Any, ClassVar

from shopbell.text import N_


class DomainError(Exception):
    """Something the business refuses.

    `fields` maps the name of an input field to a sentence saying what would be right; `extra` holds JSON values that
    become members of the problem document (a lost race carries its `alternatives` there).
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = N_("The request cannot be carried out")
    retry_after: ClassVar[int | None] = None
    """Seconds after which the same request may succeed."""

    def __init__(self, detail: str = "", *, fields: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.fields = fields or {}
        self.extra = extra


class NotFound(DomainError):
    status = 404
    code = "not_found"
    title = N_("There is nothing here")


class Conflict(DomainError):
    status = 409
    code = "conflict"
    title = N_("Somebody was faster")


class Invalid(DomainError):
    status = 422
    code = "invalid"
    title = N_("Please check what was entered")


class Unauthenticated(DomainError):
    status = 401
    code = "unauthenticated"
    title = N_("Sign in first")


class Forbidden(DomainError):
    status = 403
    code = "forbidden"
    title = N_("This account may not do that")


class TooMany(DomainError):
    status = 429
    code = "too_many_requests"
    title = N_("Too many requests")


class Unavailable(DomainError):
    """Nothing is wrong with the request; the same one may succeed later."""

    status = 503
    code = "unavailable"
    title = N_("This cannot be reached right now")
