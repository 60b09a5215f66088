"""Access plugs in here."""

from datetime import timedelta

from blueprints.access import identify, pages, routes
from blueprints.access.models import OAuthToken, UserSession
from shopbell.feature import Feature
from shopbell.housekeeping import older_than

STAFF = frozenset({"hq", "manager", "frontdesk"})

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
        "access.start": STAFF,
        "access.me": STAFF | {"scope:booking"},
    },
)
