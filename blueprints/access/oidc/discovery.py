"""What a provider says of itself (OpenID Connect Discovery 1.0), and the keys it signs with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import Token

from blueprints.access.oidc.memory import Memory
from blueprints.access.oidc.outside import Refusal, ask, web_address

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key that the provider alone has. Neither "none" nor a secret that we hold, too."""
MOST_KEYS = 50


@dataclass(frozen=True)
class Endpoints:
    """A provider's addresses. `names_itself`: it says in each of its answers which provider it is (RFC 9207)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    people: str
    goodbye: str
    names_itself: bool
    algorithms: tuple[str, ...]
    by_header: bool
    """Whether programs prove themselves by a header; else in the form."""


_documents: Memory[Endpoints] = Memory()
_keys: Memory[KeySet] = Memory()


def discover(issuer: str) -> Endpoints:
    """Raises Refusal."""
    return _documents.get(issuer, lambda: _read(issuer))


def forget(issuer: str) -> None:
    """Ask it anew the next time."""
    _documents.forget(issuer)


def keys(endpoints: Endpoints, *, anew: bool = False) -> KeySet:
    """The keys of now; `anew` after a signature by one that was not among them. Raises Refusal."""
    read = _keys.refresh if anew else _keys.get
    return read(endpoints.keys, lambda: _read_keys(endpoints.keys))


def _read(issuer: str) -> Endpoints:
    answer = ask("GET", get_well_known_url(issuer, external=True))
    answer.raise_for_status()
    found = answer.document
    if found.get("issuer") != issuer:
        raise Refusal("other_issuer", str(found.get("issuer", "")))
    offered = _names(found, "id_token_signing_alg_values_supported", ["RS256"])
    algorithms = tuple(name for name in ALGORITHMS if name in offered)
    if not algorithms:
        raise Refusal("algorithm", ", ".join(offered))
    return Endpoints(
        issuer=issuer,
        authorization=web_address(found.get("authorization_endpoint")),
        token=web_address(found.get("token_endpoint")),
        keys=web_address(found.get("jwks_uri")),
        people=web_address(found["userinfo_endpoint"]) if found.get("userinfo_endpoint") else "",
        goodbye=web_address(found["end_session_endpoint"]) if found.get("end_session_endpoint") else "",
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        algorithms=algorithms,
        by_header="client_secret_basic"
        in _names(found, "token_endpoint_auth_methods_supported", ["client_secret_basic"]),
    )


def _names(document: dict[str, Any], field: str, otherwise: list[str]) -> list[str]:
    found = document.get(field, otherwise)
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def _read_keys(address: str) -> KeySet:
    answer = ask("GET", address)
    answer.raise_for_status()
    found = answer.document.get("keys")
    listed = found if isinstance(found, list) else []
    fit = [one for one in listed if isinstance(one, dict) and one.get("kty") in {"RSA", "EC"} and _signs(one)]
    try:
        return KeySet.import_key_set({"keys": fit[:MOST_KEYS]})
    except (JoseError, ValueError, TypeError, KeyError):
        raise Refusal("keys") from None


def _signs(key: dict[str, Any]) -> bool:
    return key.get("use", "sig") == "sig"


def decoded_token(endpoints: Endpoints, token: str) -> Token:
    """What the provider signed; a key that is not known yet is looked for once more. Raises JoseError, ValueError."""
    registry = JWSRegistry(algorithms=list(endpoints.algorithms), strict_check_header=False)
    try:
        return jwt.decode(token, keys(endpoints), registry=registry)
    except InvalidKeyIdError:
        return jwt.decode(token, keys(endpoints, anew=True), registry=registry)
