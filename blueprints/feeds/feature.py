"""The feeds feature's table of contents."""

from blueprints.feeds import jobs
from blueprints.feeds.pages import HQ_PAGES, PAGES
from shopbell.feature import Feature

FEATURE = Feature(name="feeds", pages=(PAGES, HQ_PAGES), jobs=(jobs.read_calendar,))
