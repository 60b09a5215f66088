"""What can be done with accounts: users sign in and out, programs get tokens."""

from blueprints.access.service.clients import Client, client, create_client, revoke_client
from blueprints.access.service.desk import enter
from blueprints.access.service.entering import Browser, CodeWanted, Elsewhere, Refused, SignedIn, Wait, sign_in
from blueprints.access.service.sessions import Origin, Presence, resume, sign_out
from blueprints.access.service.tokens import Bearer, bearer, issue
from blueprints.access.service.users import create_user, set_active, set_password

__all__ = [
    "Bearer",
    "Browser",
    "Client",
    "CodeWanted",
    "Elsewhere",
    "Origin",
    "Presence",
    "Refused",
    "SignedIn",
    "Wait",
    "bearer",
    "client",
    "create_client",
    "create_user",
    "enter",
    "issue",
    "resume",
    "revoke_client",
    "set_active",
    "set_password",
    "sign_in",
    "sign_out",
]
