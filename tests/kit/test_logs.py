"""No log line shows the signed part of an address, whoever writes it."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from shopbell import clock, ids
from shopbell.crypto import Signer, new_token
from shopbell.logs import SERVERS, Discreet, configure_logging, discreet
from shopbell.prepared import Prepared
from tests.support.world import Shop

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


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("DETAIL:  Key (phone, name_key)=(+8613812345678, 王) exists.", "DETAIL:  Key (phone, name_key)=(…) exists."),
        ("DETAIL:  Failing row contains (1, Linh (VIP), x).", "DETAIL:  Failing row contains (…)."),
        ('invalid input syntax for type uuid: "王"', 'invalid input syntax for type uuid: "…"'),
        (
            '"GET /api/v1/customers?q=%E7%8E%8B&limit=5 HTTP/1.1" 200',
            '"GET /api/v1/customers?q=…&limit=5 HTTP/1.1" 200',
        ),
        ("no answer for linh.tran+x@mail.example.com", "no answer for …"),
        ("sent to +84912345678, 13812345678 and 0912345678", "sent to …, … and …"),
        ("{'access_token': 'abc', 'expires_in': 3600}", "{'access_token': '…', 'expires_in': 3600}"),
        ("client_secret=abc&scope=booking", "client_secret=…&scope=booking"),
        ("took 1772409600123 ms at 2026-03-02T08:00:00", "took 1772409600123 ms at 2026-03-02T08:00:00"),
    ],
)
def test_personal_data_are_left_out(written: str, shown: str) -> None:
    assert discreet(written) == shown


@pytest.mark.proves("T8")
def test_the_whole_log_of_bookings_and_of_what_went_wrong_names_nobody(
    api_client: Callable[..., FlaskClient], session: Session, shop: Shop, run_jobs: Callable[[], int]
) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet(logging.Formatter("%(name)s %(message)s")))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        program, reader = api_client("booking"), api_client("customers")
        who = {"name": "Trương Bảo Châu", "phone": "13812345678", "email": "chau@mail.example.com"}
        body = {"branch": str(shop.branch_id), "service": str(shop.fitting), "start": "2026-03-02T10:00:00+08:00"}
        assert program.post("/api/v1/bookings", json={**body, "customer": who, "note": "thích trà"}).status_code == 201
        assert program.post("/api/v1/bookings", json={**body, "customer": {**who, "email": "chau@"}}).status_code == 422
        assert reader.get("/api/v1/customers?q=13812345678").status_code == 200
        for wrong in (
            "insert into customers (id, name, name_key, given_key, phone_key, locale, created_at) "
            "select gen_random_uuid(), name, name_key, given_key, phone_key, locale, now() from customers",
            "insert into customers (id, name) values (gen_random_uuid(), :who)",
            "select cast(name as uuid) from customers",
        ):
            with pytest.raises(DBAPIError) as failed, session.begin_nested():
                session.execute(text(wrong), {"who": who["name"]} if ":who" in wrong else {})
            logging.getLogger("shopbell.test").error("unexpected", exc_info=failed.value)
        with pytest.raises(DBAPIError) as failed, session.begin_nested():
            Prepared(text("select cast(:who as uuid)")).run(session, {"who": who["name"]})
        logging.getLogger("shopbell.test").error("unexpected", exc_info=failed.value)
        run_jobs()
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    shown = written.getvalue()
    assert "unexpected" in shown
    token = program.environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    for word in ("Trương", "Châu", "13812345678", "+86138", "chau@", "thích trà", "truong", token):
        assert word not in shown, shown[max(0, shown.index(word) - 300) :][:600]
