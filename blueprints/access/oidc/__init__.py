"""Asking an identity provider who somebody is: OpenID Connect, by a code with PKCE. Knows no table and no request.

Whatever does not fit together ends in a Refusal, whose code is for head office and support.
"""

from blueprints.access.oidc.discovery import Endpoints, discover, forget
from blueprints.access.oidc.exchange import Connection, Sent, address, goodbye, redeem
from blueprints.access.oidc.leaving import Left, left
from blueprints.access.oidc.outside import Refusal
from blueprints.access.oidc.people import Person

__all__ = [
    "Connection",
    "Endpoints",
    "Left",
    "Person",
    "Refusal",
    "Sent",
    "address",
    "discover",
    "forget",
    "goodbye",
    "left",
    "redeem",
]
