"""What the pages of a customer's own place share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request, url_for

from blueprints.account import rules
from blueprints.account.known import PROOF, SESSION, known
from blueprints.account.service.proving import CodeWanted, SignedIn, Step, WhoWanted
from blueprints.brand import api as brand
from blueprints.crm.api import Contact
from shopbell.http.context import application, client_address
from shopbell.http.limits import spend
from shopbell.pages import private, render, see
from shopbell.pages.targets import safe_target

WHY_OPEN = "customers have no account: a code shows that an address is theirs, and their session opens their own pages"
PER_MINUTE = 40
"""Changes one network may make."""

PAGES = Blueprint("account", __name__, template_folder="../templates", url_prefix="/my")


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A page with the chain's name; not kept by anybody on the way, not listed by search engines."""
    return private(render(f"account/{template}", status, brand=brand.shown(), **context))


def for_customers(view: Callable[..., Response]) -> Callable[..., Response]:
    """The view is given the customer who is signed in; nobody is sent to sign in, and back."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        me: Contact | None = known()
        if me is None:
            wanted = request.full_path.rstrip("?") if request.method == "GET" else None
            return see(url_for("account.sign_in", next=wanted))
        return view(me, *args, **kwargs)

    return guarded


def wanted_page() -> str | None:
    """Where to go on to after signing in; None is the own page."""
    return safe_target(request.args.get("next"))


def go_on(step: Step | None) -> Response:
    """To the page of the next step."""
    if isinstance(step, SignedIn):
        response = see(wanted_page() or url_for("account.home"))
        SESSION.give(response, step.token)
        PROOF.take_back(response)
        return response
    endpoint = {CodeWanted: "account.code", WhoWanted: "account.who"}.get(type(step), "account.sign_in")
    again = 1 if step is None else None
    return see(url_for(endpoint, next=wanted_page(), again=again))


def agent() -> str:
    return request.headers.get("User-Agent", "")


def count(policy: str, who: str, limit: int) -> None:
    """One of so many within an hour. Raises TooMany."""
    spend(policy, who, limit * application().settings.rate_limit_factor, rules.HOUR)


def network() -> str:
    return rules.network(client_address())
