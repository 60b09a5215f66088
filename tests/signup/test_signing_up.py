"""From the first form to head office; and what a stranger cannot do on the way."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from blueprints.registry import seeders
from blueprints.signup import rules, service
from blueprints.signup.models import SignUp
from infra.devtools.mailbox import parse, part_text
from infra.devtools.tools import DevTools
from shopbell import clock, due, ids
from shopbell.due import DueWork
from shopbell.http.app import ShopbellApp
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from shopbell.vault import masters
from tenants import provisioning
from tenants.models import TenantCreation
from tenants.resolve import Directory
from tests.messaging.outside import installed, reach
from tests.signup.conftest import EMAIL, START, WISH
from tests.support.database import RolledBackDatabase

RunJobs = Callable[[], int]
PASSWORD = "seven grey umbrellas"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[DevTools]:
    """A mail server that keeps what it gets, as the one of this installation."""
    tools = DevTools()
    tools.start()
    with installed(reach(settings, tools)):
        yield tools
    tools.close()


def rows(database: RolledBackDatabase) -> list[SignUp]:
    with database.transaction(None) as directory:
        return list(directory.scalars(select(SignUp).order_by(SignUp.id)))


def orders(database: RolledBackDatabase) -> list[TenantCreation]:
    with database.transaction(None) as directory:
        return list(directory.scalars(select(TenantCreation).order_by(TenantCreation.id)))


def ask(stranger: FlaskClient, **changed: str) -> None:
    assert stranger.post("/", data={**WISH, **changed}).location == "/sent"


def link(database: RolledBackDatabase) -> str:
    """Where the latest link leads."""
    return f"/check/{service.token_of(rows(database)[-1])}"


def standing(database: RolledBackDatabase, state: str) -> None:
    """How far a worker has come."""
    with database.transaction(None) as directory:
        directory.scalars(select(TenantCreation)).one().state = state


@pytest.mark.proves("T1")
def test_a_stranger_signs_up_confirms_the_address_and_works_at_head_office(
    stranger: FlaskClient,
    app: ShopbellApp,
    database: RolledBackDatabase,
    run_jobs: RunJobs,
    mailbox: DevTools,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = stranger.get("/?lang=en").text
    assert "Start with your chain" in first
    assert "To begin with: 3 branches, 1000 appointments a month, 1000 messages a month." in first
    ask(stranger, email=f" {EMAIL.upper()} ")
    run_jobs()
    (entry,) = mailbox.mailbox.listing()
    mail = parse(base64.b64decode(entry["raw"]))
    found = re.search(rf"{START}(/check/\S+)", part_text(mail, "plain"))
    assert entry["envelope_to"] == [EMAIL]
    assert found
    assert "Nova" not in str(mail), "nobody writes to anybody in our name"
    page = stranger.get(found[1])
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    assert "3 branches, 1000 appointments a month, 1000 messages a month" in page.text
    assert orders(database) == [], "looking orders nothing"
    progress = stranger.post(found[1], data={"slug": "nova-eyes"}).location
    assert stranger.get(progress).headers["Refresh"] == "2"
    run_jobs()
    ready = stranger.get(progress)
    assert ("Your chain is ready" in ready.text, "Refresh" in ready.headers) == (True, False)
    assert (
        "form-action 'self' http://nova-eyes.localhost:8000;"
        in stranger.get(progress).headers["Content-Security-Policy"]
    )
    password = stranger.post(progress).location
    assert password.startswith("http://nova-eyes.localhost:8000/welcome/")
    monkeypatch.setattr(app.directory, "database", database)
    chain = app.test_client()
    assert chain.post(password, data={"password": PASSWORD, "again": PASSWORD}).location == "/sign-in?welcome=1"
    base = "http://nova-eyes.localhost:8000"
    signed_in = chain.post("/sign-in", base_url=base, data={"email": EMAIL, "password": PASSWORD})
    assert chain.get(signed_in.location, base_url=base).location == "/hq/"
    made = Directory(database).by_slug("nova-eyes")
    assert made
    limits = made.allowances
    assert {name: limits[name].limit for name in limits} == {"branches": 3, "bookings": 1000, "messages": 1000}
    assert "Add your first branch" in chain.get("/hq/?lang=en", base_url=base).text
    assert stranger.post(progress).location == f"{base}/sign-in", "no second password by the same link"
    assert stranger.get(found[1]).location == progress


def test_a_worker_that_is_killed_half_way_leaves_work_that_another_one_ends(
    stranger: FlaskClient, database: RolledBackDatabase, run_jobs: RunJobs, mailbox: DevTools
) -> None:
    ask(stranger)
    stranger.post(link(database), data={"slug": "nova-eyes"})
    (order,) = orders(database)
    wish = provisioning.NewTenant(**order.asked)
    provisioning.create(database, wish, base_domain="localhost", seeders=seeders(), tenant_id=order.id)
    standing(database, "building")
    run_jobs()
    assert orders(database)[0].state == "done"
    assert stranger.post(link(database).replace("check", "progress")).location.startswith(
        "http://nova-eyes.localhost:8000/welcome/"
    )


def test_confirming_twice_orders_one_chain(stranger: FlaskClient, database: RolledBackDatabase) -> None:
    ask(stranger)
    for _time in range(2):
        assert stranger.post(link(database), data={"slug": "nova-eyes"}).location.startswith("/progress/")
    assert [order.slug for order in orders(database)] == ["nova-eyes"]
    assert orders(database)[0].owner_email == EMAIL


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " \u200b"}, "Enter a name"),
        ({"name": "n" * 81}, "Enter a name"),
        ({"slug": "No Va"}, "3 to 40 small letters"),
        ({"slug": "admin"}, "kept for the service"),
        ({"slug": "sh1t"}, "cannot be used"),
        ({"slug": "lumi-test"}, "Another chain uses"),
        ({"pack": "bank"}, "Choose your trade"),
        ({"locale": "de"}, "one of our languages"),
        ({"country": "XX"}, "Choose one of the list"),
        ({"currency": "EURO"}, "Choose one of the list"),
        ({"time_zone": "../etc/passwd"}, "Choose one of the list"),
        ({"email": "lan@nova"}, "Enter an e-mail address"),
        ({"email": "lan\r\nbcc: all@example.com"}, "Enter an e-mail address"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    stranger: FlaskClient,
    database: RolledBackDatabase,
    tenant: TenantContext,
    changed: dict[str, str],
    words: str,
) -> None:
    page = stranger.post("/?lang=en", data={**WISH, **changed})
    assert page.status_code == 422
    assert words in page.text
    assert (changed.get("email", EMAIL).split("\r")[0]) in page.text
    assert rows(database) == []


@pytest.mark.parametrize("nasty", ["a\x00\u202e", "9" * 400, "\ud83d", "<script>", "%(n)s{{1}}"])
def test_nothing_that_is_typed_makes_us_stumble(
    stranger: FlaskClient, database: RolledBackDatabase, nasty: str
) -> None:
    form = {name: value.encode("utf-8", "surrogatepass") for name, value in {**WISH, "slug": nasty}.items()}
    for name in WISH:
        page = stranger.post("/", data={**form, name: nasty.encode("utf-8", "surrogatepass")})
        assert (page.status_code, "<script>" in page.text) == (422, False), name
    ask(stranger)
    assert stranger.post(link(database), data={"slug": form["slug"]}).status_code == 422
    assert orders(database) == []


def test_one_address_gets_a_few_links_and_the_rest_of_the_wishes_look_the_same(
    stranger: FlaskClient, database: RolledBackDatabase
) -> None:
    for _wish in range(rules.LINKS_PER_HOUR + 2):
        ask(stranger)
    assert len(rows(database)) == rules.LINKS_PER_HOUR
    with clock.frozen(clock.now() + timedelta(hours=1)):
        ask(stranger)
    assert len(rows(database)) == rules.LINKS_PER_HOUR + 1


def test_one_network_address_asks_so_often_only(stranger: FlaskClient, database: RolledBackDatabase) -> None:
    for number in range(rules.FORMS_PER_HOUR):
        ask(stranger, email=f"p{number}@nova.example")
    refused = stranger.post("/?lang=en", data=WISH)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 3600
    assert "Nova Eyes" in refused.text
    assert len(rows(database)) == rules.FORMS_PER_HOUR


def test_a_link_ends_after_a_day_and_none_can_be_made_up(stranger: FlaskClient, database: RolledBackDatabase) -> None:
    ask(stranger)
    address = link(database)
    with clock.frozen(clock.now() + rules.LINK_LIFE):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, data={"slug": "nova-eyes"}).status_code == 404
    made_up = service.token_of(SignUp(id=ids.uuid7(), expires_at=clock.now() + rules.LINK_LIFE))
    for token in (made_up, "x", "A" * 43, address.removeprefix("/check/")[:-1] + "_"):
        for page in ("check", "progress"):
            assert stranger.get(f"/{page}/{token}").status_code == 404
            assert stranger.post(f"/{page}/{token}").status_code == 404
    assert orders(database) == []


def test_a_name_that_was_taken_meanwhile_can_be_changed_at_the_end(
    stranger: FlaskClient, database: RolledBackDatabase, tenant: TenantContext
) -> None:
    ask(stranger)
    address = link(database)
    for slug, words in ((tenant.slug, "Another chain uses"), ("sh1t", "cannot be used"), ("", "3 to 40")):
        page = stranger.post(f"{address}?lang=en", data={"slug": slug})
        assert (page.status_code, words in page.text) == (422, True), slug
    ask(stranger, email="other@nova.example")
    stranger.post(link(database), data={"slug": "nova-eyes"})
    assert stranger.post(address, data={"slug": "nova-eyes"}).status_code == 422
    assert stranger.post(address, data={"slug": "Nova-Sight"}).status_code == 303
    assert sorted(order.slug for order in orders(database)) == ["nova-eyes", "nova-sight"]


def test_what_could_not_be_made_can_be_ordered_again(stranger: FlaskClient, database: RolledBackDatabase) -> None:
    ask(stranger)
    address = link(database)
    progress = stranger.post(address, data={"slug": "nova-eyes"}).location
    standing(database, "failed")
    assert "could not be set up" in stranger.get(f"{progress}?lang=en").text
    assert stranger.post(progress).location == progress
    assert stranger.get(address).status_code == 200
    assert stranger.post(address, data={"slug": "nova-sight"}).status_code == 303
    assert [order.slug for order in orders(database)] == ["nova-eyes", "nova-sight"]


def test_the_page_says_how_far_it_is_and_when_it_is_late(stranger: FlaskClient, database: RolledBackDatabase) -> None:
    ask(stranger)
    progress = stranger.post(link(database), data={"slug": "nova-eyes"}).location
    for state, words in (("building", "your address are made"), ("inviting", "You become its first user")):
        standing(database, state)
        page = stranger.get(f"{progress}?lang=en").text
        assert re.search(rf'aria-current="step".*{words}', page)
        assert "longer than usual" not in page
    with clock.frozen(clock.now() + rules.SLOW):
        assert "longer than usual" in stranger.get(progress).text


def test_nobody_makes_chains_without_end(
    stranger: FlaskClient, database: RolledBackDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "CHAINS_PER_ADDRESS", 1)
    for slug in ("nova-one", "nova-two"):
        ask(stranger, slug=slug)
        page = stranger.post(f"{link(database)}?lang=en", data={"slug": slug})
    assert page.status_code == 422
    assert "several chains already" in page.text
    assert [order.slug for order in orders(database)] == ["nova-one"]


@pytest.mark.parametrize(
    ("language", "words", "country"),
    [("zh-CN,zh;q=0.9", "zh-CN", "CN"), ("vi-VN,vi", "vi", "VN"), ("en-GB", "en", "SG")],
)
def test_the_browsers_language_and_its_usual_country_come_first(
    stranger: FlaskClient, language: str, words: str, country: str
) -> None:
    page = stranger.get("/", headers={"Accept-Language": language}).text
    assert f'<html lang="{words}">' in page
    assert f'<option value="{country}" selected>' in page
    assert f'<option value="{words}" selected>' in page
    assert '<html lang="vi">' in stranger.get("/?lang=vi", headers={"Accept-Language": language}).text


@pytest.mark.parametrize("address", ["/", "/sent", "/check/x", "/progress/x"])
def test_an_installation_that_lets_nobody_sign_up_says_so_on_every_page(
    stranger: FlaskClient, app: ShopbellApp, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(app, "settings", replace(app.settings, sign_up=False))
    page = stranger.get(f"{address}?lang=en")
    assert (page.status_code, "Nobody can sign up here" in page.text) == (404, True)
    assert stranger.post(address, data=WISH).status_code in {404, 405}


@pytest.mark.parametrize(
    ("environment", "given", "open_to_all"),
    [("production", "", False), ("production", "yes", True), ("development", "", True), ("development", "no", False)],
)
def test_signing_up_is_off_in_production_unless_it_is_switched_on(
    environment: str, given: str, open_to_all: bool
) -> None:
    names = ("SECRET_KEY", "BASE_DOMAIN", "SMTP_URL", "MAIL_FROM", "SMS_API_BASE", "SMS_ACCOUNT_SID", "SMS_AUTH_TOKEN")
    environ = {f"SHOPBELL_{name}": "x" for name in (*names, "SMS_FROM")}
    environ |= {"DATABASE_URL": "postgresql://x/x", "REDIS_URL": "redis://x", "SHOPBELL_ENVIRONMENT": environment}
    environ["SHOPBELL_MASTER_KEYS"] = masters.new("one")
    assert Settings.load({**environ, "SHOPBELL_SIGN_UP": given}).sign_up is open_to_all


def test_old_wishes_are_forgotten(stranger: FlaskClient, database: RolledBackDatabase) -> None:
    ask(stranger)
    with clock.frozen(clock.now() + rules.KEPT + timedelta(seconds=1)):
        ask(stranger, email="other@nova.example")
    assert [row.email for row in rows(database)] == ["other@nova.example"]


def test_a_link_that_is_over_is_not_sent_any_more(
    stranger: FlaskClient, database: RolledBackDatabase, run_jobs: RunJobs, mailbox: DevTools
) -> None:
    ask(stranger)
    with clock.frozen(clock.now() + rules.LINK_LIFE):
        run_jobs()
    assert mailbox.mailbox.listing() == []
    with database.transaction(None) as directory:
        waiting = select(DueWork.kind).where(DueWork.tenant_id == due.INSTALLATION)
        assert service.SEND not in directory.scalars(waiting).all()


def test_a_suspended_or_erased_chain_is_not_entered(
    stranger: FlaskClient, database: RolledBackDatabase, app: ShopbellApp
) -> None:
    ask(stranger)
    progress = stranger.post(link(database), data={"slug": "nova-eyes"}).location
    standing(database, "done")
    assert stranger.post(progress).status_code == 404
    assert stranger.get(progress).status_code == 404
