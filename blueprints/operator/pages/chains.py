"""The list of chains, and new ones."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from blueprints.access import api as access
from blueprints.operator import credentials
from blueprints.operator.errors import UnknownOrder
from blueprints.operator.pages.blueprint import PAGE_SIZE, PAGES, show, trade
from blueprints.operator.queries import chains as queries
from blueprints.operator.queries.chains import Filter
from blueprints.operator.service import chains as service
from shopbell.errors import Invalid
from shopbell.http import current_session, permit
from shopbell.http.context import application
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.pages import see
from shopbell.pages.forms import Form
from shopbell.pages.paging import paging
from tenants import migrate
from tenants.creation import OPEN
from tenants.packs import PACKS
from tenants.provisioning import NewTenant

LONGEST_SEARCH = 100
REFRESH_SECONDS = "2"
USUAL = {"time_zone": "Asia/Shanghai", "currency": "CNY", "country": "CN"}


@PAGES.get("/")
@permit("operator.read")
def chains() -> Response:
    """Every chain, searched by name and host, by its state, server and trade."""
    directory, database, asked = current_session(), application().database, Form(request.args)
    settings = application().settings
    words = asked.text("q").replace("\x00", "")[:LONGEST_SEARCH]
    wanted = Filter(words, asked.text("status"), asked.text("server"), asked.text("pack"))
    everything = ("", _("All"))
    page = paging(queries.count(directory, wanted), PAGE_SIZE)
    return show(
        "chains.html",
        asked=asked,
        rows=queries.page(directory, database, wanted, start=page.start, size=page.size),
        page=page,
        newest=migrate.head("tenant"),
        signing_up=dict(settings.sign_up_limits) if settings.sign_up else None,
        orders=[order for order in queries.latest_orders(directory) if order.state in OPEN],
        server_choices=[everything, *((name, name) for name in database.servers)],
        pack_choices=[everything, *((name, trade(name)) for name in queries.packs(directory))],
    )


@PAGES.get("/chains/new")
@permit("operator.create")
def new_chain() -> Response:
    return show_new(Form(USUAL))


@PAGES.post("/chains/new")
@permit("operator.create")
def order_chain() -> Response:
    """Asked for here, made by a worker: the page that follows says how far it has come, and may be left."""
    form, directory, made = Form(request.form), current_session(), list[UUID]()
    if not form.attempt(directory, lambda: made.append(ordered(form))):
        form.errors = {name: sentences().get(name, hint) for name, hint in form.errors.items()}
        return show_new(form)
    return see(url_for("operator.order", order_id=made[0]))


@PAGES.get("/orders/<uuid:order_id>")
@permit("operator.create")
def order(order_id: UUID) -> Response:
    found = queries.order(current_session(), order_id)
    if found is None:
        raise UnknownOrder
    host = f"{found.slug}.{application().settings.base_domain}"
    response = show("order.html", order=found, host=host, open=found.state in OPEN)
    if found.state in OPEN:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


def ordered(form: Form) -> UUID:
    owner = form.text("owner_email")
    if access.account_email(owner) is None:
        raise Invalid(fields={"owner_email": ""})
    new = NewTenant(
        slug=form.text("slug"),
        name=form.text("name"),
        pack=form.text("pack"),
        locale=form.text("locale"),
        time_zone=form.text("time_zone"),
        currency=form.text("currency").upper(),
        country=form.text("country").upper(),
    )
    server = form.text("server") or None
    database, by = application().database, credentials.author()
    return service.order(current_session(), database, new, owner_email=owner, server=server, by=by)


def sentences() -> dict[str, str]:
    return {
        "slug": _("Choose 3 to 40 lower-case letters, digits and hyphens that no other chain uses."),
        "name": _("Enter a name of at most %(n)s characters.", n=120),
        "owner_email": _("Enter an e-mail address, for example an@example.com."),
        "time_zone": _("Enter the name of a time zone, for example Asia/Shanghai."),
    }


def show_new(form: Form) -> Response:
    servers = application().database.servers
    return show(
        "new_chain.html",
        form.status,
        form=form,
        packs=[(key, trade(key)) for key in sorted(PACKS)],
        locales=list(LOCALES.items()),
        servers=[("", _("The one with the fewest chains")), *((name, name) for name in servers)],
    )
