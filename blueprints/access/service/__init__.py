"""What can be done with accounts: users sign in and out, programs get tokens."""

from blueprints.access.service.clients import Bearer, Client, bearer, client, create_client, issue, revoke_client
from blueprints.access.service.sessions import Refused, SignedIn, Wait, resume, sign_in, sign_out
from blueprints.access.service.users import Account, create_user, set_active, set_password, users

__all__ = [
    "Account",
    "Bearer",
    "Client",
    "Refused",
    "SignedIn",
    "Wait",
    "bearer",
    "client",
    "create_client",
    "create_user",
    "issue",
    "resume",
    "revoke_client",
    "set_active",
    "set_password",
    "sign_in",
    "sign_out",
    "users",
]
