"""API blueprints, the reading of the JSON they take, and the writing of large answers."""

from __future__ import annotations

import json
from typing import Any

import flask
import flask_smorest
import msgspec
from marshmallow import Schema
from webargs.flaskparser import FlaskParser

from shopbell.http.context import this_request


class BodyParser(FlaskParser):
    """Says of every body that cannot be read that it is not JSON: one nested too deeply, or with a number of thousands
    of digits, makes Python's reader raise something else."""

    def get_default_request(self) -> flask.Request:
        return this_request()

    def _raw_load_json(self, req: flask.Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise
        except (RecursionError, ValueError) as error:
            raise json.JSONDecodeError("Nested too deeply, or a number too long", "{}", 0) from error


class Blueprint(flask_smorest.Blueprint):
    """A blueprint of the API."""

    ARGUMENTS_PARSER = BodyParser()

    def arguments(self, schema: type[Schema] | Schema, **options: Any) -> Any:
        """What a view takes. A schema is made once: made anew for each request it costs more than the reading."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)  # type: ignore[no-untyped-call]


def json_bytes(body: Any) -> bytes:
    """JSON of plain values that our own code has put together.

    Half a surrogate pair, which a client may have sent as a field's name, is written as JSON writes it.
    """
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
