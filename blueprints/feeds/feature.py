"""The feeds feature's table of contents."""

from datetime import timedelta

from blueprints.feeds import jobs
from blueprints.feeds.models import Feed
from blueprints.feeds.pages import HQ_PAGES, PAGES
from shopbell import housekeeping
from shopbell.feature import Feature

REVOKED = housekeeping.older_than(timedelta(days=30), Feed, Feed.revoked_at)

FEATURE = Feature(
    name="feeds", pages=(PAGES, HQ_PAGES), jobs=(jobs.read_calendar,), housekeeping=(REVOKED,), customers=True
)
