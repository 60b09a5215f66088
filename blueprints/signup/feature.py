"""Signing up plugs in here: at the installation's own host `start`."""

from blueprints.signup import jobs
from blueprints.signup.pages import PAGES
from shopbell.feature import Feature

FEATURE = Feature(name="signup", host="start", pages=(PAGES,), jobs=(jobs.send_link,))
