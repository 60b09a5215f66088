"""Access plugs in here."""

from datetime import timedelta

from blueprints.access import identify, pages, routes, rules
from blueprints.access.models import OAuthToken, UserSession
from shopbell.auth import Permission
from shopbell.feature import Feature
from shopbell.housekeeping import older_than
from shopbell.text import N_

FEATURE = Feature(
    name="access",
    pages=(pages.blp, routes.tokens),
    api=(routes.me,),
    authenticators=(identify.by_bearer_token, identify.by_session),
    housekeeping=(
        older_than(timedelta(), UserSession, UserSession.expires_at),
        older_than(timedelta(), OAuthToken, OAuthToken.expires_at),
    ),
    permissions={
        "access.start": Permission(N_("Sign in"), frozenset({"hq", rules.EVERYBODY})),
        "access.me": Permission(N_("See who is signed in"), frozenset({"hq", rules.EVERYBODY, "scope:booking"})),
    },
)
