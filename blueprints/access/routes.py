"""Addresses for programs: getting tokens, ending them, asking about them, and who the caller is."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, cast

from authlib.oauth2.rfc6749.errors import OAuth2Error
from flask import Blueprint as PageBlueprint
from flask import Response, jsonify
from flask.views import MethodView

from blueprints.access import oauth
from blueprints.access.errors import TooManyTokens
from blueprints.access.schemas import MeOut
from blueprints.access.service.throttle import THROTTLE
from shopbell import clock
from shopbell.auth import Principal
from shopbell.http import client_address, current_principal, current_session, open_to_all, permit
from shopbell.http.bodies import Blueprint
from shopbell.http.context import application
from shopbell.throttle import Guesser, subject

tokens = PageBlueprint("oauth", __name__)
me = Blueprint("me", __name__, description="Who the caller is")


@tokens.record_once
def install_server(state: Any) -> None:
    oauth.install(state.app)


@tokens.post("/oauth/token")
@open_to_all("a program proves itself here by its id and secret")
def token() -> Response:
    """Get tokens (RFC 6749): by client credentials, for a code, or for a refresh token"""

    def work() -> Response:
        oauth.check_grant()
        answer: Any = oauth.server().create_token_response()
        return cast(Response, answer)

    return proving(work)


@tokens.post("/oauth/revoke")
@open_to_all("a program proves itself here by its id and secret")
def revoke() -> Response:
    """End a token (RFC 7009); answers alike whether there was one"""
    return proving(lambda: oauth.server().create_endpoint_response("revocation"))


@tokens.post("/oauth/introspect")
@open_to_all("a program proves itself here by its id and secret")
def introspect() -> Response:
    """Ask what an own token is worth (RFC 7662)"""
    return proving(lambda: oauth.server().create_endpoint_response("introspection"))


@tokens.get("/.well-known/oauth-authorization-server")
@open_to_all("programs find out here where to go; it names nobody")
def metadata() -> Response:
    """Where the addresses for programs are, and what they can do (RFC 8414)"""
    return jsonify(oauth.metadata())


def proving(work: Callable[[], Response]) -> Response:
    """Do what the form of a program asks for; whoever guesses secrets is slowed down.

    A secret cannot be guessed, so a client is slowed down only where the wrong ones come from: nobody who knows its id
    can lock it out.
    """
    session, at = current_session(), clock.now()
    address = client_address()
    who = Guesser(subject("client", f"{oauth.named_client()} {address}"), address)
    try:
        oauth.check_form()
        factor = application().settings.rate_limit_factor
        waiting = THROTTLE.wait(session, who, factor=factor, at=at)
        if waiting is not None:
            return slow_down(math.ceil(waiting.total_seconds()))
        response = work()
    except OAuth2Error as error:
        return oauth_answer(*error())
    except TooManyTokens:
        return slow_down(60)
    if response.status_code == 200:
        THROTTLE.forget(session, who.subject)
    elif response.status_code == 401 and oauth.named_client():
        THROTTLE.record_failure(session, who, at=at)
    return response


def slow_down(seconds: int) -> Response:
    description = f"Too many requests. Try again in {seconds} seconds."
    body = {"error": "temporarily_unavailable", "error_description": description}
    response = oauth_answer(429, body, [("Cache-Control", "no-store")])
    response.headers["Retry-After"] = str(seconds)
    return response


def oauth_answer(status: int, body: dict[str, str], headers: list[tuple[str, str]]) -> Response:
    response = Response(json.dumps(body), status, mimetype="application/json")
    response.headers.extend([(name, value) for name, value in headers if name.lower() != "content-type"])
    return response


@me.route("/me")
class Me(MethodView):
    @permit("access.me")
    @me.response(200, MeOut)
    def get(self) -> Principal:
        """Show who is signed in, or which program the token belongs to"""
        return current_principal()
