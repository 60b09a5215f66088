"""What the keeping of own domains refuses."""

from __future__ import annotations

from shopbell.errors import Conflict, NotFound
from shopbell.text import N_


class HostInUse(Conflict):
    code = "host_in_use"
    title = N_("This name has to stay for now")


class OneMailDomain(Conflict):
    code = "one_mail_domain"
    title = N_("E-mails are sent from a domain of yours already: give that one up first")


class NoMailDomain(NotFound):
    code = "no_mail_domain"
    title = N_("E-mails are not sent from a domain of yours")


class KeyInUse(Conflict):
    code = "key_in_use"
    title = N_("Another key has to sign before this one can go")


class UnknownMailKey(NotFound):
    code = "unknown_mail_key"
    title = N_("There is no such key")
