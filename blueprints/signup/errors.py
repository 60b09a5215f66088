"""What signing up refuses."""

from __future__ import annotations

from shopbell.errors import Invalid, NotFound
from shopbell.text import N_


class SignUpClosed(NotFound):
    code = "sign_up_closed"
    title = N_("Nobody can sign up here at the moment")


class UnknownSignUp(NotFound):
    code = "unknown_sign_up"
    title = N_("This link is not valid any more")


class BadSignUp(Invalid):
    code = "bad_sign_up"
    title = N_("This chain cannot be made like that")
