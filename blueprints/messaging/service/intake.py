"""What providers tell at our door, brought to the chains whose messages it is about.

An account of a chain's own tells that chain. One of the installation serves all: its words carry our reference, or the
provider's name for a message, which every database server is asked for.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms import adapters, listening
from blueprints.messaging.channels.sms.contract import Callback, Heard, Receipt, Reply, Verdict
from blueprints.messaging.channels.sms.refs import read_reference
from blueprints.messaging.service import hooks, inbound, receipts, refs
from blueprints.messaging.service.refs import Known
from blueprints.templates import api as templates
from shopbell.db import Database
from shopbell.sms_providers import SmsProvider
from shopbell.tenancy import TenantContext, current_tenant
from tenants.resolve import Directory

log = logging.getLogger(__name__)

Find = Callable[[UUID], TenantContext | None]
Told = tuple[UUID, Receipt]


def take(session: Session, account: SmsProvider, heard: Heard) -> None:
    """What an account of the current tenant's own told. Harmless to repeat."""
    known, by_ref, unknown = _sort(session, account.key, heard.receipts)
    tenant_id = current_tenant().id
    receipts.take(session, account.key, known.get(tenant_id, []))
    receipts.take(session, account.key, by_ref.get(tenant_id, []), by_ref=True)
    refs.keep_unmatched(session, account.key, unknown)
    for reply in heard.replies:
        last = refs.last_to(session, account.key, reply.number)
        inbound.take(session, account.key, reply, last[1].message_id if last else None)
    _take_verdicts(session, account.key, heard.verdicts)


def take_for_all(database: Database, find: Find, account: SmsProvider, heard: Heard) -> None:
    """What an account told that serves many chains, or over a connection of its own: a transaction for each chain it
    is about. Harmless to repeat.

    A reply to the installation's account from a number that no chain has written to is nobody's, and is not kept.
    """
    open_receipts = list(heard.receipts)
    known: dict[UUID, list[Told]] = defaultdict(list)
    by_ref: dict[UUID, list[Told]] = defaultdict(list)
    for server in database.servers:
        with database.transaction(None, server=server) as session:
            sure, found, open_receipts = _sort(session, account.key, open_receipts)
        _add(known, sure)
        _add(by_ref, found)
    if open_receipts:
        for server in database.servers:
            with database.transaction(None, server=server) as session:
                refs.keep_unmatched(session, account.key, open_receipts)
    replies = _by_tenant(database, account, heard.replies)
    for tenant_id in {*known, *by_ref, *replies}:
        tenant = find(tenant_id)
        if tenant is None:
            log.warning("the provider account %s told of a chain that is not at work: %s", account.key, tenant_id)
            continue
        with database.transaction(tenant) as session:
            receipts.take(session, account.key, known[tenant_id])
            receipts.take(session, account.key, by_ref[tenant_id], by_ref=True)
            for reply, message_id in replies[tenant_id]:
                inbound.take(session, account.key, reply, message_id)


def listen(database: Database, find: Find) -> None:
    """Keep what providers tell over connections of their own from now on, and open those of the installation."""
    listening.listen(lambda account, heard: take_for_all(database, find, account, heard))
    for account in hooks.common():
        if account.provider == "smpp":
            adapters.opened(account)


def report(database: Database, directory: Directory, hook: str, address: str, callback: Callback) -> Heard:
    """What is said at the installation's own door, brought to the chains; returns it with the answer that is wanted.

    Raises UnknownAccount, BadSignature, BadReport.
    """
    account = hooks.at_hook(hooks.common(), hook, address)
    heard = hooks.read(account, callback)
    take_for_all(database, directory.by_id, account, heard)
    for tenant in directory.all() if heard.verdicts else ():
        # Equal words share a provider's code, so it may be known in several chains. One on its way to another server
        # is passed over.
        if directory.by_id(tenant.id):
            with database.transaction(tenant) as session:
                _take_verdicts(session, account.key, heard.verdicts)
    return heard


def _take_verdicts(session: Session, account: str, told: Sequence[Verdict]) -> None:
    for one in told:
        templates.take_verdict(session, account, one.code, one.state, one.reason)


def _sort(
    session: Session, account: str, told: Sequence[Receipt]
) -> tuple[dict[UUID, list[Told]], dict[UUID, list[Told]], list[Receipt]]:
    """Receipts by tenant: those that carry our reference, those found by the provider's name; and all others."""
    sure: dict[UUID, list[Told]] = defaultdict(list)
    found: dict[UUID, list[Told]] = defaultdict(list)
    named = []
    for one in told:
        ours = read_reference(one.reference)
        if ours:
            sure[ours[0]].append((ours[1], one))
        elif one.ref:
            named.append(one)
    left = []
    for one, known in zip(named, refs.owners(session, account, named) if named else [], strict=True):
        if known is None:
            left.append(one)
        else:
            found[known.tenant_id].append((known.message_id, one))
    return sure, found, left


def _by_tenant(
    database: Database, account: SmsProvider, told: Sequence[Reply]
) -> dict[UUID, list[tuple[Reply, UUID | None]]]:
    """Replies by the tenant that wrote last to their number, or whose account it is."""
    found: dict[UUID, list[tuple[Reply, UUID | None]]] = defaultdict(list)
    for reply in told:
        lasts = []
        for server in database.servers:
            with database.transaction(None, server=server) as session:
                last = refs.last_to(session, account.key, reply.number)
            lasts += [last] if last else []
        if not lasts:
            log.info("a text to the provider account %s from a number that nobody has written to", account.key)
            if account.tenant_id:
                found[account.tenant_id].append((reply, None))
            continue
        known: Known = max(lasts, key=lambda last: last[0])[1]
        found[known.tenant_id].append((reply, known.message_id))
    return found


def _add(into: dict[UUID, list[Told]], more: dict[UUID, list[Told]]) -> None:
    for tenant_id, told in more.items():
        into[tenant_id] += told
