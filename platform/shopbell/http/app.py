"""The application class: tenant from the Host header, one transaction per request, errors as documents or pages."""

from __future__ import annotations

import logging
import secrets
import string
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from flask import Flask, Request, Response
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, UnsupportedMediaType
from werkzeug.routing import MapAdapter

from shopbell.auth import Permissions, Principal
from shopbell.db import Database, is_deadlock
from shopbell.errors import DomainError, Forbidden, NotFound
from shopbell.feature import NavigationEntry
from shopbell.http import cookies, doors, etags, framing, limits, problems, sizes, trail, trouble
from shopbell.http.context import application, this_g, this_request
from shopbell.i18n import gettext as _
from shopbell.pages.rendering import render_error
from shopbell.settings import Settings
from shopbell.tenancy import Door, TenantContext, entered

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

TRIES = 3
YEAR_SECONDS = 365 * 24 * 3600
SAFE = {"GET", "HEAD", "OPTIONS"}
UNUSED = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
"""What no page of ours asks a browser for, so nothing that slips into one may either."""


class ShopbellApp(Flask):
    """Flask with one transaction per request and a tenant per host.

    `resolve` maps a host name without port to what it leads to, or None; `authenticators` are tried in order for the
    principal.
    """

    database: Database
    settings: Settings
    resolve: Callable[[str], Door | None]
    authenticators: tuple[Callable[[], Principal | None], ...] = ()
    permissions: Permissions
    scopes: Mapping[str, str]
    """What programs may ask for, each with a msgid that says it to people."""
    navigation: tuple[NavigationEntry, ...] = ()
    framed: frozenset[str] = frozenset()
    """The blueprints whose public pages may stand in frames."""
    customers: frozenset[str] = frozenset()
    """The blueprints whose public pages are for customers."""
    greet: Callable[[], None]
    """What is done before each of those, in its transaction."""
    behind: Callable[[TenantContext], bool]
    """Whether a tenant's tables wait for a migration."""
    report: Callable[[str], Mapping[str, int]]
    """How many tenants of a database server wait for a migration, and how many failed in the last one."""
    directory: Any

    def __init__(self, settings: Settings, database: Database, resolve: Callable[[str], Door | None]) -> None:
        super().__init__("shopbell", static_folder=None, template_folder=None)
        self.settings = settings
        self.database = database
        self.resolve = resolve
        self.behind = lambda _tenant: False
        self.greet = lambda: None
        self.report = lambda _server: {}
        self.permissions = Permissions({})
        self.scopes = {}
        self.config["MAX_CONTENT_LENGTH"] = sizes.MAX_BODY
        self.register_error_handler(DomainError, self.show_domain_error)
        self.register_error_handler(HTTPException, self.show_http_error)
        self.register_error_handler(Exception, self.show_unexpected)
        self.after_request(secure_headers)
        self.after_request(limits.tell)
        self.after_request(etags.tag)
        self.after_request(cookies.give_anew)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Werkzeug reads a query as UTF-8 and stumbles over other bytes; quoted, they are only odd characters."""
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query, safe=string.punctuation, encoding="latin-1")
        framing.shift(environ)
        return super().wsgi_app(environ, start_response)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing of ours is asynchronous, and to find that out takes Flask a while at every step of a request."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Routes of the installation's own hosts are subdomains to Werkzeug; chains' hosts are none, whatever their
        names."""
        if request is None:
            return super().create_url_adapter(None)
        area = doors.area(self.settings, request)
        base = request.host[len(area) + 1 :] if area else None
        return self.url_map.bind_to_environ(request.environ, server_name=base, subdomain=area)

    def full_dispatch_request(self) -> Response:
        """Enter the host's tenant for the whole request, error pages included."""
        carried = this_g()
        carried.nonce = secrets.token_urlsafe(12)
        door, carried.trouble = doors.find(self.resolve)
        carried.door = door
        with entered(door.tenant if door else None), ExitStack() as afterwards:
            carried.resources = afterwards
            return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        """The view, then the commit: an answer leaves only when what it says is stored."""
        asked, carried = this_request(), this_g()
        doors.let_in(carried.door, carried.trouble, self.settings)
        if "\x00" in asked.path:
            raise NotFound
        framing.refuse_unframed(self)
        limits.spend_address()
        refuse_cross_origin(asked)
        refuse_wrong_type(asked)
        sizes.refuse_too_large()
        for _try in range(TRIES - 1):
            try:
                return self.in_one_transaction()
            except DBAPIError as error:
                if not is_deadlock(error):
                    raise
        return self.in_one_transaction()

    def in_one_transaction(self) -> ResponseReturnValue:
        """Run the view; what it wrote is rolled back when it raises, and a deadlock's loser may run it again."""
        carried = this_g()
        afterwards: ExitStack = carried.resources
        try:
            with ExitStack() as stack:
                carried.resources = stack
                if self.is_public(self.customers):
                    self.greet()
                answer = super().dispatch_request()
                trail.leave()
                return answer
        finally:
            # Whoever asks for a session from now on, an error page say, gets one of its own.
            carried.resources = afterwards
            carried.pop("session", None)
            carried.pop("principal", None)

    def is_public(self, blueprints: frozenset[str]) -> bool:
        """Whether the request is for a page of one of these that needs no permission."""
        asked = this_request()
        view = self.view_functions.get(asked.endpoint or "")
        return asked.blueprint in blueprints and view is not None and not hasattr(view, "permission")

    def show_domain_error(self, error: DomainError) -> ResponseReturnValue:
        if isinstance(error, Forbidden):
            trail.refused(error)
        if problems.wants_document():
            return problems.from_domain(error)
        return render_error(error)

    def show_http_error(self, error: HTTPException) -> ResponseReturnValue:
        if error.code and error.code < 400:
            return error.get_response()
        if error.code == 413:
            return self.show_domain_error(sizes.too_large())
        if problems.wants_document():
            return problems.from_http(error)
        return render_error(error)

    def show_unexpected(self, error: Exception) -> ResponseReturnValue:
        if answer := trouble.foreseen(error, self.behind):
            if isinstance(answer, doors.Moving):
                # What is remembered of the directory may be what led here.
                self.directory.forget()
            return self.show_domain_error(answer)
        incident = problems.unexpected(error)
        if problems.wants_document():
            return problems.problem(
                500, "unexpected", _("Something went wrong on our side"), _("Quote the id to support."), id=incident
            )
        return render_error(error, incident)


def refuse_cross_origin(asked: Request) -> None:
    """Refuse state changes that a browser sends from somebody else's page.

    Browsers mark where a request comes from (Sec-Fetch-Site, and Origin on older ones); other clients send neither and
    carry no cookies worth stealing. Source: OWASP CSRF prevention, fetch metadata.
    """
    if asked.method in SAFE or asked.headers.get("Authorization"):
        return
    site = asked.headers.get("Sec-Fetch-Site")
    origin = asked.headers.get("Origin")
    foreign = (
        site not in {"same-origin", "none"} if site else bool(origin) and urlsplit(origin or "").netloc != asked.host
    )
    if foreign:
        raise Forbidden(_("This form was sent from another site. Open the page again and repeat."))


def refuse_wrong_type(asked: Request) -> None:
    if not asked.path.startswith("/api/") or asked.method in SAFE:
        return
    if (asked.content_length or 0) > 0 and not asked.is_json:
        raise UnsupportedMediaType(_("Send JSON with the header Content-Type: application/json."))


def strict_transport(settings: Settings, host: str) -> str:
    """A year of https alone, for everything below the operator's own domain too. Below a chain's own domain there may
    be web sites that are not ours to decide on."""
    if not settings.is_production or settings.public_scheme != "https":
        return ""
    ours = host == settings.base_domain or host.endswith(f".{settings.base_domain}")
    return f"max-age={YEAR_SECONDS}" + ("; includeSubDomains" if ours else "")


def secure_headers(response: Response) -> Response:
    """Strict by default; a view that needs less (an embeddable page) sets its own header first."""
    headers, carried = response.headers, this_g()
    nonce, kind = carried.get("nonce", ""), response.mimetype or ""
    usual = {
        "Content-Security-Policy": f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; "
        f"style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'{carried.get('form_target', '')}; frame-ancestors {framing.ancestors()}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if framing.framed() else "same-origin",
        "Permissions-Policy": UNUSED,
    }
    if kind == "text/html" or kind.endswith("json"):
        usual["Cache-Control"] = "no-store"
    if https := strict_transport(application().settings, this_request().host.partition(":")[0]):
        headers["Strict-Transport-Security"] = https
    there = {name.lower() for name, _value in headers}
    headers.extend({name: value for name, value in usual.items() if name.lower() not in there})
    framing.keep_to_ourselves(response)
    return response
