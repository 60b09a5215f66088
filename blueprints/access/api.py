"""What other features, commands and demo data may ask of access."""

from blueprints.access.queries import Account, users
from blueprints.access.rules import TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, WINDOW, account_email, wait_until
from blueprints.access.service import create_client, create_user, revoke_client, set_active, set_password
from blueprints.access.service.first import way_in
from blueprints.access.service.office import invite_owner
from blueprints.access.service.passwords import hashed as hashed_password
from blueprints.access.service.passwords import matches as password_matches
from blueprints.access.service.totp import address as code_address
from blueprints.access.service.totp import fitting_step, new_secret

__all__ = [
    "TRIES_PER_ACCOUNT",
    "TRIES_PER_ADDRESS",
    "WINDOW",
    "Account",
    "account_email",
    "code_address",
    "create_client",
    "create_user",
    "fitting_step",
    "hashed_password",
    "invite_owner",
    "new_secret",
    "password_matches",
    "revoke_client",
    "set_active",
    "set_password",
    "users",
    "wait_until",
    "way_in",
]
