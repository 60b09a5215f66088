"""What sign-in and the keeping of accounts refuse."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound, TooMany


class EmailTaken(Conflict):
    code = "email_taken"
    title = "Somebody signs in with this e-mail address already"


class BadEmail(Invalid):
    code = "bad_email"
    title = "This is not an e-mail address"


class WeakPassword(Invalid):
    code = "weak_password"
    title = "Choose a longer password"


class BadAccount(Invalid):
    code = "bad_account"
    title = "This account cannot be kept like that"


class BadScope(Invalid):
    code = "bad_scope"
    title = "There is no such scope"


class UnknownUser(NotFound):
    code = "unknown_user"
    title = "Nobody has this account"


class UnknownClient(NotFound):
    code = "unknown_client"
    title = "There is no such API client"


class TooManyTokens(TooMany):
    code = "too_many_tokens"
    title = "Keep the token you have: it is valid for an hour"
