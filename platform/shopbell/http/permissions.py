"""Every view names the permission it needs, or says why it is open to all. An architecture test holds this."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import request

from shopbell.errors import Forbidden, Unauthenticated
from shopbell.http import limits
from shopbell.http.context import current_principal, this_g
from shopbell.i18n import gettext as _

V = TypeVar("V", bound=Callable[..., Any])


def permit(permission: str) -> Callable[[V], V]:
    """The view needs `permission`. Raises Unauthenticated for nobody, Forbidden for the wrong role.

    That it is held anywhere lets somebody in; a view of one branch asks `permitted_at`, a list `permitted_branches`.
    """

    def decorate(view: V) -> V:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            require(permission)
            limits.spend_client(current_principal())
            this_g().permitted = permission
            return view(*args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def open_to_all(reason: str) -> Callable[[V], V]:
    """The view is public, for a stated reason."""

    def decorate(view: V) -> V:
        view.open_because = reason  # type: ignore[attr-defined]
        return view

    return decorate


def permitted_at(branch_id: UUID) -> bool:
    """Whether the permission that the view needs is held at this branch."""
    return current_principal().may_at(this_g().permitted, branch_id)


def permitted_branches() -> frozenset[UUID] | None:
    """The branches at which the permission that the view needs is held; None means all of them."""
    return current_principal().branches_for(this_g().permitted)


def require(permission: str) -> None:
    principal = current_principal()
    if principal.may(permission):
        return
    if principal.kind == "anyone":
        raise Unauthenticated(_("Sign in to open this page."), next=request.full_path.rstrip("?"))
    raise Forbidden(_("Your account does not have the permission this needs."), needed=permission)
