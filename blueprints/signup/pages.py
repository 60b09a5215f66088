"""The pages of the host `start`: what the chain is, the check of the e-mail address, and the chain being made."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.access import api as access
from blueprints.signup import choices, rules, service
from blueprints.signup.errors import SignUpClosed, UnknownSignUp
from blueprints.signup.service import Progress
from shopbell import clock
from shopbell.errors import TooMany
from shopbell.http import current_session, limits, open_to_all
from shopbell.http.context import application, client_address
from shopbell.i18n import LOCALES, current_locale, ngettext
from shopbell.i18n import gettext as _
from shopbell.pages import private, render, see
from shopbell.pages.forms import Form
from shopbell.tenancy import TenantContext
from tenants import quotas, resolve
from tenants.packs import PACKS
from tenants.provisioning import NewTenant

PAGES = Blueprint("signup", __name__, template_folder="templates")
WHY_OPEN = "whoever signs up has no account yet"
LINK_IS_PROOF = "the link itself is the proof"
HOUR = 3600
REFRESH_SECONDS, LATE_SECONDS = "2", "30"


@PAGES.before_request
def refuse_when_closed() -> None:
    if not application().settings.sign_up:
        raise SignUpClosed(_("Ask the operator of this service for a chain of your own."))


@PAGES.get("/")
@open_to_all(WHY_OPEN)
def form() -> Response:
    usual = choices.usual()
    likely = {"country": usual.country, "currency": usual.currency, "time_zone": usual.time_zone}
    return show(Form({"locale": current_locale(), **likely}))


@PAGES.post("/")
@open_to_all(WHY_OPEN)
def ask() -> Response:
    """The same answer for everybody: what became of it is in the mail."""
    form = Form(request.form)

    def work() -> None:
        service.ask(current_session(), wish(form), form.text("email"), locale=current_locale(), at=clock.now())
        most = rules.FORMS_PER_HOUR * application().settings.rate_limit_factor
        limits.spend("sign-up", client_address(), most, window=HOUR)

    try:
        if form.attempt(current_session(), work):
            return see(url_for("signup.sent"))
    except TooMany as error:
        sentence = _("Too many links were asked for from here. Try again in an hour.")
        form.errors, form.status = {"email": sentence}, error.status
    return show(form)


@PAGES.get("/sent")
@open_to_all(WHY_OPEN)
def sent() -> Response:
    return render("signup/sent.html")


@PAGES.get("/check/<token>")
@open_to_all(LINK_IS_PROOF)
def check(token: str) -> Response:
    """Looking changes nothing: programs that read mails open links, too."""
    sign_up = service.opened(current_session(), token, at=clock.now())
    done = service.progress(current_session(), sign_up)
    if done and done.state != "failed":
        return see(url_for("signup.progress", token=token))
    return show_check(token, Form({"slug": sign_up.asked["slug"]}))


@PAGES.post("/check/<token>")
@open_to_all(LINK_IS_PROOF)
def confirm(token: str) -> Response:
    form, session, now = Form(request.form), current_session(), clock.now()
    slug = form.text("slug")
    if not form.attempt(session, lambda: service.confirm(session, application().database, token, slug, at=now)):
        return show_check(token, form)
    return see(url_for("signup.progress", token=token))


@PAGES.get("/progress/<token>")
@open_to_all(LINK_IS_PROOF)
def progress(token: str) -> Response:
    sign_up = service.opened(current_session(), token, at=clock.now())
    standing = service.progress(current_session(), sign_up)
    if standing is None:
        return see(url_for("signup.check", token=token))
    address = ""
    if standing.state == "done":
        address = g.form_target = f" {application().settings.tenant_url(chain(standing).host)}"
    late = standing.since + rules.SLOW <= clock.now()
    page = render("signup/progress.html", token=token, standing=standing, late=late, address=address.strip())
    if standing.is_open:
        page.headers["Refresh"] = LATE_SECONDS if late else REFRESH_SECONDS
    return private(page)


@PAGES.post("/progress/<token>")
@open_to_all(LINK_IS_PROOF)
def enter(token: str) -> Response:
    """On to the chain: to choose a password, or to sign in once there is one."""
    sign_up = service.opened(current_session(), token, at=clock.now())
    standing = service.progress(current_session(), sign_up)
    if standing is None or standing.state != "done":
        return see(url_for("signup.progress", token=token))
    tenant = chain(standing)
    with application().database.transaction(tenant) as session:
        path = access.way_in(session, sign_up.email, at=clock.now())
    application().directory.forget()
    return redirect(application().settings.tenant_url(tenant.host) + path, 303)


def chain(standing: Progress) -> TenantContext:
    """Raises UnknownSignUp when it was closed or erased meanwhile."""
    found = resolve.load(current_session(), standing.tenant_id)
    if found is None:
        raise UnknownSignUp()
    return found


def wish(form: Form) -> NewTenant:
    names = ("slug", "name", "pack", "locale", "time_zone", "currency", "country")
    return NewTenant(**{name: form.text(name) for name in names})


def trades() -> choices.Options:
    return [(key, _(pack.name)) for key, pack in PACKS.items()]


def sample() -> str:
    """What an address looks like."""
    settings = application().settings
    return settings.tenant_url(f"short-name.{settings.base_domain}")


def included() -> list[str]:
    """What a chain may use at first, in words; what has no limit is not named."""
    limits = dict(application().settings.sign_up_limits)
    words = {
        quotas.BRANCHES: lambda n: ngettext("%(n)s branch", "%(n)s branches", n),
        quotas.BOOKINGS: lambda n: ngettext("%(n)s appointment a month", "%(n)s appointments a month", n),
        quotas.MESSAGES: lambda n: ngettext("%(n)s message a month", "%(n)s messages a month", n),
    }
    found = [(name, limits.get(name)) for name in quotas.NAMES]
    return [words[name](limit) for name, limit in found if limit is not None]


def show(form: Form) -> Response:
    return render(
        "signup/form.html",
        form.status,
        form=form,
        trades=trades(),
        countries=choices.countries(),
        currencies=choices.currencies(),
        time_zones=choices.time_zones(),
        locales=list(LOCALES.items()),
        sample=sample(),
        included=included(),
    )


def show_check(token: str, form: Form) -> Response:
    sign_up = service.opened(current_session(), token, at=clock.now())
    asked = NewTenant(**sign_up.asked)
    page = render(
        "signup/check.html",
        form.status,
        form=form,
        asked=asked,
        email=sign_up.email,
        trade=dict(trades())[asked.pack],
        country=dict(choices.countries())[asked.country],
        currency=dict(choices.currencies())[asked.currency],
        language=LOCALES[asked.locale],
        sample=sample(),
        included=included(),
    )
    return private(page)
