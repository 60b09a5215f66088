"""Head office sees what became of messages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.messaging.rules import STATES
from shopbell import clock
from shopbell.tenancy import TenantContext
from tests.messaging.outside import book, message
from tests.support.world import Shop

pytestmark = pytest.mark.usefixtures("outside")
SignIn = Callable[..., FlaskClient]


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_shown_in_words(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int], state: str
) -> None:
    book(session, shop, email=None)
    run_jobs()
    message(session, "sms").state = state
    session.flush()
    page = sign_in_as("hq").get(f"/hq/messages?state={state}&lang=en")
    assert page.status_code == 200
    assert "Nguyễn Lan" in page.text
    assert "13800138000" not in page.text
    other = sign_in_as("manager", [shop.branch_id]).get("/hq/messages")
    assert other.status_code == 403


def test_what_is_in_doubt_is_said_above_everything(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int]
) -> None:
    book(session, shop)
    run_jobs()
    for channel in ("sms", "email"):
        doubted = message(session, channel)
        doubted.state, doubted.unknown_at, doubted.provider_error = (
            "unknown",
            clock.now(),
            "<b>cut</b>",
        )
    session.flush()
    page = sign_in_as("hq").get("/hq/messages?lang=en").text
    assert "Nobody knows yet whether 2 messages arrived" in page
    assert "In doubt at 08:00" in page
    assert "&lt;b&gt;cut&lt;/b&gt;" in page
    assert "la…@example.com" in page


@pytest.mark.parametrize("query", ["", "?state=nonsense", "?before=nonsense", "?state=failed&before=x"])
def test_without_messages_the_page_says_so(sign_in_as: SignIn, query: str) -> None:
    page = sign_in_as("hq").get(f"/hq/messages{query}")
    assert page.status_code == 200


def test_the_other_chain_sees_none_of_them(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int], other_tenant: TenantContext
) -> None:
    book(session, shop)
    run_jobs()
    assert "Nguyễn Lan" not in sign_in_as("hq", at=other_tenant).get("/hq/messages").text


def test_who_is_not_signed_in_is_sent_to_the_door(client: FlaskClient) -> None:
    answer = client.get("/hq/messages")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/hq/messages")
