"""Signing in through the chain's identity provider: there, and back."""

from __future__ import annotations

import logging
from uuid import UUID

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from blueprints.access import credentials, oidc, queries
from blueprints.access.oidc import Person, Refusal, Sent
from blueprints.access.pages.blueprint import GATE, apart, at_the_gate, wanted_page
from blueprints.access.pages.oidc_words import UNREACHED
from blueprints.access.pages.sign_in import START, device, signed_in
from blueprints.access.pages.users import place_of, places
from blueprints.access.service import oidc_entering, oidc_settings, oidc_visits
from blueprints.access.service.oidc_entering import Entered, TurnedAway
from blueprints.access.service.oidc_settings import Provider
from blueprints.access.service.oidc_visits import Visit
from shopbell import audit, clock
from shopbell.auth import Principal
from shopbell.http import client_address, current_principal, current_session, open_to_all
from shopbell.http.context import host_name
from shopbell.i18n import gettext as _
from shopbell.pages import private, render
from shopbell.pages.targets import safe_target
from shopbell.tenancy import current_tenant

log = logging.getLogger(__name__)


@GATE.get("/sign-in/with/<uuid:provider_id>")
@open_to_all("this is where people sign in")
def to_provider(provider_id: UUID) -> BaseResponse:
    """Send the browser to the provider, from the one address that it sends browsers back to."""
    if host_name(request) != current_tenant().host:
        return redirect(oidc_settings.address(request.full_path.rstrip("?")), 303)
    with apart() as session:
        provider = oidc_settings.provider(session, provider_id, active=True)
    try:
        return send(provider, Visit(provider.id, "sign_in", None, wanted_page(START)))
    except Refusal as refusal:
        return refused(provider, refusal)


def send(provider: Provider, visit: Visit) -> Response:
    """Raises Refusal when the provider does not say where to."""
    connection = oidc_settings.connection(provider)
    oidc.discover(provider.issuer)
    sent = oidc_visits.begin(current_session(), credentials.VISIT.read(), visit, at=clock.now())
    response = make_response(redirect(oidc.address(connection, sent), 303))
    credentials.VISIT.give(response, sent.secret)
    return response


@GATE.get(oidc_settings.BACK)
@open_to_all("somebody comes back from their identity provider, and shows here that they were sent there")
def back() -> BaseResponse:
    """The visit ends, whatever comes of it: nothing that was shown here once is taken a second time."""
    sent = Sent(credentials.VISIT.read() or "", request.args.get("state", ""))
    with apart() as session:
        visit = oidc_visits.end(session, sent, at=clock.now())
        provider = (
            oidc_settings.provider(session, visit.provider_id, active=visit.purpose == "sign_in") if visit else None
        )
    if visit is None or provider is None:
        return lost()
    try:
        person = oidc.redeem(oidc_settings.connection(provider), sent, request.args, at=clock.now())
    except Refusal as refusal:
        return refused(provider, refusal)
    if visit.purpose == "test":
        return tested(provider, visit, person)
    return enter(provider, person, visit.target)


def enter(provider: Provider, person: Person, target: str) -> BaseResponse:
    browser = credentials.browser(device())
    outcome = oidc_entering.enter(current_session(), provider, person, browser=browser, at=clock.now())
    match outcome:
        case Entered():
            if outcome.changed:
                account = outcome.proof.account
                leave_trail(Principal("staff", account.id, account.name, account.role), account.id)
            return signed_in(outcome.proof, target=safe_target(target) or START)
        case TurnedAway():
            if outcome.user_id:
                leave_trail(Principal("staff", outcome.user_id, person.name), outcome.user_id)
            log.warning("%s vouches for somebody who is turned away: %s", provider.issuer, outcome.because)
            return turned_away(outcome, provider)


def turned_away(outcome: TurnedAway, provider: Provider) -> Response:
    sentences = {
        "no_groups": _("At %(name)s you are in no group that may come in here.", name=provider.name),
        "closed": _("Your account here is closed."),
        "taken": _("Your e-mail address belongs to another account here."),
    }
    return show(outcome.because, sentences[outcome.because], _("Your head office can help."), 403)


def refused(provider: Provider, refusal: Refusal) -> Response:
    log.warning("signing in through %s was refused: %s %s", provider.issuer, refusal.code, refusal.told)
    if refusal.code in UNREACHED:
        sentence = _("%(name)s cannot be reached right now.", name=provider.name)
    else:
        sentence = _("%(name)s did not confirm who you are.", name=provider.name)
    hint = _("Nothing was changed. Please try again in a moment.")
    return show(refusal.code, sentence, hint, 502 if refusal.code in UNREACHED else 403)


def lost() -> Response:
    """A link that was kept, sent by somebody else, used before, or too old; or another chain's."""
    sentence = _("This way in was not begun in this browser, or it took too long.")
    return show("visit", sentence, _("Nothing was changed. Please try again in a moment."), 403)


def show(code: str, sentence: str, hint: str, status: int) -> Response:
    return at_the_gate("provider_refused.html", status, code=code, sentence=sentence, hint=hint)


def tested(provider: Provider, visit: Visit, person: Person) -> Response:
    """Show whoever tries the connection out what came of it; nobody is signed in by that."""
    principal = current_principal()
    if principal.id != visit.user_id or not principal.may("access.providers"):
        return lost()
    session = current_session()
    oidc_settings.note_test(session, provider.id, at=clock.now())
    leave_trail(principal, provider.id, "access.providers")
    labels, where = {role.id: role.label for role in queries.roles(session)}, places()
    wanted = dict.fromkeys(oidc_settings.given(session, provider.id, person.groups))
    given = [(labels[each.role_id], where[place_of(each)]) for each in wanted]
    return private(render("access/provider_tested.html", provider=provider, person=person, given=given))


def leave_trail(principal: Principal, subject: UUID, permission: str = "access.start") -> None:
    """The view is open to all, so nothing else writes down who was here."""
    endpoint = request.endpoint or ""
    audit.record(
        current_session(),
        principal,
        permission,
        kind="change",
        endpoint=endpoint,
        address=client_address(),
        subjects=[subject],
    )
