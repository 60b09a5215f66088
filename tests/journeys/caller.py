"""A program that uses the running product's API."""

from __future__ import annotations

import json
import re
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tests.journeys.conftest import Product

PATIENCE = 60


class Caller:
    """A program at a chain's address."""

    def __init__(self, product: Product, chain: str) -> None:
        self.product = product
        self.host = f"{chain}.localhost:{product.port}"
        self.bearer = ""

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.product.port, timeout=PATIENCE)
        headers = {"Host": self.host, "Content-Type": kind, "Authorization": f"Bearer {self.bearer}"}
        if not self.bearer:
            headers.pop("Authorization")
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        status, document = answer.status, json.loads(answer.read())
        connection.close()
        return status, document

    def found(self, path: str, **query: object) -> Any:
        """What the API answers to a question, which it has to answer."""
        status, document = self.ask("GET", f"/api/v1/{path}?{urlencode(query)}")
        assert status == 200, document
        return document

    def authorise(self) -> None:
        said = self.product.command("clients", "create", self.host.split(".")[0], "--scope", "booking")
        client_id, secret = re.findall(r"client_(?:id|secret): (\S+)", said)
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": "booking"}
        status, token = self.ask("POST", "/oauth/token", urlencode(form).encode(), "application/x-www-form-urlencoded")
        assert status == 200, token
        self.bearer = token["access_token"]
