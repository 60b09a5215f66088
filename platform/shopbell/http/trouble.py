"""Errors that nobody raised on purpose and that still have an honest answer."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import request
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import DBAPIError

from shopbell.db import is_unstorable
from shopbell.errors import DomainError, Invalid, Unavailable
from shopbell.http.doors import MOVING_STATE, moving
from shopbell.i18n import gettext as _
from shopbell.logs import discreet
from shopbell.reach import is_unreachable
from shopbell.tenancy import TenantContext, tenant_or_none
from shopbell.text import N_

log = logging.getLogger(__name__)


class Updating(Unavailable):
    code = "updating"
    title = N_("This shop is being brought up to date")


def foreseen(error: Exception, behind: Callable[[TenantContext], bool]) -> DomainError | None:
    """What to answer instead of "something went wrong", or None. `behind`: does a tenant wait to be migrated?"""
    asked = f"{request.method} {discreet(request.path)}"
    if is_unstorable(error):
        log.warning("%s sent what cannot be stored", asked, exc_info=error)
        return Invalid()
    if is_unreachable(error):
        log.warning("%s needs a database server that cannot be reached: %s", asked, error)
        return Unavailable(_("Nothing was changed. Please try again in a moment."))
    if _is_refused_by_a_move(error):
        return moving()
    tenant = tenant_or_none()
    if tenant and _is_missing(error) and behind(tenant):
        log.error("%s: the chain %s waits for `shopbell migrate`: %s", asked, tenant.slug, error)
        return Updating(_("Nothing was changed. Please try again in a few minutes."))
    return None


def _is_refused_by_a_move(error: Exception) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) == MOVING_STATE


def _is_missing(error: Exception) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, UndefinedColumn | UndefinedTable)
