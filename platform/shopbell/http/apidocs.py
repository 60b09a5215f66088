"""The API's description: OpenAPI as JSON, and the same as a page that needs neither scripts nor the network."""

from __future__ import annotations

import copy
from typing import Any

from flask import Flask, Response, jsonify
from flask_smorest import Api
from marshmallow import INCLUDE, Schema, fields

from shopbell.http import apidetails
from shopbell.http.permissions import open_to_all
from shopbell.pages.rendering import render

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"


class Problem(Schema):
    """RFC 9457; further members may say more of a kind of problem."""

    class Meta:
        unknown = INCLUDE

    type = fields.String()
    status = fields.Integer()
    code = fields.String(metadata={"description": "stable; branch on this, never on the texts"})
    title = fields.String()
    detail = fields.String()
    fields_ = fields.Dict(
        fields.String(),
        fields.String(),
        data_key="fields",
        metadata={"description": "what would be right, by the name of the input field"},
    )


class ProductApi(Api):
    """flask-smorest's registry of endpoints; answers to errors and the description are the kit's own."""

    ERROR_SCHEMA = Problem  # type: ignore[assignment]

    def _register_error_handlers(self) -> None:
        """The application answers every error itself."""

    def _register_doc_blueprint(self) -> None:
        """The two views below replace it."""


def install_api_docs(app: Flask, api: Api) -> None:
    @open_to_all("the API's description holds nothing private")
    def openapi_json() -> Response:
        return jsonify(description(api))

    @open_to_all("the API's description holds nothing private")
    def api_docs() -> Response:
        document = description(api)
        return render("api_docs.html", api=document, operations=operations(document))

    app.add_url_rule(f"{PREFIX}/openapi.json", "openapi_json", openapi_json)
    app.add_url_rule(f"{PREFIX}/docs", "api_docs", api_docs)


def description(api: Api) -> dict[str, Any]:
    """The OpenAPI document, with errors under the media type they are sent as."""
    document: dict[str, Any] = copy.deepcopy(api.spec.to_dict())
    document["components"]["securitySchemes"] = apidetails.security_schemes()
    for path, method, operation in _each(document):
        apidetails.complete(path, method, operation)
        for status, answer in operation.get("responses", {}).items():
            content = answer.get("content") if isinstance(answer, dict) else None
            if content and "application/json" in content and (status == "default" or int(status) >= 400):
                content[PROBLEM] = content.pop("application/json")
    for answer in document.get("components", {}).get("responses", {}).values():
        content = answer.get("content", {})
        if "application/json" in content:
            content[PROBLEM] = content.pop("application/json")
    return document


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation for the page: method, path, summary, inputs and the fields of what it takes and gives."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "anchor": f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
            "summary": operation.get("summary", ""),
            "parameters": operation.get("parameters", []),
            "takes": _fields(document, operation.get("requestBody", {})),
            "gives": _fields(document, _success(operation)),
        }
        for path, method, operation in _each(document)
    ]


def _each(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    methods = ("get", "post", "put", "patch", "delete")
    return [
        (path, method, found[method])
        for path, found in document.get("paths", {}).items()
        for method in methods
        if method in found
    ]


def _success(operation: dict[str, Any]) -> dict[str, Any]:
    for status, answer in operation.get("responses", {}).items():
        if str(status).startswith("2"):
            return dict(answer)
    return {}


def _fields(document: dict[str, Any], carrier: dict[str, Any], prefix: str = "") -> list[dict[str, Any]]:
    schema = carrier.get("content", {}).get("application/json", {}).get("schema", {})
    return _rows(document, schema, prefix)


def _rows(document: dict[str, Any], schema: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
    """A schema's fields, nested ones with their path: customer.name, days[].slots[].start."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        return _rows(document, schema.get("items", {}), prefix.removesuffix(".") + "[].")
    rows: list[dict[str, Any]] = []
    for name, raw in schema.get("properties", {}).items():
        inner = _resolved(document, raw)
        kind = inner.get("type", "")
        rows.append(
            {
                "name": prefix + name,
                "type": " or ".join(kind) if isinstance(kind, list) else kind,
                "format": inner.get("format", ""),
                "required": name in schema.get("required", []),
                "description": raw.get("description") or inner.get("description", ""),
            }
        )
        rows += _rows(document, inner, f"{prefix}{name}.")
    return rows


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "allOf" in schema and len(schema["allOf"]) == 1:
        schema = schema["allOf"][0]
    reference = schema.get("$ref")
    if not reference:
        return schema
    return dict(document["components"]["schemas"][reference.rsplit("/", 1)[-1]])
