"""The waitlist feature's table of contents."""

from shopbell.feature import Feature

FEATURE = Feature(name="waitlist")
