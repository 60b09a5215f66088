"""The installation's callback address plugs in here: at its own host `start`."""

from blueprints.carriers.routes import hooks
from shopbell.feature import Feature

FEATURE = Feature(name="carriers", host="start", pages=(hooks,))
