"""The host names of a tenant: which lead to it, which does so first, and which are claimed but not shown to be theirs.

Every function takes a session of the directory, that is a transaction of no tenant on `main`. What changes here is
known to every process after `resolve.REMEMBER_SECONDS`.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from shopbell import clock, due, runtime
from shopbell.db import Database
from shopbell.due import JobRun
from shopbell.errors import Conflict, Invalid, NotFound
from shopbell.i18n import gettext as _
from shopbell.tenancy import TenantContext
from shopbell.text import N_
from tenants import ownership
from tenants.models import Domain, DomainClaim

HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")
KIND = "tenants.check_domain"
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=7)
AT_MOST_EVERY = timedelta(seconds=10)
"""Looking asks strangers' servers: nobody makes us do it more often."""
MOST_CLAIMS = 20


class HostTaken(Conflict):
    code = "host_taken"
    title = N_("This host name leads to another chain")


class NoSuchHost(NotFound):
    code = "no_such_host"
    title = N_("This host name does not lead to the chain")


@dataclass(frozen=True)
class Named:
    """A host name of a tenant."""

    host: str
    is_primary: bool
    redirects_until: datetime | None


def of(directory: Session, tenant: TenantContext) -> list[Named]:
    """The host names that lead to the tenant, the primary one first."""
    columns = (Domain.host, Domain.is_primary, Domain.redirects_until)
    rows = directory.execute(
        select(*columns).where(Domain.tenant_id == tenant.id).order_by(Domain.is_primary.desc(), Domain.host)
    )
    return [Named(row.host, row.is_primary, row.redirects_until) for row in rows]


def claims_of(directory: Session, tenant: TenantContext) -> list[DomainClaim]:
    """What the tenant has claimed and not shown yet."""
    return list(
        directory.scalars(select(DomainClaim).where(DomainClaim.tenant_id == tenant.id).order_by(DomainClaim.host))
    )


def checked(host: str) -> str:
    """The host name as it is kept. Raises Invalid naming `host`."""
    host = host.strip().lower().rstrip(".")
    if not HOST.fullmatch(host):
        raise _invalid(_("Write a host name such as booking.example.com."))
    base = runtime.settings().base_domain
    if host == base or host.endswith(f".{base}"):
        raise _invalid(_("Write a name of your own: this one belongs to this service."))
    return host


def claim(database: Database, tenant: TenantContext, host: str) -> DomainClaim:
    """Note that the tenant says a host is theirs, and have it looked for. Claiming again starts the search anew.

    It leads nowhere before the proof was found. Raises Invalid, and HostTaken when it leads somewhere already.
    """
    host = checked(host)
    with database.transaction(None) as directory:
        _refuse_taken(directory, tenant, host)
        found = directory.get(DomainClaim, (tenant.id, host), with_for_update=True)
        if found is None:
            _refuse_too_many(directory, tenant)
            found = DomainClaim(tenant_id=tenant.id, host=host, token=secrets.token_urlsafe(24))
            directory.add(found)
        _begin(found)
        directory.flush()
    with database.transaction(tenant) as session:
        due.schedule(session, KIND, host, clock.now())
    return found


def look_again(database: Database, tenant: TenantContext, host: str) -> None:
    """Have a worker look for the proof of a claim at once, and for a week from now. Raises NoSuchHost without one."""
    with database.transaction(None) as directory:
        found = directory.get(DomainClaim, (tenant.id, host.lower()), with_for_update=True)
        if found is None:
            raise NoSuchHost(_("Nobody of your chain has added this name."))
        if found.claimed_at > clock.now() - AT_MOST_EVERY:
            return
        _begin(found)
    with database.transaction(tenant) as session:
        due.schedule(session, KIND, found.host, clock.now())


def _begin(claimed: DomainClaim) -> None:
    claimed.claimed_at, claimed.tries, claimed.problem = clock.now(), 0, None


@due.job(KIND, own_transactions=True)
def check(run: JobRun) -> None:
    """Look for the proof of a claim; later and later, and for a week at most."""
    look(run.database, run.tenant, run.key, ownership.Outside.from_settings(runtime.settings()))


def look(database: Database, tenant: TenantContext, host: str, outside: ownership.Outside) -> str | None:
    """Look once for the proof of a claim. Returns why there is none, nothing when there is, None without a claim."""
    with database.transaction(None) as directory:
        claimed = directory.get(DomainClaim, (tenant.id, host))
    if claimed is None:
        return None
    # Outside of any transaction: strangers' servers may take their time.
    problem = ownership.problem_of(host, claimed.token, outside)
    with database.transaction(None) as directory:
        problem = settle(directory, tenant, host, problem)
    again = clock.now() + min(FIRST_PAUSE * 2.0 ** min(claimed.tries, 10), LONGEST_PAUSE)
    if problem and again < claimed.claimed_at + GIVE_UP_AFTER:
        with database.transaction(tenant) as session:
            due.schedule(session, KIND, host, again)
    return problem


def settle(directory: Session, tenant: TenantContext, host: str, problem: str) -> str:
    """Write down what a look has found; without a problem the host leads to the tenant from now on."""
    claimed = directory.get(DomainClaim, (tenant.id, host), with_for_update=True)
    if claimed is None:
        return problem
    if not problem:
        try:
            enter(directory, tenant, host)
        except HostTaken:
            problem = HostTaken.code
    if problem:
        claimed.tries, claimed.checked_at, claimed.problem = claimed.tries + 1, clock.now(), problem
    else:
        directory.delete(claimed)
    directory.flush()
    return problem


def enter(directory: Session, tenant: TenantContext, host: str) -> None:
    """Let a host name lead to the tenant: its ownership was shown, or somebody vouches for it. Raises as `claim`."""
    host = checked(host)
    _refuse_taken(directory, tenant, host)
    if directory.get(Domain, host) is None:
        directory.add(Domain(host=host, tenant_id=tenant.id, is_primary=False))
        directory.flush()


def make_primary(directory: Session, tenant: TenantContext, host: str) -> None:
    """Have links in messages, and redirects, lead to this host. Raises NoSuchHost."""
    found = directory.scalar(
        select(Domain).where(Domain.host == host.lower(), Domain.tenant_id == tenant.id).with_for_update()
    )
    if found is None or found.redirects_until:
        raise NoSuchHost(_("%(host)s does not lead to %(chain)s.", host=host, chain=tenant.name))
    _depose(directory, tenant)
    found.is_primary = True
    directory.flush()


def remove(directory: Session, tenant: TenantContext, host: str) -> None:
    """Let a host name lead nowhere, and forget a claim to it. Raises NoSuchHost, also for the primary one."""
    mine = (Domain.host == host.lower(), Domain.tenant_id == tenant.id, Domain.is_primary.is_(False))
    gone = directory.scalars(delete(Domain).where(*mine).returning(Domain.host)).first()
    claimed = (DomainClaim.host == host.lower(), DomainClaim.tenant_id == tenant.id)
    forgotten = directory.scalars(delete(DomainClaim).where(*claimed).returning(DomainClaim.host)).first()
    if not (gone or forgotten):
        raise NoSuchHost(_("%(host)s is no further name of %(chain)s.", host=host, chain=tenant.name))


def move(directory: Session, tenant: TenantContext, old: str, new: str, *, until: datetime) -> None:
    """Give the tenant a new host in the place of an old one, which redirects until then. Raises HostTaken."""
    release(directory, new)
    _refuse_taken(directory, tenant, new)
    former = directory.get(Domain, old)
    was_primary = former is None or former.is_primary
    if was_primary:
        _depose(directory, tenant)
    if former:
        former.is_primary, former.redirects_until = False, until
    found = directory.get(Domain, new) or Domain(host=new, tenant_id=tenant.id)
    found.is_primary, found.redirects_until = was_primary, None
    directory.add(found)
    directory.flush()


def release(directory: Session, host: str) -> None:
    """Free a host whose time of redirecting is over."""
    directory.execute(delete(Domain).where(Domain.host == host, Domain.redirects_until <= clock.now()))


def _depose(directory: Session, tenant: TenantContext) -> None:
    directory.execute(update(Domain).where(Domain.tenant_id == tenant.id, Domain.is_primary).values(is_primary=False))


def _refuse_taken(directory: Session, tenant: TenantContext, host: str) -> None:
    owner = directory.scalar(select(Domain.tenant_id).where(Domain.host == host))
    if owner and owner != tenant.id:
        raise HostTaken(fields={"host": _("This name leads to another chain.")})


def _refuse_too_many(directory: Session, tenant: TenantContext) -> None:
    open_claims = select(func.count()).select_from(DomainClaim).where(DomainClaim.tenant_id == tenant.id)
    if (directory.scalar(open_claims) or 0) >= MOST_CLAIMS:
        raise _invalid(_("Remove a name that is not shown to be yours before you add another one."))


def _invalid(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"host": sentence})
