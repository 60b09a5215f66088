"""Fields that say the same wherever they stand."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import fields, validate

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


def local_day(**options: Any) -> fields.Date:
    return fields.Date(validate=validate.Range(FIRST_DAY, LAST_DAY), **options)


def minute(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, 1439), **options)


def maybe_id() -> fields.UUID:
    return fields.UUID(load_default=None, allow_none=True)
