"""What I want to be told: the page that the links in messages lead to as well."""

from __future__ import annotations

from flask import Response

from blueprints.account.pages.frame import PAGES, WHY_OPEN, for_customers
from blueprints.crm import api as crm
from blueprints.crm.api import Contact
from shopbell.http import open_to_all
from shopbell.pages import see


@PAGES.get("/preferences")
@open_to_all(WHY_OPEN)
@for_customers
def preferences(me: Contact) -> Response:
    return see(crm.preferences_link(me.id))
