"""Pages of access: sign-in, the own account, users and roles at head office, shared devices."""

from blueprints.access.pages import (
    account,
    apps,
    clients,
    codes,
    desk,
    devices,
    forgotten,
    oidc_leaving,
    oidc_settings,
    oidc_sign_in,
    roles,
    sign_in,
    start,
    users,
    welcome,
)
from blueprints.access.pages.blueprint import GATE, OFFICE, OWN

__all__ = [
    "GATE",
    "OFFICE",
    "OWN",
    "account",
    "apps",
    "clients",
    "codes",
    "desk",
    "devices",
    "forgotten",
    "oidc_leaving",
    "oidc_settings",
    "oidc_sign_in",
    "roles",
    "sign_in",
    "start",
    "users",
    "welcome",
]
