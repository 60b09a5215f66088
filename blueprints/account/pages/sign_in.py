"""Asking for a code. Whether anybody is known by the address makes no difference to be seen."""

from __future__ import annotations

import math

from flask import Response, g, request, url_for

from blueprints.account import rules
from blueprints.account.known import PROOF, known
from blueprints.account.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, count, network, page, wanted_page
from blueprints.account.rules import Address
from blueprints.account.service import proving
from blueprints.catalog import api as catalog
from blueprints.storefront.api import country_of
from shopbell import clock, crypto
from shopbell.errors import TooMany
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.i18n import ngettext
from shopbell.pages import see
from shopbell.pages.forms import Form
from shopbell.phone import BadPhone
from shopbell.tenancy import current_tenant

LONGEST_FIELD = 300


@PAGES.get("/sign-in")
@open_to_all(WHY_OPEN)
def sign_in() -> Response:
    if known():
        return see(wanted_page() or url_for(".home"))
    return sign_in_page(Form(), again=request.args.get("again") == "1")


@PAGES.post("/sign-in")
@open_to_all(WHY_OPEN)
@limited("account", per_minute=PER_MINUTE)
def ask_for_code() -> Response:
    form = Form(request.form)
    address = read_address(form)
    if address is None:
        return sign_in_page(form)
    try:
        count_code(address)
    except TooMany:
        form.status, form.errors = 429, {"address": too_many_codes()}
        return sign_in_page(form)
    token = proving.begin(current_session(), address, at=clock.now())
    response = see(url_for(".code", next=wanted_page()))
    PROOF.give(response, token)
    return response


def read_address(form: Form) -> Address | None:
    """The typed address; None with the form's error filled."""
    typed, sentence = form.text("address").replace("\x00", "")[:LONGEST_FIELD], ""
    try:
        found = rules.read_address(typed, countries())
    except BadPhone as refusal:
        found, sentence = None, _(refusal.message_id, example=refusal.example)
    if found is None:
        form.status = 422
        form.errors = {"address": sentence or _("Enter the mobile number or the e-mail address you book with.")}
    return found


def countries() -> list[str]:
    """Where a number without a calling code may be from: the chain's home, and wherever it has branches."""
    home = current_tenant().country
    branches = catalog.branches(current_session())
    return list(dict.fromkeys([home, *(country_of(branch.phone, home) for branch in branches)]))


def count_code(address: Address) -> None:
    """Raises TooMany. An address is counted whether or not anybody is known by it."""
    here, chain = network(), current_tenant().id
    count("codes", f"{chain}:{here}", rules.CODES_PER_NETWORK)
    for reading in address.readings:
        whose = crypto.hash_token(f"{chain}:{reading}")
        count("codes-from", f"{whose}:{here}", rules.CODES_PER_ADDRESS_AND_NETWORK)
        count("codes-to", whose, rules.CODES_PER_ADDRESS)


def too_many_codes() -> str:
    minutes = math.ceil(g.standing.seconds / 60)
    span = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes)
    return _("Too many codes were asked for.") + " " + span


def sign_in_page(form: Form, *, again: bool = False) -> Response:
    return page("sign_in.html", form.status, form=form, again=again, next=wanted_page())
