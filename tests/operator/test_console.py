"""The pages of the console: who may open them, what they show, and that everything done is written down."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from blueprints.access.models import OneTimeLink, User
from blueprints.operator import rules
from blueprints.operator.models import OperatorRecord
from blueprints.operator.permissions import PERMISSIONS
from shopbell import clock, due, ids
from shopbell.due import DueWork
from tenants import quotas, resolve
from tenants.models import Domain, Tenant, TenantCreation
from tenants.resolve import Directory
from tests.conftest import MORNING

NOBODY = "00000000-0000-7000-8000-000000000000"
NEW = {
    "name": "New Chain",
    "slug": "new-chain",
    "pack": "salon",
    "locale": "vi",
    "time_zone": "Asia/Ho_Chi_Minh",
    "currency": "vnd",
    "country": "VN",
    "owner_email": "owner@new-chain.example",
}


OWN = {
    "/account",
    "/account/password",
    "/account/phone",
    "/account/phone/confirmation",
    "/account/recovery",
    "/account/sessions/*/end",
    "/account/sessions/end",
}
"""The own account: tests/operator/test_own_account.py."""


def acts(tenant_id) -> dict[str, tuple[str, dict[str, str]]]:
    """Everything that changes something: what is written down of it, with a form that works, by its address."""
    chain = f"/chains/{tenant_id}"
    return {
        f"{chain}/suspension": ("chain.suspended", {}),
        f"{chain}/resumption": ("chain.resumed", {}),
        f"{chain}/names": ("chain.renamed", {"name": "Lumi", "slug": "lumi-else"}),
        f"{chain}/limits": ("chain.limits", {"branches": "3", "bookings": "", "messages": "50"}),
        f"{chain}/hosts": ("host.added", {"host": "booking.lumi.example"}),
        f"{chain}/hosts/primary": ("host.primary", {"host": "spare.lumi.example"}),
        f"{chain}/hosts/removal": ("host.removed", {"host": "booking.lumi.example"}),
        "/chains/new": ("chain.asked_for", NEW),
    }


@pytest.fixture
def work_id(directory, tenant):
    """Work that was given up; what it failed at says more than an operator should read."""
    row = due.row(tenant.id, "test.work", "a", clock.now(), {})
    row |= {"attempts": 12, "failed_at": clock.now(), "last_error": "ValueError: 13812345678 is no number"}
    directory.add(DueWork(**row))
    directory.commit()
    return row["id"]


@pytest.fixture
def spare(directory, tenant) -> None:
    directory.add(Domain(host="spare.lumi.example", tenant_id=tenant.id, is_primary=False))
    directory.commit()


def records(database) -> list[OperatorRecord]:
    with database.transaction(None) as directory:
        return list(directory.scalars(select(OperatorRecord).order_by(OperatorRecord.id)))


def everything(database) -> list[str]:
    with database.transaction(None) as directory:
        tables = ("tenants", "domains", "tenant_creations", "due_work")
        return [
            directory.scalar(text(f"select md5(string_agg(t::text, '' order by 1)) from shared.{t} t")) for t in tables
        ]


def pages(tenant_id) -> list[str]:
    return ["/", "/chains/new", f"/chains/{tenant_id}", "/health", "/records"]


def test_every_route_of_the_host_is_looked_at_here(app, tenant):
    known = {re.sub(r"<[^>]+>", "*", rule.rule) for rule in app.url_map.iter_rules() if rule.subdomain == "admin"}
    here = {*pages("*"), *acts("*"), "/orders/*", "/work/*/*/again", "/sign-in", "/sign-in/code", "/sign-out", *OWN}
    assert known == here


@pytest.mark.usefixtures("spare")
def test_nobody_who_is_not_signed_in_sees_or_changes_anything(visitor, tenant, database, work_id):
    before = everything(database)
    for address in pages(tenant.id):
        answer = visitor.get(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), address
    for address, (_, form) in acts(tenant.id).items():
        assert visitor.post(address, data=form).status_code == 303, address
    assert visitor.post(f"/work/main/{work_id}/again").status_code == 303
    assert everything(database) == before


@pytest.mark.usefixtures("spare")
def test_an_observer_sees_and_changes_nothing(console, tenant, database, work_id):
    browser, before = console("observer"), everything(database)
    for address in pages(tenant.id):
        assert browser.get(address).status_code == (403 if address == "/chains/new" else 200), address
    for address, (_, form) in acts(tenant.id).items():
        assert browser.post(address, data=form).status_code == 403, address
    assert browser.post(f"/work/main/{work_id}/again").status_code == 403
    assert everything(database) == before
    assert "<form" not in re.sub(r'<form method="post" action="/sign-out">.*?</form>', "", page_of(browser, tenant))


def page_of(browser, tenant) -> str:
    return browser.get(f"/chains/{tenant.id}").text


@pytest.mark.usefixtures("spare")
def test_everything_an_operator_does_is_written_down(console, tenant, database, work_id):
    browser = console()
    for address, (what, form) in acts(tenant.id).items():
        answer = browser.post(address, data=form)
        assert answer.status_code == 303, (address, answer.text)
        last = records(database)[-1]
        assert (last.what, last.who, last.address) == (what, "Operator", "127.0.0.1"), address
        assert last.tenant_id == (tenant.id if address != "/chains/new" else None)
        assert last.what in rules.RECORDED
    assert browser.post(f"/work/main/{work_id}/again").status_code == 303
    assert records(database)[-1].what == "work.again"
    shown = browser.get("/records").text
    assert shown.count("<tr>") == 1 + len(records(database))


def test_no_other_sites_form_does_anything(console, tenant, database):
    answer = console().post(f"/chains/{tenant.id}/suspension", headers={"Origin": f"http://{tenant.host}:8000"})
    assert answer.status_code == 403
    with database.transaction(None) as directory:
        assert resolve.is_open(directory, tenant.id)


def test_what_is_not_there_is_not_found(console):
    browser = console()
    for address, (_, form) in acts(NOBODY).items():
        if NOBODY in address:
            assert browser.post(address, data=form).status_code == 404, address
    for address in (f"/chains/{NOBODY}", f"/orders/{NOBODY}"):
        assert browser.get(address).status_code == 404
    for server in ("main", "nowhere"):
        assert browser.post(f"/work/{server}/{NOBODY}/again").status_code == 404


def test_suspending_closes_a_chain_and_resuming_opens_it(console, database, tenant):
    browser = console()
    for act, closed, words in (("suspension", True, "Switch on again"), ("resumption", False, "Switch off")):
        browser.post(f"/chains/{tenant.id}/{act}")
        door = Directory(database).door(tenant.host)
        assert door is not None
        assert door.suspended == closed
        assert words in page_of(browser, tenant)


WRONG = [
    ("names", {"name": "Lumi", "slug": "admin"}, "f-slug"),
    ("names", {"name": "Lumi", "slug": "other-test"}, "f-slug"),
    ("names", {"name": " ", "slug": "lumi-test"}, "f-name"),
    ("limits", {"branches": "three", "bookings": "1", "messages": "1"}, "f-branches"),
    ("limits", {"branches": "1", "bookings": "-1", "messages": "9999999999"}, "f-messages"),
    ("hosts", {"host": "no host"}, "f-host"),
    ("hosts", {"host": "start.localhost"}, "f-host"),
]


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_changed(console, tenant, database):
    browser, before = console(), everything(database)
    for act, form, named in WRONG:
        answer = browser.post(f"/chains/{tenant.id}/{act}", data=form)
        assert answer.status_code in {409, 422}, form
        assert f'href="#{named}"' in answer.text, form
        for typed in filter(None, (value.strip() for value in form.values())):
            assert f'value="{typed}"' in answer.text, form
    assert everything(database) == before


def test_limits_are_set_and_taken_back(console, tenant, database):
    browser = console()
    browser.post(f"/chains/{tenant.id}/limits", data={"branches": "3", "bookings": "1000", "messages": ""})
    with database.transaction(None) as directory:
        found = resolve.find(directory, tenant.id)
        assert found is not None
        assert [found.allowance(name).limit for name in quotas.NAMES] == [3, 1000, None]
    assert 'value="1000"' in page_of(browser, tenant)
    assert records(database)[-1].detail == {"branches": [None, 3], "bookings": [None, 1000]}
    browser.post(f"/chains/{tenant.id}/limits", data={})
    with database.transaction(None) as directory:
        found = resolve.find(directory, tenant.id)
        assert found is not None
        assert found.allowance("branches").limit is None


def test_chains_are_found_by_name_host_and_state(console, tenant, other_tenant):
    browser = console()

    def found(**asked: str) -> set[str]:
        shown = browser.get("/", query_string=asked).text
        return {chain.slug for chain in (tenant, other_tenant) if f"/chains/{chain.id}" in shown}

    both = {tenant.slug, other_tenant.slug}
    assert found() == both
    assert found(q="LUMI") == {tenant.slug}
    assert found(q=other_tenant.host) == {other_tenant.slug}
    assert found(q="100%_") == set()
    assert found(q="\x00") == both
    assert found(status="suspended") == set()
    assert found(status="active", server="main", pack=tenant.pack) >= {tenant.slug}
    assert found(server="nowhere") == set()


def test_the_list_pages_and_asks_as_much_for_many_as_for_few(console, database, tenant, counted):
    browser = console()
    few = counted(lambda: browser.get("/"))
    with database.transaction(None) as directory:
        shape = directory.get(Tenant, tenant.id)
        for number in range(40):
            values = {column.name: getattr(shape, column.name) for column in Tenant.__table__.columns}
            one = {"id": ids.uuid7(), "slug": f"many-{number:02}", "schema_name": f"t_many_{number:02}"}
            directory.add(Tenant(**{**values, **one}))
            directory.flush()
            directory.add(Domain(host=f"many-{number:02}.localhost", tenant_id=one["id"]))
    assert counted(lambda: browser.get("/")) == few
    assert "many-05" not in browser.get("/?page=2").text
    assert "many-39" in browser.get("/?page=2").text


@pytest.mark.proves("T1")
def test_a_chain_is_asked_for_made_by_a_worker_and_its_first_user_invited(console, database, run_jobs):
    browser = console()
    answer = browser.post("/chains/new", data=NEW)
    assert answer.status_code == 303
    waiting = browser.get(answer.location)
    assert "A worker makes it" in waiting.text
    assert waiting.headers["Refresh"] == "2"
    assert "is being made" in browser.get("/").text
    run_jobs()
    ready = browser.get(answer.location)
    assert "http://new-chain.localhost" in ready.text
    assert "Refresh" not in ready.headers
    tenant = Directory(database).by_slug("new-chain")
    assert tenant is not None
    with database.transaction(tenant) as session:
        owner = session.scalars(select(User)).one()
        assert (owner.email, owner.locale) == ("owner@new-chain.example", "vi")
        assert session.scalar(select(func.count()).select_from(OneTimeLink)) == 1
    with database.transaction(None) as directory:
        order = directory.get(TenantCreation, tenant.id)
        assert (order.state, order.owner_email) == ("done", None)


NO_CHAIN = [
    {"slug": "admin"},
    {"slug": "lumi-test"},
    {"slug": "A b"},
    {"name": ""},
    {"owner_email": "nobody"},
    {"time_zone": "Mars"},
    {"pack": "bakery"},
    {"locale": "fr"},
    {"server": "nowhere"},
]


def test_a_chain_that_cannot_be_is_not_asked_for(console, database):
    browser, before = console(), everything(database)
    for wrong in NO_CHAIN:
        answer = browser.post("/chains/new", data={**NEW, **wrong})
        assert answer.status_code in {409, 422}, wrong
        assert 'role="alert"' in answer.text, wrong
        assert "name" in wrong or 'value="New Chain"' in answer.text, wrong
    assert everything(database) == before


def test_a_name_that_was_taken_meanwhile_fails_in_words(console, database, run_jobs):
    browser = console()
    order = browser.post("/chains/new", data=NEW).location
    assert browser.post("/chains/new", data=NEW).status_code == 409
    with database.transaction(None) as directory:
        directory.execute(text("update shared.tenants set slug = 'new-chain' where slug = 'other-test'"))
    run_jobs()
    shown = browser.get(order).text
    assert "could not be made: Another chain uses this short name. Nothing of it is left." in shown
    assert "Start again" in shown


def test_the_health_page_tells_of_work_that_was_given_up_and_nothing_personal(console, tenant, work_id, database):
    browser = console()
    shown = browser.get("/health").text
    assert "test.work" in shown
    assert "ValueError" in shown
    assert "13812345678" not in shown
    browser.post(f"/work/main/{work_id}/again")
    with database.transaction(None) as directory:
        row = directory.get(DueWork, work_id)
        assert (row.failed_at, row.attempts, row.run_at) == (None, 0, MORNING)
    assert "test.work" not in browser.get("/health").text


def test_a_chain_without_a_worker_is_seen_to_be_so(console, tenant, database):
    browser = console()
    assert "none yet" in page_of(browser, tenant)
    used = dict.fromkeys(quotas.NAMES, 1)
    with database.transaction(None) as directory:
        quotas.note(directory, tenant, MORNING.date(), used, failed=0)
    assert "badge ok" in sign_of_life(page_of(browser, tenant))
    with clock.frozen(MORNING + rules.SILENT - timedelta(seconds=1)):
        assert "badge ok" in sign_of_life(page_of(browser, tenant))
    with database.transaction(None) as directory, clock.frozen(MORNING - rules.SILENT - timedelta(minutes=1)):
        quotas.note(directory, tenant, MORNING.date(), used, failed=0)
    assert "badge warn" in sign_of_life(page_of(browser, tenant))


def sign_of_life(page: str) -> str:
    return page.partition("Last sign of life")[2].partition("</dd>")[0]


def test_every_page_holds_to_the_content_security_policy(console, tenant):
    browser = console()
    for address in pages(tenant.id):
        answer = browser.get(address)
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert " style=" not in answer.text, address
        assert not re.search(r"\son[a-z]+=|<script(?![^>]*src=)", answer.text), address
        found = re.findall(r'\sid="([^"]+)"', answer.text)
        assert len(found) == len(set(found)), address


def test_permissions_of_operators_are_no_chains_to_give(app):
    assert not set(PERMISSIONS) & set(app.permissions)
