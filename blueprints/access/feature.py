"""Access plugs in here."""

from datetime import timedelta

from blueprints.access import identify, jobs, pages, routes, rules
from blueprints.access.models import (
    KnownBrowser,
    OAuthConsent,
    OAuthRefreshToken,
    OAuthToken,
    OneTimeLink,
    ProviderVisit,
    SignInStep,
    UserSession,
)
from shopbell.auth import Permission
from shopbell.feature import Feature, NavigationEntry
from shopbell.housekeeping import older_than
from shopbell.text import N_

SCOPES = ("scope:booking", "scope:booking.read", "scope:customers", "scope:customers.read", "scope:settings")
"""A program may ask who it is, whatever else it may."""

FEATURE = Feature(
    name="access",
    pages=(pages.GATE, pages.OWN, pages.OFFICE, routes.tokens),
    api=(routes.me,),
    jobs=(jobs.send_forgotten,),
    authenticators=(identify.by_bearer_token, identify.by_session),
    housekeeping=(
        older_than(timedelta(), UserSession, UserSession.expires_at),
        older_than(timedelta(), OneTimeLink, OneTimeLink.expires_at),
        older_than(timedelta(), SignInStep, SignInStep.expires_at),
        older_than(timedelta(), ProviderVisit, ProviderVisit.expires_at),
        older_than(rules.BROWSER_KNOWN, KnownBrowser, KnownBrowser.used_at),
        older_than(timedelta(), OAuthToken, OAuthToken.expires_at),
        older_than(timedelta(), OAuthRefreshToken, OAuthRefreshToken.expires_at),
        older_than(timedelta(), OAuthConsent, OAuthConsent.expires_at),
    ),
    permissions={
        "access.account": Permission(N_("Keep the own account"), frozenset({"hq", rules.OWNER}), chain_wide=True),
        "access.users": Permission(N_("Manage users and roles"), frozenset({"hq"}), chain_wide=True),
        "access.providers": Permission(N_("Connect identity providers"), frozenset({"hq"}), chain_wide=True),
        "access.devices": Permission(N_("Register shared devices of a branch"), frozenset({"hq", "manager"})),
        "access.start": Permission(N_("Sign in"), frozenset({"hq", rules.EVERYBODY})),
        "access.clients": Permission(N_("Manage API clients and partner apps"), frozenset({"hq"}), chain_wide=True),
        "access.me": Permission(N_("See who is signed in"), frozenset({"hq", rules.EVERYBODY, *SCOPES})),
    },
    navigation=(
        NavigationEntry(N_("Users"), "access_hq.users", "key", "access.users", 70),
        NavigationEntry(N_("Roles"), "access_hq.roles", "shield-check", "access.users", 71),
        NavigationEntry(N_("API clients and apps"), "access_hq.clients", "link", "access.clients", 73),
        NavigationEntry(N_("Identity providers"), "access_hq.providers", "lock", "access.providers", 74),
        NavigationEntry(N_("Shared devices"), "access_hq.devices", "device-desktop", "access.devices", 72),
    ),
)
