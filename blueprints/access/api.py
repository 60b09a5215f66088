"""What other features, commands and demo data may ask of access."""

from blueprints.access.queries import Account, account, grants_of
from blueprints.access.rules import account_email
from blueprints.access.service import create_client, create_user, revoke_client, set_active, set_password
from blueprints.access.service.first import way_in
from blueprints.access.service.office import invite_owner
from blueprints.access.service.passwords import hashed as hashed_password
from blueprints.access.service.passwords import matches as password_matches
from blueprints.access.service.passwords import rehashed as hashed_code
from blueprints.access.service.resealing import reseal
from blueprints.access.service.totp import address as code_address
from blueprints.access.service.totp import (
    as_typed,
    as_written,
    fitting_step,
    fresh_recovery_codes,
    is_phones,
    new_secret,
)

__all__ = [
    "Account",
    "account",
    "account_email",
    "as_typed",
    "as_written",
    "code_address",
    "create_client",
    "create_user",
    "fitting_step",
    "fresh_recovery_codes",
    "grants_of",
    "hashed_code",
    "hashed_password",
    "invite_owner",
    "is_phones",
    "new_secret",
    "password_matches",
    "reseal",
    "revoke_client",
    "set_active",
    "set_password",
    "way_in",
]
