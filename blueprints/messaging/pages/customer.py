"""What one customer is told: what they said about it, addresses left alone, and why each message went or not."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.crm import api as crm
from blueprints.crm.api import Choice, Contact, Evidence
from blueprints.messaging.gate.explain import cause_name, channel_name, purpose_name, source_name
from blueprints.messaging.pages import words
from blueprints.messaging.pages.blueprint import PAGES
from blueprints.messaging.service import suppressions
from blueprints.messaging.service.suppressions import Standstill
from blueprints.messaging.service.why import why
from shopbell import clock
from shopbell.http import current_principal, current_session, permit, shows_people
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.tenancy import current_tenant

HEARD = ("counter", "phone", "paper")
"""Where staff may have heard it."""
YES = "yes"


@PAGES.get("/customers/<uuid:customer_id>/told")
@permit("crm.read")
@shows_people
def told(customer_id: UUID) -> Response:
    person = crm.contact(current_session(), customer_id)
    choices = crm.choices(current_session(), customer_id)
    return show(Form({_field(one): YES for one in choices if one.given}), person)


@PAGES.post("/customers/<uuid:customer_id>/told")
@permit("crm.write")
def set_told(customer_id: UUID) -> Response:
    """Write down what the customer said to a member of staff."""
    session, form = current_session(), Form(request.form)
    person = crm.contact(session, customer_id)
    wanted = [
        Choice(one.purpose, one.channel, given=form.chosen(_field(one), YES))
        for one in crm.choices(session, customer_id)
    ]
    source = form.text("source") if form.text("source") in HEARD else ""
    evidence = Evidence(source, user_id=current_principal().id)
    if not form.attempt(session, lambda: crm.say(session, customer_id, wanted, evidence)):
        return show(form, person)
    return redirect(url_for("messaging.told", customer_id=customer_id, saved="1"), 303)


@PAGES.post("/customers/<uuid:customer_id>/told/lifting")
@permit("crm.write")
def lift(customer_id: UUID) -> Response:
    """Write to the customer's address again."""
    session = current_session()
    person, channel = crm.contact(session, customer_id), request.form.get("channel", "")
    address = addresses(person).get(channel)
    if address:
        suppressions.lift(session, channel, address, current_principal().name)
    return redirect(url_for("messaging.told", customer_id=customer_id, saved="1"), 303)


def addresses(person: Contact) -> dict[str, str]:
    """The ones that the customer has, by channel."""
    return {name: address for name, address in (("sms", person.phone), ("email", person.email)) if address}


def stopped(person: Contact) -> list[Standstill]:
    session = current_session()
    return [one for found in addresses(person).items() for one in suppressions.of_address(session, *found)]


def show(form: Form, person: Contact) -> Response:
    session = current_session()
    return render(
        "messaging/told.html",
        form.status,
        form=form,
        person=person,
        words=words,
        choices=crm.choices(session, person.id),
        said=crm.last_said(session, [person.id]).get(person.id, {}),
        stopped=stopped(person),
        reasons=why(session, person.id, clock.zone(current_tenant().time_zone)),
        heard=[("", _("Choose one")), *((name, source_name(name)) for name in HEARD)],
        cause_name=cause_name,
        channel_name=channel_name,
        purpose_name=purpose_name,
        source_name=source_name,
    )


def _field(choice: Choice) -> str:
    return f"{choice.purpose}.{choice.channel}"
