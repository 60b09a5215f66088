"""What we know of somebody, and where they are signed in."""

from __future__ import annotations

from flask import Response, request, url_for

from blueprints.account import queries
from blueprints.account.known import SESSION, presence
from blueprints.account.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, agent, for_customers, page
from blueprints.account.service import sessions
from blueprints.brand import api as brand
from blueprints.brand.api import Boxes
from blueprints.crm import api as crm
from blueprints.crm.api import Contact
from blueprints.feeds import api as feeds
from shopbell import clock
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.pages import see
from shopbell.pages.environment import LANGUAGE
from shopbell.pages.forms import Form


@PAGES.get("/details")
@open_to_all(WHY_OPEN)
@for_customers
def details(me: Contact) -> Response:
    boxes = brand.boxes_left(current_session(), me.id)
    return details_page(me, Form({"name": me.name, "locale": me.locale}), boxes)


@PAGES.post("/details")
@open_to_all(WHY_OPEN)
@limited("account", per_minute=PER_MINUTE)
@for_customers
def save_details(me: Contact) -> Response:
    """The name, and the language in which we write; the page speaks it from now on, too."""
    form, session = Form(request.form), current_session()
    name, boxes = form.text("name"), brand.boxes_left(session, me.id, request.form)
    if boxes.errors:
        form.errors, form.status = boxes.errors, 422
        return details_page(me, form, boxes)
    if name != me.name and not form.attempt(session, lambda: crm.rename(session, me.id, name)):
        return details_page(me, form, boxes)
    boxes.keep(session, "account", me.id, me.id)
    crm.speak(session, me.id, form.text("locale"))
    spoken = crm.contact(session, me.id).locale
    response = see(url_for(".details", saved="details"))
    LANGUAGE.give(response, spoken)
    return response


@PAGES.post("/calendar")
@open_to_all(WHY_OPEN)
@limited("account", per_minute=PER_MINUTE)
@for_customers
def calendar(me: Contact) -> Response:
    """To the page about the address of their calendar, which is made when there is none."""
    return see(feeds.customer_page_url(current_session(), me.id))


@PAGES.post("/switch")
@open_to_all(WHY_OPEN)
@limited("account", per_minute=PER_MINUTE)
@for_customers
def switch(me: Contact) -> Response:
    """Go on as somebody else who has the same number."""
    session, now, here = current_session(), clock.now(), presence()
    chosen = next((one for one in others(me) if one.id == Form(request.form).id("person")), None)
    if chosen is None or here is None:
        return see(url_for(".details"))
    sessions.end(session, me.id, here.session_id)
    response = see(url_for(".home"))
    SESSION.give(response, sessions.start(session, chosen.id, agent=agent(), at=now))
    return response


def others(me: Contact) -> list[Contact]:
    return [one for one in crm.by_phone(current_session(), me.phone) if one.id != me.id]


def details_page(me: Contact, form: Form, boxes: Boxes) -> Response:
    here = presence()
    return page(
        "details.html",
        form.status,
        me=me,
        form=form,
        boxes=boxes,
        others=others(me),
        sessions=queries.open_sessions(current_session(), me.id, at=clock.now()),
        here=here.session_id if here else None,
        saved=request.args.get("saved", ""),
    )
