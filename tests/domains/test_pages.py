"""Head office adds a name of its own, shows that it is theirs, and has links lead to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from shopbell import clock
from shopbell.due import DueWork
from shopbell.tenancy import TenantContext
from tenants import domains, ownership
from tenants.models import Domain, DomainClaim
from tests.support.database import RolledBackDatabase

SignIn = Callable[..., FlaskClient]
HOST = "booking.nova.example"
PAGE = "/hq/domains"


@pytest.fixture
def office(sign_in_as: SignIn, tenant: TenantContext) -> FlaskClient:
    return sign_in_as("hq")


def claims(database: RolledBackDatabase, tenant: TenantContext) -> list[DomainClaim]:
    with database.transaction(None) as directory:
        return domains.claims_of(directory, tenant)


def names(database: RolledBackDatabase, tenant: TenantContext) -> dict[str, bool]:
    with database.transaction(None) as directory:
        return {named.host: named.is_primary for named in domains.of(directory, tenant)}


def shown(database: RolledBackDatabase, tenant: TenantContext, problem: str = "") -> None:
    """What a worker has found."""
    with database.transaction(None) as directory:
        domains.settle(directory, tenant, HOST, problem)


def waiting(database: RolledBackDatabase) -> list[str]:
    with database.transaction(None) as session:
        return list(session.scalars(select(DueWork.key).where(DueWork.kind == domains.KIND)))


@pytest.mark.proves("T1")
def test_a_name_is_added_shown_made_the_main_one_and_removed(
    office: FlaskClient, database: RolledBackDatabase, tenant: TenantContext
) -> None:
    assert office.post(PAGE, data={"host": f" {HOST.upper()} "}).location == f"{PAGE}?done=added"
    (claim,) = claims(database, tenant)
    assert waiting(database) == [HOST]
    page = office.get(f"{PAGE}?lang=en").text
    for told in (f"_shopbell.{HOST}", ownership.proof(claim.token), f"https://{HOST}{ownership.PATH}", tenant.host):
        assert told in page
    assert "Being looked for" in page
    shown(database, tenant)
    assert "Leads here" in office.get(f"{PAGE}?lang=en").text
    assert office.post(f"{PAGE}/{HOST}/main").status_code == 303
    assert names(database, tenant) == {HOST: True, tenant.host: False}
    assert office.post(f"{PAGE}/{tenant.host}/main").status_code == 303
    assert office.post(f"{PAGE}/{HOST}/removal").status_code == 303
    assert names(database, tenant) == {tenant.host: True}


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("no_proof", "Nothing was found yet"),
        ("other_proof", "with another text"),
        ("dns_unreachable", "did not answer"),
        ("host_taken", "leads to another chain"),
    ],
)
def test_every_reason_why_a_name_is_not_shown_is_explained(
    office: FlaskClient, database: RolledBackDatabase, tenant: TenantContext, problem: str, words: str
) -> None:
    office.post(PAGE, data={"host": HOST})
    shown(database, tenant, problem)
    page = office.get(f"{PAGE}?lang=en")
    assert words in page.text
    assert "We go on looking for a week" in page.text
    assert "Refresh" not in page.headers


def test_the_page_asks_again_while_a_worker_looks_and_then_no_more(office: FlaskClient) -> None:
    office.post(PAGE, data={"host": HOST})
    assert office.get(PAGE).headers["Refresh"] == "4"
    with clock.frozen(clock.now() + domains.FIRST_PAUSE):
        assert "Refresh" not in office.get(PAGE).headers


def test_checking_now_looks_again_but_not_all_the_time(
    office: FlaskClient, database: RolledBackDatabase, tenant: TenantContext
) -> None:
    office.post(PAGE, data={"host": HOST})
    shown(database, tenant, "no_proof")
    assert office.post(f"{PAGE}/{HOST}/check").status_code == 303
    assert claims(database, tenant)[0].tries == 1
    with clock.frozen(clock.now() + domains.GIVE_UP_AFTER + timedelta(seconds=1)):
        # The session is over by then, so the page's own function is asked.
        domains.look_again(database, tenant, HOST)
        assert (claims(database, tenant)[0].tries, claims(database, tenant)[0].claimed_at) == (0, clock.now())


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("", "Write a host name"),
        ("no host", "Write a host name"),
        ("lumi.localhost", "belongs to this service"),
    ],
)
def test_a_wrong_name_is_explained_and_kept(
    office: FlaskClient, database: RolledBackDatabase, tenant: TenantContext, host: str, words: str
) -> None:
    page = office.post(f"{PAGE}?lang=en", data={"host": host})
    assert page.status_code == 422
    assert words in page.text
    assert f'value="{host}"' in page.text
    assert claims(database, tenant) == []


def test_a_name_of_another_chain_is_refused_and_its_claims_are_out_of_reach(
    office: FlaskClient, database: RolledBackDatabase, tenant: TenantContext, other_tenant: TenantContext
) -> None:
    with database.transaction(None) as directory:
        domains.enter(directory, other_tenant, HOST)
    domains.claim(database, other_tenant, "shop.other.example")
    before = names(database, other_tenant)
    refused = office.post(f"{PAGE}?lang=en", data={"host": HOST})
    assert (refused.status_code, "leads to another chain" in refused.text) == (409, True)
    for host in (HOST, "shop.other.example", other_tenant.host, "nobody.example"):
        for what in ("main", "removal", "check"):
            assert office.post(f"{PAGE}/{host}/{what}").status_code == 404, (host, what)
    page = office.get(PAGE).text
    assert "other" not in page.replace("another", "").replace("others", "")
    assert names(database, other_tenant) == before
    assert [claim.host for claim in claims(database, other_tenant)] == ["shop.other.example"]


def test_the_same_name_may_be_claimed_by_two_and_goes_to_whoever_shows_it(
    office: FlaskClient, database: RolledBackDatabase, tenant: TenantContext, other_tenant: TenantContext
) -> None:
    domains.claim(database, other_tenant, HOST)
    assert office.post(PAGE, data={"host": HOST}).status_code == 303
    mine, theirs = claims(database, tenant)[0].token, claims(database, other_tenant)[0].token
    assert mine != theirs
    assert theirs not in office.get(PAGE).text


def test_the_name_that_always_works_and_the_main_one_stay(
    office: FlaskClient, database: RolledBackDatabase, tenant: TenantContext
) -> None:
    with database.transaction(None) as directory:
        domains.enter(directory, tenant, HOST)
    assert office.post(PAGE, data={"host": HOST}).status_code == 409
    assert office.post(f"{PAGE}/{tenant.host}/removal").status_code == 409
    office.post(f"{PAGE}/{HOST}/main")
    office.post(f"{PAGE}/{tenant.host}/removal")
    assert office.post(f"{PAGE}/{HOST}/removal").status_code in {404, 409}
    assert names(database, tenant) == {HOST: True, tenant.host: False}


def test_an_earlier_name_says_until_when_it_leads_on(
    office: FlaskClient, database: RolledBackDatabase, tenant: TenantContext
) -> None:
    with database.transaction(None) as directory:
        earlier = Domain(host="lumi-old.localhost", tenant_id=tenant.id, is_primary=False)
        earlier.redirects_until = clock.now() + timedelta(days=3)
        directory.add(earlier)
    page = office.get(f"{PAGE}?lang=en").text
    assert "Earlier name" in page
    assert office.post(f"{PAGE}/lumi-old.localhost/main").status_code == 404


def test_nobody_claims_names_without_end(office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "MOST_CLAIMS", 2)
    answers = [office.post(PAGE, data={"host": f"b{number}.nova.example"}).status_code for number in range(3)]
    assert answers == [303, 303, 422]


@pytest.mark.parametrize("role", ["manager", "frontdesk"])
def test_head_office_alone_keeps_the_names(
    sign_in_as: SignIn, database: RolledBackDatabase, tenant: TenantContext, role: str
) -> None:
    browser = sign_in_as(role)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, data={"host": HOST}).status_code == 403
    for what in ("main", "removal", "check"):
        assert browser.post(f"{PAGE}/{tenant.host}/{what}").status_code == 403
    assert claims(database, tenant) == []


def test_whoever_is_not_signed_in_is_asked_to(client: FlaskClient) -> None:
    assert client.get(PAGE).location.startswith("/sign-in")
