"""Which chains there are to be, and who signs in where."""

from __future__ import annotations

from sqlalchemy import text

from blueprints import registry
from blueprints.catalog import api as catalog
from infra.demo import agreed, days, groups, structure, voices, wishes
from infra.demo.place import places
from infra.demo.structure import PASSWORD
from infra.dev.welcome import SignIn
from shopbell import clock
from shopbell.db import Database
from shopbell.errors import Forbidden
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from tenants import provisioning
from tenants.demo import CHAINS, DemoChain
from tenants.resolve import Directory

ADVISORY_LOCK = 7_246_302


class DemoRefused(Forbidden):
    """Demonstration chains have passwords everybody knows, so a production installation gets none."""

    code = "demo_refused"
    title = "Demonstration chains are not made in production"


def ensure(database: Database, settings: Settings) -> list[SignIn]:
    """Have every demonstration chain there, with appointments around today, and say how to get in.

    May be repeated: an existing chain keeps everything and only gains what days since have to hold. A chain is filled
    in one transaction, so an interrupted creation leaves an empty chain, which the next call fills. Holds the clock of
    the process while it writes history: not for a process that also serves. Raises DemoRefused in production.
    """
    if settings.is_production:
        raise DemoRefused("Demonstration chains are not made in production: everybody knows their passwords.")
    directory = Directory(database)
    for chain in CHAINS:
        tenant = directory.by_slug(chain.slug) or _provisioned(database, chain, settings)
        _fill(database, tenant, chain)
    return [door for chain in CHAINS for door in doors(chain, settings)]


def doors(chain: DemoChain, settings: Settings) -> list[SignIn]:
    """The faces of a chain: its booking pages, each branch's console, the head office."""
    url = settings.tenant_url(f"{chain.slug}.{settings.base_domain}")
    found = [SignIn(chain.name, "Booking pages", f"{url}/")]
    for branch in chain.branches:
        user = structure.address("desk", chain, branch)
        found.append(SignIn(chain.name, f"Front desk {branch.slug}", f"{url}/b/{branch.slug}/", user, PASSWORD))
    first = chain.branches[0]
    manager = structure.address("manager", chain, first)
    found.append(SignIn(chain.name, f"Manager {first.slug}", f"{url}/b/{first.slug}/", manager, PASSWORD))
    return [*found, SignIn(chain.name, "Head office", f"{url}/hq/", structure.address("hq", chain), PASSWORD)]


def _provisioned(database: Database, chain: DemoChain, settings: Settings) -> TenantContext:
    new = provisioning.NewTenant(
        slug=chain.slug,
        name=chain.name,
        pack=chain.pack,
        locale=chain.locale,
        time_zone=chain.time_zone,
        currency=chain.currency,
        country=chain.country,
    )
    return provisioning.create(database, new, base_domain=settings.base_domain, seeders=registry.seeders())


def _fill(database: Database, tenant: TenantContext, chain: DemoChain) -> None:
    now = clock.now()
    with database.transaction(tenant) as session:
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        if not catalog.branches(session):
            structure.build(session, chain, now)
            open_ones = places(session, chain)
            for place in open_ones:
                agreed.welcome_members(session, place)
            days.live(session, chain, now)
            groups.bring(session, open_ones, now)
            voices.speak(session, open_ones, now)
            wishes.wait(session, open_ones[0], now)
            days.announce_some(session, chain, now)
        else:
            days.live(session, chain, now)
