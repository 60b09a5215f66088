"""No log line shows the signed part of an address, whoever writes it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from shopbell import clock, ids
from shopbell.crypto import Signer, new_token
from shopbell.logs import SERVERS, Discreet, configure_logging, discreet

SIGNER = Signer("k" * 40)
LATER = timedelta(days=1)


def tokens() -> list[str]:
    at = clock.now() + LATER
    many = [SIGNER.sign_compact("manage", ids.uuid7(), at) for _ in range(200)]
    return [*many, SIGNER.sign("hold", {"hold": str(ids.uuid7())}, at), new_token()]


@pytest.mark.parametrize(
    "address", ["/m/{}", "/feeds/{}.ics", "/offer/{}", "/m/{}/cancel?part=x", "/book/x?hold={}&a=b"]
)
def test_what_is_signed_is_left_out_of_addresses(address: str) -> None:
    for token in tokens():
        shown = discreet(f'"GET {address.format(token)} HTTP/1.1" 500')
        assert token not in shown
        assert shown == f'"GET {address.format("…")} HTTP/1.1" 500'


@pytest.mark.parametrize(
    "text",
    [
        f"/api/v1/bookings/{ids.uuid7()}/cancellation",
        "/book/xintiandi/test-eye-test?day=2026-03-02",
        'File "/work/tests/a_test_whose_name_is_a_whole_sentence_and_still_goes_on.py", line 3',
        "unexpected error",
    ],
)
def test_everything_else_is_left_as_it_is(text: str) -> None:
    assert discreet(text) == text


@pytest.fixture
def server() -> Iterator[io.StringIO]:
    """A web server's own log, set up before ours as gunicorn does it."""
    written, loggers = io.StringIO(), [logging.getLogger(name) for name in SERVERS]
    root, level = logging.getLogger().handlers[:], logging.getLogger().level
    for logger in loggers:
        logger.addHandler(logging.StreamHandler(written))
    configure_logging()
    try:
        yield written
    finally:
        for logger in loggers:
            logger.handlers.clear()
        logging.getLogger().handlers[:] = root
        logging.getLogger().setLevel(level)


def test_the_web_servers_own_lines_are_discreet_too(server: io.StringIO) -> None:
    token = tokens()[0]
    configure_logging()
    logging.getLogger(SERVERS[1]).warning('"GET /m/%s HTTP/1.1" 200', token)
    try:
        raise ValueError(f"/m/{token}")
    except ValueError:
        logging.getLogger(SERVERS[0]).exception("Error handling request %s", f"/m/{token}")
    assert token not in server.getvalue()
    assert server.getvalue().count("/m/…") == 3
    assert isinstance(logging.getLogger().handlers[0].formatter, Discreet)


def test_an_unexpected_error_is_logged_without_the_link(
    client: FlaskClient, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    token = booking.manage_token(ids.uuid7(), clock.now() + LATER)
    session.connection().exec_driver_sql("alter table bookings rename to elsewhere")
    assert client.get(f"/m/{token}").status_code == 500
    assert "unexpected error" in caplog.text
    assert "GET /m/…" in caplog.text
    assert token not in caplog.text
