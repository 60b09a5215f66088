"""The reviews feature's table of contents."""

from shopbell.feature import Feature

FEATURE = Feature(name="reviews")
