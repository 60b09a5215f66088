"""A browser at the host where chains sign up, and a form that is filled in well."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from shopbell.http.app import ShopbellApp

START = "http://start.localhost:8000"
EMAIL = "lan@nova.example"
WISH = {
    "name": "Nova Eyes",
    "slug": "nova-eyes",
    "pack": "optical",
    "locale": "en",
    "country": "VN",
    "currency": "VND",
    "time_zone": "Asia/Ho_Chi_Minh",
    "email": EMAIL,
}


class Stranger(FlaskClient):
    """A browser that stays at the host `start`."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", START)
        return super().open(*args, **kwargs)


@pytest.fixture
def stranger(app: ShopbellApp) -> FlaskClient:
    return Stranger(app, app.response_class, use_cookies=True)
