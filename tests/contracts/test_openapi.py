"""The API keeps to its own description, whatever is sent: no failure of ours, and no answer that the document does not
know. A few requests for each operation with every run; `make fuzz` sends as many as it is told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from blueprints.booking import api as booking
from blueprints.booking.values import BookingRequest, CustomerInput
from tests.conftest import MORNING

EXAMPLES = int(os.environ.get("SHOPBELL_FUZZ_EXAMPLES", "5"))
DOCUMENT = "/api/v1/openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def real_ids(session, shop) -> list[str]:
    """Ids of rows that there are, so that requests get further than to "unknown"."""
    customer = CustomerInput("王小明", "13812345678", "wang@example.com")
    start = MORNING + timedelta(days=1, hours=2)
    made = booking.reserve(session, BookingRequest(shop.branch_id, shop.eye_test, start, customer))
    session.flush()
    return [str(known) for known in (made.id, made.customer_id, shop.branch_id, shop.eye_test, *shop.people)]


@pytest.fixture
def formats(real_ids) -> None:
    """What a caller who knows the shop would send, beside what nobody would."""
    uuids = strategies.sampled_from(real_ids) | strategies.uuids().map(str)
    instants = strategies.integers(0, 60 * 24 * 4).map(lambda quarter: MORNING + timedelta(minutes=15 * quarter))
    openapi.format("uuid", uuids)
    openapi.format("date-time", instants.map(lambda at: at.isoformat()))
    openapi.format("date", instants.map(lambda at: at.date().isoformat()))


def operations(client: FlaskClient) -> Iterator[Any]:
    schema = openapi.from_dict(client.get(DOCUMENT).get_json())
    for path in schema:
        yield from (schema[path][method] for method in schema[path] if method in METHODS)


def try_out(client: Any, app: Any, operation: Any, mode: GenerationMode) -> list[str]:
    """Send examples of one operation; what was wrong with the answers."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize="SHOPBELL_FUZZ_EXAMPLES" not in os.environ,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        response = case.call(session=client, app=app, base_url=client.address)
        case.validate_response(response, checks=CHECKS)

    try:
        send()
    except Unsatisfiable:
        return []  # Nothing that it takes can be wrong.
    except BaseExceptionGroup as failures:
        return [f"{operation.method} {operation.path}: {said(failure)}" for failure in leaves(failures)]
    return []


def leaves(group: BaseExceptionGroup) -> Iterator[BaseException]:
    for inner in group.exceptions:
        yield from leaves(inner) if isinstance(inner, BaseExceptionGroup) else [inner]


def said(failure: BaseException) -> str:
    lines = [line.strip() for line in str(failure).splitlines()]
    return " ".join(line for line in lines if line)[:600]


@pytest.mark.proves("T5")
@pytest.mark.timeout(60 * EXAMPLES)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_it_is_described(formats, app, api_client, sign_in_as, mode):
    callers: list[Callable[[], FlaskClient]] = [lambda: api_client("booking"), lambda: sign_in_as("hq")]
    wrong = []
    for caller in callers:
        client = caller()
        wrong += [found for operation in operations(client) for found in try_out(client, app, operation, mode)]
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_the_document_says_which_token_an_operation_takes(client: FlaskClient) -> None:
    client.get(DOCUMENT)
    document = client.get(DOCUMENT).get_json()
    making = document["paths"]["/api/v1/bookings"]["post"]
    assert making["security"] == [{"client": ["booking"]}, {"partner": ["booking"]}, {"session": []}]
    assert [found["name"] for found in making["parameters"]] == ["Idempotency-Key"]
    assert "RateLimit" in making["responses"]["429"]["headers"]
    looking = document["paths"]["/api/v1/bookings/{booking_id}"]["get"]
    assert {"client": ["booking.read"]} in looking["security"]
    flows = document["components"]["securitySchemes"]["partner"]["flows"]["authorizationCode"]
    assert flows["authorizationUrl"].endswith("/authorize")
    assert set(flows["scopes"]) >= {"booking", "booking.read", "customers", "customers.read"}
