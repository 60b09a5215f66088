"""Head office sees what became of messages."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.messaging import settings
from blueprints.messaging.models import MessageBudget
from blueprints.messaging.queries import log
from blueprints.messaging.queries.log import Asked
from blueprints.messaging.rules import STATES
from shopbell import clock
from shopbell.tenancy import TenantContext
from tests.messaging.outside import book, message
from tests.messaging.test_caps_and_budgets import say
from tests.support.letters import new_message
from tests.support.world import Shop

pytestmark = pytest.mark.usefixtures("outside")
SignIn = Callable[..., FlaskClient]


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_shown_in_words(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int], state: str
) -> None:
    book(session, shop, email=None)
    run_jobs()
    message(session, "sms").row.state = state
    session.flush()
    page = sign_in_as("hq").get(f"/hq/messages?state={state}&lang=en")
    assert page.status_code == 200
    assert "Nguyễn Lan" in page.text
    assert "13800138000" not in page.text
    assert sign_in_as("frontdesk", [shop.branch_id]).get("/hq/messages").status_code == 403


def test_what_is_in_doubt_is_said_above_everything(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int]
) -> None:
    book(session, shop)
    run_jobs()
    for channel in ("sms", "email"):
        doubted = message(session, channel).row
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


def test_managers_see_the_messages_of_their_branches_and_no_others(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int]
) -> None:
    book(session, shop)
    run_jobs()
    mine, theirs = message(session, "sms").row, message(session, "email").row
    theirs.branch_id = None
    session.flush()
    manager = sign_in_as("manager", [shop.branch_id])
    assert "13•••" not in manager.get("/hq/messages?channel=email").text
    assert manager.get(f"/hq/messages/{mine.id}").status_code == 200
    assert manager.get(f"/hq/messages/{theirs.id}").status_code == 404
    assert manager.get("/hq/messages/deliveries?lang=en").status_code == 200


@pytest.mark.parametrize("state", ["queued", "failed"])
def test_a_secret_is_shown_to_nobody_while_it_waits(session: Session, sign_in_as: SignIn, state: str) -> None:
    link = "https://lumi.example/welcome/opens-an-account"
    made = new_message(
        session,
        template="password_link",
        channel="email",
        recipient="mei@lumi.example",
        body=link,
        subject=link,
        state=state,
    )
    session.flush()
    page = sign_in_as("hq").get(f"/hq/messages/{made.id}?lang=en")
    assert page.status_code == 200
    assert "shown to nobody" in page.text
    assert "opens-an-account" not in page.text


def test_a_message_says_step_by_step_why_it_was_sent(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int]
) -> None:
    book(session, shop)
    run_jobs()
    page = sign_in_as("hq").get(f"/hq/messages/{message(session, 'sms').id}?lang=en").text
    for sentence in ("Nothing stood against sending it.", "It was written.", "It may be sent.", "It was accepted."):
        assert sentence in page
    assert "13800138000" not in page


def test_messages_are_found_by_number_customer_kind_and_state(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int]
) -> None:
    book(session, shop)
    run_jobs()
    customer = message(session, "sms").customer_id
    hq = sign_in_as("hq")
    found = ["to=138+0013+8000", f"customer={customer}", "purpose=transactional&state=sent", f"branch={shop.branch_id}"]
    assert ["Nguyễn Lan" in hq.get(f"/hq/messages?{query}").text for query in found] == [True] * 4
    missed = ["to=13900000000", "to=lan", f"customer={shop.branch_id}", "purpose=marketing", "state=dropped"]
    assert ["Nguyễn Lan" in hq.get(f"/hq/messages?{query}").text for query in missed] == [False] * 5


def test_a_rare_kind_is_looked_for_among_so_many_messages_at_a_time(
    session: Session, shop: Shop, sign_in_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "LOOKED_THROUGH", 3)
    written = {"recipient": "+8613800138000", "body": "Hello", "state": "sent", "branch_id": shop.branch_id}
    kinds = ("incident", *["reminder"] * 4)
    rare, *_others = (new_message(session, purpose=kind, **written).id for kind in kinds)
    waiting = new_message(session, **{**written, "state": "failed"}).id
    session.flush()
    for mine in (None, [shop.branch_id]):
        first = log.page(session, Asked(purpose="incident"), mine)
        assert (first.lines, bool(first.older)) == ([], True)
        second = log.page(session, Asked(purpose="incident"), mine, first.older)
        assert [line.id for line in second.lines] == [rare]
    # What an index finds is found at once.
    assert [line.id for line in log.page(session, Asked(state="failed"), None).lines] == [waiting]
    assert log.page(session, Asked(branch_id=shop.branch_id), None).older is None
    page = sign_in_as("hq").get("/hq/messages?purpose=incident&lang=en").text
    assert "No such message among the 3 that were looked through." in page
    assert f"before={first.older}" in page


def test_what_was_given_up_lies_in_heaps_and_is_tried_again_when_somebody_says_so(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int]
) -> None:
    book(session, shop)
    run_jobs()
    for channel, reason in (("sms", "account"), ("email", "mailbox_full")):
        given_up = message(session, channel).row
        given_up.state, given_up.reason = "failed", reason
    session.flush()
    hq = sign_in_as("hq")
    desk = hq.get("/hq/messages/undelivered?lang=en").text
    assert "The account cannot send: access, balance or permission" in desk
    assert "The mailbox is full" in desk
    assert "Nguyễn Lan" in hq.get("/hq/messages?cause=account&channel=sms").text

    done = hq.post("/hq/messages/undelivered/again", data={"channel": "sms", "reason": "account"})
    assert done.location == "/hq/messages/undelivered?again=1"
    run_jobs()
    assert message(session, "sms").state == "sent"
    assert message(session, "email").state == "failed"

    one = f"/hq/messages/{message(session, 'email').id}"
    assert hq.post(f"{one}/again").status_code == 303
    run_jobs()
    assert message(session, "email").state == "sent"
    assert hq.post(f"{one}/again?lang=en").status_code == 409


def test_the_figures_say_what_was_sent_how_fast_and_what_it_cost(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int]
) -> None:
    book(session, shop)
    run_jobs()
    sent, held = message(session, "sms").row, message(session, "email").row
    sent.cost_micros, sent.currency = 90_000, "CNY"
    held.state, held.reason = "dropped", "no_consent"
    session.flush()
    page = sign_in_as("hq").get("/hq/messages/deliveries?days=28&lang=en").text
    for words in ("CN¥0.09", "No consent to this", "of 2 written", "About appointments"):
        assert words in page


def test_a_branchs_budget_is_shown_with_what_is_taken_of_it(
    session: Session, shop: Shop, sign_in_as: SignIn, run_jobs: Callable[[], int]
) -> None:
    book(session, shop)
    run_jobs()
    sent = message(session, "sms").row
    sent.cost_micros, sent.currency = 90_000, "CNY"
    session.flush()
    hq = sign_in_as("hq")

    def shown() -> str:
        return " ".join(hq.get("/hq/messages/deliveries?lang=en").text.split())

    assert "of CN¥20.00" not in shown()
    say(session, settings.BUDGET, {"minor": 2000, "currency": "CNY"}, shop.branch_id)
    assert 'CN¥0.00<br><span class="muted small">of CN¥20.00' in shown()
    month = {"branch_id": shop.branch_id, "month": date(2026, 3, 1), "currency": "CNY"}
    session.add(MessageBudget(**month, reserved_micros=90_000, spent_micros=1_000_000))
    session.flush()
    assert 'CN¥1.09<br><span class="muted small">of CN¥20.00' in shown()
    say(session, settings.BUDGET, {"minor": 10, "currency": "USD"}, shop.branch_id)
    assert "CN¥1.09</td>" in shown()
