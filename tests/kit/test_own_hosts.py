"""The installation's own hosts: what is there is nowhere else, and what chains have is not there."""

from __future__ import annotations

import pytest
from flask import Blueprint
from flask.testing import FlaskClient
from sqlalchemy import text

from shopbell.errors import Invalid
from shopbell.http import current_session, open_to_all
from shopbell.http.app import ShopbellApp
from shopbell.http.doors import TENANTLESS
from shopbell.pages import install_pages
from shopbell.tenancy import OWN_HOSTS, tenant_or_none
from tenants.provisioning import NewTenant, check
from tenants.resolve import Directory


def page(host: str) -> Blueprint:
    """A page at /where and one at /only-<host>/, at this host alone; without a name at every chain's."""
    blueprint = Blueprint(f"at_{host}", __name__)

    @open_to_all("only this test asks")
    def where() -> str:
        tenant = tenant_or_none()
        schema = current_session().scalar(text("select current_setting('search_path')"))
        return f"{host or 'chain'} {tenant.slug if tenant else 'nobody'} {schema}"

    blueprint.add_url_rule("/where", "where", where)
    blueprint.add_url_rule(f"/only-{host}/", "only", where)
    return blueprint


@pytest.fixture
def browser(settings, database) -> FlaskClient:
    app = ShopbellApp(settings, database, Directory(database).door)
    install_pages(app)
    for host in ("", *OWN_HOSTS):
        app.register_blueprint(page(host), subdomain=host or None)
    return app.test_client()


def ask(browser: FlaskClient, host: str, path: str) -> tuple[int, str]:
    answer = browser.get(path, base_url=f"http://{host}:8000")
    return answer.status_code, answer.text


def test_an_address_means_what_its_host_says(browser, tenant):
    assert ask(browser, "admin.localhost", "/where") == (200, "admin nobody no_tenant")
    assert ask(browser, "ADMIN.localhost", "/where") == (200, "admin nobody no_tenant")
    assert ask(browser, "start.localhost", "/where") == (200, "start nobody no_tenant")
    assert ask(browser, tenant.host, "/where") == (200, f"chain {tenant.slug} {tenant.schema}")


def test_what_one_host_has_is_not_at_the_others(browser, tenant):
    hosts = {"": tenant.host, "admin": "admin.localhost", "start": "start.localhost"}
    for owner in hosts:
        for asked, host in hosts.items():
            assert ask(browser, host, f"/only-{owner}/")[0] == (200 if asked == owner else 404), (owner, asked)


@pytest.mark.parametrize("host", ["admin.nobody.localhost", "admin.example.com", "xadmin.localhost", "admin"])
def test_a_host_that_looks_like_one_is_none(browser, host):
    status, said = ask(browser, host, "/where")
    assert status == 404
    assert "nobody" not in said


def test_a_slash_that_is_missing_leads_to_the_same_host(browser):
    answer = browser.get("/only-admin", base_url="http://admin.localhost:8000")
    assert answer.status_code == 308
    assert answer.location == "http://admin.localhost:8000/only-admin/"


def plain(app: ShopbellApp, host: str) -> set[str]:
    """The addresses without ids that a host has."""
    rules = (rule for rule in app.url_map.iter_rules() if rule.subdomain == host and not rule.arguments)
    return {rule.rule for rule in rules if not rule.rule.startswith(TENANTLESS)}


def test_no_page_of_the_product_is_at_a_host_that_is_not_its_own(app, tenant):
    browser = app.test_client()
    hosts = {"": tenant.host} | {name: f"{name}.localhost" for name in OWN_HOSTS}
    found = {
        (host, path)
        for owner in hosts
        for host in hosts
        for path in plain(app, owner) - plain(app, host)
        if owner != host and ask(browser, hosts[host], path)[0] != 404
    }
    assert found == set()


def test_what_belongs_to_no_chain_answers_everywhere(app, tenant):
    for host in (tenant.host, "admin.localhost", "start.localhost"):
        assert ask(app.test_client(), host, "/healthz")[0] == 200


@pytest.mark.parametrize("slug", OWN_HOSTS)
def test_no_chain_can_be_called_like_an_own_host(slug):
    with pytest.raises(Invalid):
        check(NewTenant(slug, "Somebody", "salon", "en"))
