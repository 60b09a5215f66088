"""Templates' table of contents."""

from shopbell.feature import Feature

FEATURE = Feature(name="templates")
