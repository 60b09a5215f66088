"""HQ pages of members: who has a tier, and giving one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.crm import queries, rules, service
from blueprints.crm.errors import BadSearch
from blueprints.crm.queries import Page
from shopbell.http import current_session, permit, shows_people
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.tenancy import current_tenant

PAGES = Blueprint("crm", __name__, template_folder="templates", url_prefix="/hq")
PAGE_SIZE = 25


@PAGES.get("/members")
@permit("crm.tier")
@shows_people
def members() -> Response:
    """Everybody with a tier; with ?q= the customers it finds, members or not."""
    form = Form(request.args)
    try:
        page = found(form)
    except BadSearch as error:
        form.errors, form.status, page = error.fields, error.status, Page([], None)
    return render("crm/members.html", form.status, form=form, page=page)


def found(form: Form) -> Page:
    session, after = current_session(), form.id("after")
    if not form.text("q"):
        return queries.members(session, limit=PAGE_SIZE, after=after)
    return queries.search(session, form.text("q"), country=current_tenant().country, limit=PAGE_SIZE, after=after)


@PAGES.get("/members/<uuid:customer_id>")
@permit("crm.tier")
@shows_people
def member(customer_id: UUID) -> Response:
    card = queries.card(current_session(), customer_id)
    return show(Form({"tier": str(card.tier)}), card)


@PAGES.post("/members/<uuid:customer_id>")
@permit("crm.tier")
def set_tier(customer_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    card = queries.card(session, customer_id)
    if not form.attempt(session, lambda: service.set_tier(session, customer_id, form.number("tier"))):
        return show(form, card)
    return redirect(url_for("crm.member", customer_id=customer_id, saved="1"), 303)


def show(form: Form, card: queries.Card) -> Response:
    return render("crm/member.html", form.status, form=form, card=card, highest=rules.HIGHEST_TIER)
