"""The operator console plugs in here: at a host of its own, beside the chains."""

from shopbell.feature import Feature

FEATURE = Feature(name="operator", host="admin")
