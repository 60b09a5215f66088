"""What the API's description says of every operation alike: who may call it, and which headers it knows."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from shopbell.http.context import application

SCOPE = "scope:"
TEXT = {"schema": {"type": "string"}}
IDEMPOTENCY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "Whoever sends the same request with the same key again gets the first answer again.",
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of the answer that the client has: while it is the same, the new one is 304 and empty.",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag that this had when it was read: if it is another by now, nothing is changed.",
}
ETAG = {"ETag": {"description": "The state that the answer shows.", **TEXT}}
STANDING = {
    "RateLimit-Policy": {"description": "How many calls there are in how many seconds.", **TEXT},
    "RateLimit": {"description": "How many calls are left, and for how many seconds that holds.", **TEXT},
}


def security_schemes() -> dict[str, Any]:
    root = request.host_url.rstrip("/")
    scopes = dict(application().scopes)
    token = f"{root}/oauth/token"
    by_code = {"authorizationUrl": f"{root}/authorize", "tokenUrl": token, "refreshUrl": token, "scopes": scopes}
    return {
        "client": {
            "type": "oauth2",
            "description": "A program that acts by itself.",
            "flows": {"clientCredentials": {"tokenUrl": token, "scopes": scopes}},
        },
        "partner": {
            "type": "oauth2",
            "description": "An app that acts for somebody who let it in. PKCE with S256 is required.",
            "flows": {"authorizationCode": by_code},
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": "The product's own pages; over TLS the cookie is called __Host-session.",
        },
    }


def complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Write into an operation what its view says of itself."""
    view = _views().get((path, method))
    if view is None:
        return
    if getattr(view, "open_because", ""):
        operation["security"] = []
    else:
        operation["security"] = _ways(view.permission)
        operation["responses"].setdefault("429", _too_many(operation))
    if getattr(view, "idempotent", False):
        operation.setdefault("parameters", []).append(IDEMPOTENCY)
    if method == "get" and not getattr(view, "untagged", False):
        operation.setdefault("parameters", []).append(IF_NONE_MATCH)
        operation["responses"]["304"] = {"description": "The client has it already", "headers": ETAG}
        _tagged(operation)
    if getattr(view, "if_match", False):
        operation.setdefault("parameters", []).append(IF_MATCH)
        alike = operation["responses"].get("default", {})
        operation["responses"]["412"] = {"description": "Changed meanwhile", "content": alike.get("content", {})}
        _tagged(operation)


def _tagged(operation: dict[str, Any]) -> None:
    operation["responses"]["200"].setdefault("headers", {}).update(ETAG)


def _ways(permission: str) -> list[dict[str, list[str]]]:
    """By any one of the scopes that hold the permission, or as a member of staff."""
    holders = application().permissions[permission].holders
    scopes = [name for name in application().scopes if SCOPE + name in holders]
    return [*({scheme: [scope]} for scope in scopes for scheme in ("client", "partner")), {"session": []}]


def _too_many(operation: dict[str, Any]) -> dict[str, Any]:
    alike = operation["responses"].get("default", {})
    headers = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}, **STANDING}
    return {"description": "Too many calls in this minute", "content": alike.get("content", {}), "headers": headers}


def _views() -> dict[tuple[str, str], Any]:
    """The view of each operation, by its path as OpenAPI writes it."""
    found: dict[tuple[str, str], Any] = {}
    for rule in current_app.url_map.iter_rules():
        view_class = getattr(current_app.view_functions[rule.endpoint], "view_class", None)
        parts = [f"{{{text}}}" if is_name else text for is_name, text in _parts(rule)]
        for method in rule.methods or ():
            view = getattr(view_class, method.lower(), None)
            if view is not None:
                found["".join(parts), method.lower()] = view
    return found


def _parts(rule: Any) -> list[tuple[bool, str]]:
    return [(is_name, text) for is_name, text in rule._trace if text != "|"]
