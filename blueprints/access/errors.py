"""What sign-in and the keeping of accounts refuse."""

from __future__ import annotations

from shopbell.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from shopbell.text import N_


class EmailTaken(Conflict):
    code = "email_taken"
    title = N_("Somebody signs in with this e-mail address already")


class BadEmail(Invalid):
    code = "bad_email"
    title = N_("This is not an e-mail address")


class NoMailbox(Conflict):
    code = "no_mailbox"
    title = N_("This account has no e-mail address")


class UnknownProvider(NotFound):
    code = "unknown_provider"
    title = N_("There is no such identity provider")


class BadProvider(Invalid):
    code = "bad_provider"
    title = N_("This identity provider cannot be kept like that")


class PasswordsClosed(Conflict):
    code = "passwords_closed"
    title = N_("Passwords are not taken here")


class WeakPassword(Invalid):
    code = "weak_password"
    title = N_("Choose a longer password")


class BadAccount(Invalid):
    code = "bad_account"
    title = N_("This account cannot be kept like that")


class BadScope(Invalid):
    code = "bad_scope"
    title = N_("There is no such scope")


class UnknownUser(NotFound):
    code = "unknown_user"
    title = N_("Nobody has this account")


class UnknownLink(NotFound):
    code = "unknown_link"
    title = N_("This link is not valid any more")


class AccountClosed(Conflict):
    code = "account_closed"
    title = N_("This account is closed")


class UnknownDevice(NotFound):
    code = "unknown_device"
    title = N_("There is no such device")


class BadDevice(Invalid):
    code = "bad_device"
    title = N_("This device cannot be registered like that")


class BadPin(Invalid):
    code = "bad_pin"
    title = N_("Choose another PIN")


class BadCode(Invalid):
    code = "bad_code"
    title = N_("This code is not the right one")


class TotpAlreadyOn(Conflict):
    code = "totp_already_on"
    title = N_("Codes are asked for already")


class UnknownSession(NotFound):
    code = "unknown_session"
    title = N_("This session is over already")


class UnknownRole(NotFound):
    code = "unknown_role"
    title = N_("There is no such role")


class BadRole(Invalid):
    code = "bad_role"
    title = N_("This role cannot be kept like that")


class RoleInUse(Conflict):
    code = "role_in_use"
    title = N_("Somebody has this role")


class BeyondOwnRights(Forbidden):
    code = "beyond_own_rights"
    title = N_("Nobody can give or take away more than they hold")


class LastHeadOffice(Conflict):
    code = "last_head_office"
    title = N_("Somebody has to be able to do everything")


class BadClient(Invalid):
    code = "bad_client"
    title = N_("This program cannot be registered like that")


class BadAuthorization(Invalid):
    code = "bad_authorization"
    title = N_("This app cannot be let in")


class UnknownApp(NotFound):
    code = "unknown_app"
    title = N_("You have not let in this app")


class UnknownClient(NotFound):
    code = "unknown_client"
    title = N_("There is no such API client")


class TooManyTokens(TooMany):
    code = "too_many_tokens"
    title = N_("Keep the token you have: it is valid for an hour")
