"""Who is asking: a bearer token on the API, else the session cookie."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.access import credentials, queries, rules, service
from shopbell import clock, crypto
from shopbell.auth import Grant, Principal
from shopbell.errors import Unauthenticated
from shopbell.http.context import application, current_session, this_request
from shopbell.http.cookies import LONGEST_TOKEN
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant, tenant_or_none
from shopbell.text import N_

REMEMBER_SECONDS = 15.0
REMEMBERED_TOKENS = 2000


class InvalidToken(Unauthenticated):
    code = "invalid_token"
    title = N_("The access token is not valid")


class TokenMemory:
    """Tokens seen a moment ago, so that a busy program costs one look-up in fifteen seconds and not one per call.

    Bounded; the tenant is part of the key. Only genuine tokens are kept.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[tuple[UUID, str], tuple[float, service.Bearer]] = OrderedDict()

    def get(self, tenant_id: UUID, token_hash: str) -> service.Bearer | None:
        with self._lock:
            until, bearer = self._known.get((tenant_id, token_hash), (0.0, None))
        return bearer if until > time.monotonic() else None

    def keep(self, tenant_id: UUID, token_hash: str, bearer: service.Bearer) -> None:
        with self._lock:
            self._known.pop((tenant_id, token_hash), None)
            self._known[tenant_id, token_hash] = (time.monotonic() + REMEMBER_SECONDS, bearer)
            while len(self._known) > REMEMBERED_TOKENS:
                self._known.popitem(last=False)

    def forget(self, tenant_id: UUID, token_hash: str) -> None:
        with self._lock:
            self._known.pop((tenant_id, token_hash), None)


_memory = TokenMemory()


def forget(token: str) -> None:
    """The token was revoked: this process looks it up again."""
    _memory.forget(current_tenant().id, crypto.hash_token(token))


def by_bearer_token() -> Principal | None:
    """A program, by itself or for somebody. A wrong token on the API raises InvalidToken: it never falls back to a
    cookie."""
    header = credentials.authorization() if this_request().path.startswith("/api/") else None
    if header is None or header.type != "bearer":
        return None
    bearer = _bearer(header.token or "")
    if bearer is None or bearer.expires_at <= clock.now():
        raise InvalidToken(_("The access token is unknown, has expired or was revoked. Ask for a new one."))
    known, scopes = application().permissions, frozenset(f"scope:{scope}" for scope in bearer.scopes)
    account = bearer.account
    if account is None:
        allowed = known.held_by(scopes, chain_wide=bearer.branch_ids is None)
        grants: tuple[Grant, ...] = (Grant(allowed, bearer.branch_ids),)
    else:
        held = queries.grants(current_session(), account.roles, known)
        everybody = Grant(known.held_by(frozenset({rules.EVERYBODY})))
        allowed = known.held_by(scopes, chain_wide=bearer.branch_ids is None)
        grants = rules.narrowed((everybody, *held), allowed, bearer.branch_ids)
    return Principal(
        kind="client",
        id=bearer.client_pk,
        name=bearer.name,
        role="client",
        grants=grants,
        locale=account.locale if account else None,
        behalf=account.name if account else "",
        behalf_id=account.id if account else None,
    )


def _bearer(token: str) -> service.Bearer | None:
    """What the token stands for. One that acts for somebody is looked up each time: they may take it back."""
    if len(token) > LONGEST_TOKEN:
        return None
    tenant, token_hash = current_tenant(), crypto.hash_token(token)
    bearer = _memory.get(tenant.id, token_hash)
    if bearer is None:
        bearer = service.bearer(current_session(), token, at=clock.now())
        if bearer is not None and bearer.account is None:
            _memory.keep(tenant.id, token_hash, bearer)
    return bearer


def by_session() -> Principal | None:
    """A member of staff, by the session cookie."""
    token = credentials.session_token()
    if not token or tenant_or_none() is None:
        return None
    session = current_session()
    presence = service.resume(session, token, at=clock.now(), used=credentials.somebody_is_there())
    if presence is None:
        return None
    account = presence.account
    return Principal(
        kind="staff",
        id=account.id,
        name=account.name,
        role=account.role,
        grants=grants_of(session, presence),
        locale=account.locale,
    )


def grants_of(session: Session, presence: service.Presence) -> tuple[Grant, ...]:
    """What their roles come to; after a PIN only as far as it concerns the branch of the device."""
    known, desk = application().permissions, presence.branch_id
    if desk is None:
        own = Grant(known.held_by(frozenset({rules.EVERYBODY, rules.OWNER})))
        return (own, *queries.grants(session, presence.account.roles, known))
    held = queries.grants(session, presence.account.roles, known)
    there = [grant.permissions for grant in held if grant.branch_ids is None or desk in grant.branch_ids]
    names = known.among(frozenset().union(*there), chain_wide=False)
    everybody = known.held_by(frozenset({rules.EVERYBODY}))
    return (Grant(names | everybody, frozenset({desk})),)
