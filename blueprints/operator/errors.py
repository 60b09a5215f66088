"""What the operator console refuses."""

from __future__ import annotations

from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.text import N_


class UnknownChain(NotFound):
    code = "unknown_chain"
    title = N_("There is no such chain")


class UnknownOrder(NotFound):
    code = "unknown_order"
    title = N_("No chain was asked for here")


class UnknownOperator(NotFound):
    code = "unknown_operator"
    title = N_("Nobody has this account")


class BadOperator(Invalid):
    code = "bad_operator"
    title = N_("This account cannot be kept like that")


class OperatorExists(Conflict):
    code = "operator_exists"
    title = N_("Somebody signs in with this e-mail address already")


class UnknownSession(NotFound):
    code = "unknown_session"
    title = N_("This session is over")


class BadCode(Invalid):
    code = "bad_code"
    title = N_("This code is not the right one")


class PhoneNotOffered(Conflict):
    code = "phone_not_offered"
    title = N_("This took too long. Begin again with a code from your present phone.")
