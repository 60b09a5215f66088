"""Users, roles, sessions, and what people and programs prove themselves by. Secrets are stored as hashes only."""

from blueprints.access.models.clients import OAuthClient, OAuthClientUse, OAuthConsent, OAuthRefreshToken, OAuthToken
from blueprints.access.models.desk import DeskDevice, StaffPin
from blueprints.access.models.oidc import Identity, IdentityProvider, ProviderRole, ProviderVisit
from blueprints.access.models.people import AccountRecord, Role, RoleAssignment, User
from blueprints.access.models.proofs import KnownBrowser, OneTimeLink, RecoveryCode, SignInAttempt, SignInStep, Totp
from blueprints.access.models.sessions import UserSession

__all__ = [
    "AccountRecord",
    "DeskDevice",
    "Identity",
    "IdentityProvider",
    "KnownBrowser",
    "OAuthClient",
    "OAuthClientUse",
    "OAuthConsent",
    "OAuthRefreshToken",
    "OAuthToken",
    "OneTimeLink",
    "ProviderRole",
    "ProviderVisit",
    "RecoveryCode",
    "Role",
    "RoleAssignment",
    "SignInAttempt",
    "SignInStep",
    "StaffPin",
    "Totp",
    "User",
    "UserSession",
]
