"""Authlib's authorization server: which grants there are, and where they keep what they issue.

Programs use client credentials (RFC 6749, section 4.4). Apps of partners act for people: authorization code with PKCE
(RFC 7636, S256 only), and refresh tokens that are used once.
"""

from blueprints.access.oauth.asking import answered, asked, refused
from blueprints.access.oauth.clients import check_form, check_grant, named_client
from blueprints.access.oauth.metadata import metadata
from blueprints.access.oauth.server import install, server

__all__ = [
    "answered",
    "asked",
    "check_form",
    "check_grant",
    "install",
    "metadata",
    "named_client",
    "refused",
    "server",
]
