"""Own host names: none leads anywhere before it was shown to be the chain's, in the DNS or on its web site."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from sqlalchemy import select

from blueprints.registry import handlers
from shopbell import clock, runtime
from shopbell.due import DueWork
from shopbell.errors import Invalid
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from tenants import domains, ownership
from tenants.domains import HostTaken, NoSuchHost
from tenants.ownership import Outside
from tenants.resolve import Directory
from tests.support.database import RolledBackDatabase
from workers.drain import Drain

HOST = "booking.nova.example"


@dataclass
class World:
    """A name server and a web site; `records` maps names to texts, `files` hosts to a file."""

    records: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    dns_server: str = ""
    web: str = ""

    @property
    def outside(self) -> Outside:
        return Outside(self.dns_server, (self.web,), private=True)


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    world.dns_server = f"127.0.0.1:{udp.getsockname()[1]}"

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # Every host of this little world is at one address, told apart by the path.
            host, _, path = self.path.removeprefix("/at/").partition("/")
            text = world.files.get(host) if f"/{path}" == ownership.PATH else None
            self.send_response(200 if text else 404)
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, *_: object) -> None:
            return

    site = HTTPServer(("127.0.0.1", 0), Site)
    world.web = f"http://127.0.0.1:{site.server_port}/at/{{host}}"
    threads = [
        threading.Thread(target=answer_names, args=(udp, world.records)),
        threading.Thread(target=site.serve_forever),
    ]
    for thread in threads:
        thread.start()
    yield world
    udp.sendto(b"", udp.getsockname())
    site.shutdown()
    for thread in threads:
        thread.join()
    udp.close()
    site.server_close()


def answer_names(udp: socket.socket, records: dict[str, str]) -> None:
    """A name server that knows these texts, until an empty packet comes."""
    while (received := udp.recvfrom(4096))[0]:
        query = dns.message.from_wire(received[0])
        name = query.question[0].name
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        text = records.get(name.to_text(omit_final_dot=True))
        if text:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", f'"{text}"'))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        udp.sendto(answer.to_wire(), received[1])


@pytest.mark.proves("T7")
def test_a_claimed_host_leads_nowhere_and_a_proven_one_to_its_chain(
    database: RolledBackDatabase, tenant: TenantContext, world: World
) -> None:
    claim = domains.claim(database, tenant, f" {HOST.upper()}. ")
    assert (claim.host, Directory(database).by_host(HOST)) == (HOST, None)
    assert domains.look(database, tenant, HOST, world.outside) == "no_proof"
    assert Directory(database).by_host(HOST) is None

    world.records[f"_shopbell.{HOST}"] = ownership.proof(claim.token)
    assert domains.look(database, tenant, HOST, world.outside) == ""
    assert Directory(database).by_host(HOST) == tenant
    with database.transaction(None) as directory:
        assert domains.claims_of(directory, tenant) == []
    assert domains.look(database, tenant, HOST, world.outside) is None


def test_a_file_on_the_web_site_is_as_good(database: RolledBackDatabase, tenant: TenantContext, world: World) -> None:
    claim = domains.claim(database, tenant, HOST)
    world.files[HOST] = ownership.proof("something else")
    assert domains.look(database, tenant, HOST, world.outside) == "other_proof"
    world.files[HOST] = f"{ownership.proof(claim.token)}\n"
    assert domains.look(database, tenant, HOST, world.outside) == ""


def test_a_name_server_that_is_away_proves_nothing(
    database: RolledBackDatabase, tenant: TenantContext, world: World
) -> None:
    domains.claim(database, tenant, HOST)
    nobody = replace(world.outside, dns_server="127.0.0.1:9")
    assert domains.look(database, tenant, HOST, nobody) == "dns_unreachable"


def test_addresses_of_the_own_network_are_not_asked(world: World) -> None:
    world.files[HOST] = ownership.proof("token")
    assert ownership.problem_of(HOST, "token", world.outside) == ""
    assert ownership.problem_of(HOST, "token", replace(world.outside, private=False)) == "no_proof"


@pytest.mark.proves("T7")
def test_the_proof_is_looked_for_later_and_later_by_due_work_and_given_up_after_a_week(
    database: RolledBackDatabase, tenant: TenantContext, world: World, settings: Settings
) -> None:
    runtime.install(replace(settings, dns_server=world.dns_server))
    work = Drain(database, {tenant.id: tenant}.get, handlers(), threads=1)
    begun = clock.now()
    try:
        claim = domains.claim(database, tenant, HOST)
        work.tenant(tenant.id)
        assert next_look(database, tenant) == begun + domains.FIRST_PAUSE
        with clock.frozen(begun + timedelta(hours=3)):
            work.tenant(tenant.id)
            assert next_look(database, tenant) == clock.now() + 2 * domains.FIRST_PAUSE
        with clock.frozen(begun + domains.GIVE_UP_AFTER):
            work.tenant(tenant.id)
            assert next_look(database, tenant) is None
            assert domains.claim(database, tenant, HOST).token == claim.token
            world.records[f"_shopbell.{HOST}"] = ownership.proof(claim.token)
            work.tenant(tenant.id)
        assert Directory(database).by_host(HOST) == tenant
    finally:
        runtime.install(settings)


def next_look(database: RolledBackDatabase, tenant: TenantContext) -> datetime | None:
    with database.transaction(tenant) as session:
        wanted = select(DueWork.run_at).where(DueWork.kind == domains.KIND, DueWork.tenant_id == tenant.id)
        found: datetime | None = session.scalars(wanted).one_or_none()
        return found


def test_two_chains_may_claim_a_host_and_the_one_that_shows_it_has_it(
    database: RolledBackDatabase, tenant: TenantContext, other_tenant: TenantContext, world: World
) -> None:
    domains.claim(database, other_tenant, HOST)
    claim = domains.claim(database, tenant, HOST)
    world.records[f"_shopbell.{HOST}"] = ownership.proof(claim.token)
    assert domains.look(database, other_tenant, HOST, world.outside) == "other_proof"
    assert domains.look(database, tenant, HOST, world.outside) == ""
    with pytest.raises(HostTaken):
        domains.claim(database, other_tenant, HOST)
    with database.transaction(None) as directory:
        assert domains.settle(directory, other_tenant, HOST, "") == HostTaken.code
    assert Directory(database).by_host(HOST) == tenant


def test_links_may_use_an_own_host_and_the_primary_one_cannot_go(
    database: RolledBackDatabase, tenant: TenantContext
) -> None:
    with database.transaction(None) as directory:
        domains.enter(directory, tenant, HOST)
        domains.enter(directory, tenant, HOST)
        domains.make_primary(directory, tenant, HOST)
        for host in (HOST, "elsewhere.example"):
            with pytest.raises(NoSuchHost):
                domains.remove(directory, tenant, host)
        with pytest.raises(NoSuchHost):
            domains.make_primary(directory, tenant, "elsewhere.example")
    found = Directory(database).by_host(tenant.host)
    assert found
    assert found.host == HOST
    with database.transaction(None) as directory:
        domains.make_primary(directory, tenant, tenant.host)
        domains.remove(directory, tenant, HOST)
    assert Directory(database).by_host(HOST) is None


@pytest.mark.parametrize("host", ["no host", "localhost", "", "a..b", "nova.localhost", "x" * 300])
def test_what_cannot_be_a_host_of_theirs_is_refused(
    database: RolledBackDatabase, tenant: TenantContext, host: str
) -> None:
    with pytest.raises(Invalid) as refused:
        domains.claim(database, tenant, host)
    assert list(refused.value.fields) == ["host"]
