"""Access plugs in here."""

from blueprints.access import identify, pages, routes
from shopbell.feature import Feature

STAFF = frozenset({"hq", "manager", "frontdesk"})

FEATURE = Feature(
    name="access",
    pages=(pages.blp, routes.tokens),
    api=(routes.me,),
    authenticators=(identify.by_bearer_token, identify.by_session),
    permissions={
        "access.start": STAFF,
        "access.me": STAFF | {"scope:booking"},
    },
)
