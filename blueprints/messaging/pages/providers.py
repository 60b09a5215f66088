"""Head office's pages of the chain's own accounts with providers of text messages. Secrets go in and never come out."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from blueprints.messaging.channels.sms.adapters import capabilities
from blueprints.messaging.errors import UnknownAccount
from blueprints.messaging.links import hook_link
from blueprints.messaging.models import OwnSmsAccount
from blueprints.messaging.pages import words
from blueprints.messaging.pages.blueprint import PAGES
from blueprints.messaging.service import own_accounts, routes
from blueprints.messaging.service.own_accounts import AccountInput
from shopbell.http import concerns, current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.sms_providers import MICROS, PROVIDERS, PURPOSES, SmsProvider

OPTIONS = {
    "twilio": (),
    "alibaba": ("region",),
    "tencent": ("app", "region"),
    "sns": ("region",),
    "smpp": ("system_type", "long"),
}
"""What only this provider asks for."""
NOT_A_PRICE = -1


@PAGES.get("/messages/providers")
@permit("messaging.providers")
def providers() -> Response:
    """The chain's own accounts and those of the installation, in the order in which they are asked."""
    session = current_session()
    return render(
        "messaging/providers.html",
        rows=own_accounts.accounts(session),
        states={state.account.key: state.standing for state in routes.overview(session)},
        common=[state.account for state in routes.overview(session) if not state.account.tenant_id],
        kinds=PROVIDERS,
        words=words,
    )


@PAGES.get("/messages/providers/new/<provider>")
@permit("messaging.providers")
def new_provider(provider: str) -> Response:
    return show_form(Form({"enabled": "yes", "rate": "0", "position": "0"}), known(provider), None)


@PAGES.post("/messages/providers/new/<provider>")
@permit("messaging.providers")
def add_provider(provider: str) -> Response:
    form, session, made = Form(request.form), current_session(), list[OwnSmsAccount]()
    kind = known(provider)
    if not form.attempt(session, lambda: made.append(own_accounts.add(session, read(form, kind)))):
        return show_form(form, kind, None)
    concerns(made[0].id)
    return redirect(url_for(".edit_provider", account_id=made[0].id, saved="1"), 303)


@PAGES.get("/messages/providers/<uuid:account_id>")
@permit("messaging.providers")
def edit_provider(account_id: UUID) -> Response:
    found = own_accounts.account(current_session(), account_id)
    return show_form(filled(found), found.provider, found)


@PAGES.post("/messages/providers/<uuid:account_id>")
@permit("messaging.providers")
def change_provider(account_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = own_accounts.account(session, account_id)
    if not form.attempt(session, lambda: own_accounts.change(session, account_id, read(form, found.provider))):
        return show_form(form, found.provider, found)
    return redirect(url_for(".edit_provider", account_id=account_id, saved="1"), 303)


@PAGES.post("/messages/providers/<uuid:account_id>/removal")
@permit("messaging.providers")
def remove_provider(account_id: UUID) -> Response:
    own_accounts.remove(current_session(), account_id)
    return redirect(url_for(".providers", saved="1"), 303)


def known(provider: str) -> str:
    """Raises UnknownAccount."""
    if provider not in PROVIDERS:
        raise UnknownAccount
    return provider


def show_form(form: Form, provider: str, row: OwnSmsAccount | None) -> Response:
    abilities = capabilities(SmsProvider("", provider))
    # What was typed as a secret is the one thing that does not come back.
    form.values = MultiDict((name, value) for name, value in form.values.items(multi=True) if name != "secret")
    return render(
        "messaging/provider.html",
        form.status,
        form=form,
        provider=provider,
        row=row,
        hook=hook_link(row.hook) if row and provider != "smpp" and abilities.inbound else "",
        free_text=abilities.free_text,
        options=OPTIONS[provider],
        purposes=[(name, _(words.PURPOSES[name])) for name in PURPOSES],
        words=words,
    )


def filled(row: OwnSmsAccount) -> Form:
    """The form as it was saved, without the secret."""
    prices = [f"{prefix} {Decimal(price) / MICROS:f}" for prefix, price in sorted(row.prices.items())]
    form = Form(
        {
            **{name: getattr(row, name) for name in ("label", "identity", "sender", "base", "currency")},
            **{name: str(getattr(row, name)) for name in ("rate", "position")},
            **{f"option.{name}": str(value) for name, value in row.options.items()},
            "prefixes": " ".join(row.prefixes),
            "addresses": " ".join(row.addresses),
            "prices": "\n".join(prices),
            "enabled": "yes" if row.enabled else "",
        }
    )
    form.values.setlist("purposes", row.purposes)
    return form


def read(form: Form, provider: str) -> AccountInput:
    return AccountInput(
        provider=provider,
        label=form.text("label"),
        identity=form.text("identity"),
        secret=form.text("secret"),
        sender=form.text("sender"),
        base=form.text("base"),
        addresses=_listed(form, "addresses"),
        prefixes=_listed(form, "prefixes"),
        purposes=tuple(form.values.getlist("purposes")),
        options={name: form.text(f"option.{name}") for name in OPTIONS[provider] if form.text(f"option.{name}")},
        prices=dict(_price(line) for line in form.text("prices").splitlines() if line.strip()),
        currency=form.text("currency").upper(),
        rate=form.number("rate"),
        position=form.number("position"),
        enabled=form.text("enabled") == "yes",
    )


def _listed(form: Form, name: str) -> tuple[str, ...]:
    return tuple(form.text(name).replace(",", " ").split())


def _price(line: str) -> tuple[str, int]:
    """A beginning of numbers and the price of a part in millionths; NOT_A_PRICE is refused by the service."""
    prefix, _space, price = line.strip().partition(" ")
    try:
        micros = Decimal(price.strip().replace(",", ".")) * MICROS
        return prefix, int(micros) if micros.is_finite() else NOT_A_PRICE
    except InvalidOperation:
        return prefix, NOT_A_PRICE
