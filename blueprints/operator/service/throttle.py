"""The failed attempts of operators."""

from __future__ import annotations

from blueprints.operator.models import OperatorAttempt
from shopbell.throttle import Throttle

THROTTLE = Throttle(OperatorAttempt)
