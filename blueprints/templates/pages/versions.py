"""What a place said before, said again; and what providers say about its texts."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.messaging import api as messaging
from blueprints.messaging.api import CodedAccount
from blueprints.templates import queries
from blueprints.templates.defaults import default_digest, default_parts
from blueprints.templates.pages.blueprint import PAGE_SIZE, PAGES, Where, asked_for, author, may_write, to_write
from blueprints.templates.pages.words import channel_names, occasion_names, piece_names, state_names
from blueprints.templates.queries import Spot
from blueprints.templates.service import approving, writing
from blueprints.templates.service.approving import Text, Verdict
from shopbell.errors import NotFound
from shopbell.http import current_principal, current_session, permit
from shopbell.i18n import LOCALES
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.pages.paging import paging
from shopbell.tenancy import current_tenant


@PAGES.get("/texts/<name>/<channel>/<locale>/versions")
@permit("templates.edit")
def versions(name: str, channel: str, locale: str) -> Response:
    """What the place published, newest first, with what providers say about each."""
    return show(asked_for(), Spot(name, channel, locale).checked())


@PAGES.post("/texts/versions/<uuid:text_version_id>/restoration")
@permit("templates.edit")
def restore(text_version_id: UUID) -> Response:
    """Say it again. Raises UnknownTextVersion."""
    session = current_session()
    queries.version(session, text_version_id)
    where = to_write()
    found = writing.restore(session, where.path, text_version_id, author())
    return redirect(url_for("templates.text", **vars(found.spot), place=where.text, saved="back"), 303)


@PAGES.post("/texts/<name>/<channel>/<locale>/approval")
@permit("templates.approve")
def record(name: str, channel: str, locale: str) -> Response:
    """Write down what a provider says about a text. Raises UnknownTextVersion, BadStep."""
    session, spot, form = current_session(), Spot(name, "sms", locale).checked(), Form(request.form)
    account = next((one for one in messaging.coded_accounts(session) if one.key == form.text("account")), None)
    if account is None:
        raise NotFound
    text = text_of(spot, form.id("version"))
    said = Verdict(form.text("state"), form.text("code"), form.text("reason"))
    work = approving.record
    if not form.attempt(session, lambda: work(session, account.key, account.notation, text, said, author())):
        return show(asked_for(), spot, form)
    return redirect(url_for("templates.versions", **vars(spot), place=asked_for().text, saved="1"), 303)


@PAGES.get("/texts/approvals")
@permit("templates.approve")
def approvals() -> Response:
    """Everything that was handed in anywhere, the latest first."""
    session = current_session()
    _none, total = queries.waiting_approvals(session, 0, 0)
    page = paging(total, PAGE_SIZE)
    found, _total = queries.waiting_approvals(session, page.start, PAGE_SIZE)
    return render(
        "templates/approvals.html",
        approvals=found,
        page=page,
        states=state_names(),
        occasions=occasion_names(),
        languages=LOCALES,
        accounts={one.key: one.label for one in messaging.coded_accounts(session)},
        zone=current_tenant().time_zone,
    )


@PAGES.post("/texts/approvals/<uuid:approval_id>/removal")
@permit("templates.approve")
def forget_approval(approval_id: UUID) -> Response:
    """Forget it. Raises UnknownApproval."""
    approving.forget(current_session(), approval_id)
    return redirect(url_for("templates.approvals", saved="1"), 303)


def text_of(spot: Spot, version_id: UUID | None) -> Text:
    """The words of a version, or the product's own. Raises UnknownTextVersion."""
    if version_id is None:
        return Text(spot, default_digest(*vars(spot).values()), default_parts(*vars(spot).values())["sms"])
    found = queries.version(current_session(), version_id)
    if found.spot != spot:
        raise NotFound
    return Text(spot, found.digest, found.parts["sms"], found.plain)


def show(where: Where, spot: Spot, form: Form | None = None) -> Response:
    session, form = current_session(), form or Form()
    _none, total = queries.versions(session, where.place, spot, 0, 0)
    page = paging(total, PAGE_SIZE)
    found, _total = queries.versions(session, where.place, spot, page.start, PAGE_SIZE)
    accounts = messaging.coded_accounts(session) if spot.channel == "sms" else []
    texts = [text_of(spot, one.id) for one in found] + [text_of(spot, None)] if accounts else []
    return render(
        "templates/versions.html",
        form.status,
        form=form,
        where=where,
        spot=spot,
        versions=found,
        page=page,
        held=queries.holding(session, where.path, [spot])[spot].version,
        accounts=accounts,
        approvals=queries.approvals_of(session, [text.digest for text in texts]) if texts else {},
        default_digest=default_digest(*vars(spot).values()),
        default=default_parts(*vars(spot).values()),
        handed_in={(account.key, text.digest): handed_in(account, text) for account in accounts for text in texts},
        states=state_names(),
        pieces=piece_names(),
        occasion=occasion_names()[spot.name],
        channel=channel_names()[spot.channel],
        language=LOCALES[spot.locale],
        may_write=may_write(where.place),
        may_approve=current_principal().may("templates.approve"),
        zone=current_tenant().time_zone,
    )


def handed_in(account: CodedAccount, text: Text) -> str:
    """The text as the account's provider takes it."""
    return approving.submission_of(text, account.notation).body
