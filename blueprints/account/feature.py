"""A customer's own place plugs in here."""

from __future__ import annotations

from datetime import timedelta

from blueprints.account import jobs
from blueprints.account.models import CustomerSession, Proof
from blueprints.account.pages import PAGES
from shopbell.feature import Feature
from shopbell.housekeeping import older_than

FEATURE = Feature(
    name="account",
    pages=(PAGES,),
    jobs=(jobs.send_code,),
    housekeeping=(
        older_than(timedelta(), Proof, Proof.expires_at),
        older_than(timedelta(), CustomerSession, CustomerSession.expires_at),
    ),
    customers=True,
)
