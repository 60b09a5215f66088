"""What providers tell at our door: receipts by their own names for messages, and what people answer."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.messaging import keywords
from blueprints.messaging.channels.sms.contract import Accepted, Heard, Receipt, Reply
from blueprints.messaging.channels.sms.refs import forms, plain, read_reference, reference
from blueprints.messaging.events import ReplyReceived
from blueprints.messaging.models import InboundMessage, Message, Suppression, UnmatchedReceipt
from blueprints.messaging.service import inbound, intake, own_accounts, receipts, refs
from blueprints.messaging.service.own_accounts import AccountInput
from blueprints.messaging.service.refs import Handed
from shopbell import ids, runtime
from shopbell.outbox import OutboxRow
from shopbell.sms_providers import SmsProvider
from tests.support.letters import new_message
from tests.support.world import Shop

PHONE = "+8613800138000"
ALIBABA = AccountInput(
    provider="alibaba",
    label="Main",
    identity="LTAI",
    secret="secret",
    sender="明眸眼镜",
    base="",
    addresses=(),
    prefixes=("+86",),
    purposes=(),
    options={},
    prices={"+86": 45_000},
    currency="CNY",
    rate=0,
    position=0,
    enabled=True,
)


@pytest.fixture
def account(session: Session, shop: Shop) -> SmsProvider:
    """The chain's own account with Alibaba."""
    own_accounts.add(session, ALIBABA)
    (found,) = own_accounts.described(session)
    return found


def sent(session: Session, account: SmsProvider, ref: str = "9001", *, parts: tuple[str, ...] = (), **values) -> UUID:
    """A text message that the account has taken."""
    made = new_message(
        session, recipient=PHONE, body="Hello", channel="sms", state="sent", account=account.key, **values
    )
    message_id = made if isinstance(made, UUID) else made.id
    receipts.remember(session, [Handed(message_id, account.key, PHONE, Accepted(ref, parts))])
    return message_id


def state(session: Session, message_id: UUID) -> str:
    session.flush()
    session.expire_all()
    return session.scalars(select(Message.state).where(Message.id == message_id)).one()


def tell(session: Session, account: SmsProvider, *told: Receipt | Reply) -> None:
    heard = Heard([one for one in told if isinstance(one, Receipt)], [one for one in told if isinstance(one, Reply)])
    intake.take(session, account, heard)


def test_a_receipt_by_the_providers_name_reaches_its_message(session: Session, account: SmsProvider) -> None:
    message_id = sent(session, account)
    tell(session, account, Receipt("9001", "delivered", number=PHONE))
    assert state(session, message_id) == "delivered"


def test_a_receipt_that_was_faster_than_the_answer_is_kept_for_it(session: Session, account: SmsProvider) -> None:
    tell(session, account, Receipt("00A7", "delivered", number=PHONE))
    assert session.scalars(select(UnmatchedReceipt.ref)).all() == ["a7"]
    message_id = sent(session, account, "167")
    assert state(session, message_id) == "delivered"
    assert session.scalars(select(UnmatchedReceipt.ref)).all() == []


def test_a_receipt_of_another_number_is_not_believed(session: Session, account: SmsProvider) -> None:
    message_id = sent(session, account, "10")
    tell(session, account, Receipt("16", "delivered", number="+8613900139000"))
    assert state(session, message_id) == "sent"
    tell(session, account, Receipt("16", "delivered", number=PHONE))
    assert state(session, message_id) == "delivered"


def test_a_number_is_known_after_the_secret_key_was_replaced(session: Session, account: SmsProvider) -> None:
    message_id, before = sent(session, account, "20"), runtime.settings()
    runtime.install(replace(before, secret_key="a new one", earlier_secret_keys=(before.secret_key,)))
    tell(session, account, Receipt("20", "delivered", number=PHONE))
    runtime.install(before)
    assert state(session, message_id) == "delivered"


def test_two_messages_may_have_one_name(session: Session, account: SmsProvider) -> None:
    first = sent(session, account, "7", provider_ref="7")
    other = new_message(
        session, recipient="+8613900139000", body="Hello", state="sent", account=account.key, provider_ref="7"
    ).id
    receipts.remember(session, [Handed(other, account.key, "+8613900139000", Accepted("7"))])
    tell(session, account, Receipt("7", "delivered", number="+8613900139000"))
    assert (state(session, first), state(session, other)) == ("sent", "delivered")
    tell(session, account, Receipt("7", "failed", number=PHONE))
    assert (state(session, first), state(session, other)) == ("failed", "delivered")


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        (["delivered", "delivered"], "sent"),
        (["delivered", "delivered", "delivered"], "delivered"),
        (["delivered", "failed"], "failed"),
    ],
)
def test_a_long_message_has_arrived_with_the_last_of_its_parts(
    session: Session, account: SmsProvider, said: list[str], becomes: str
) -> None:
    message_id = sent(session, account, "a1", parts=("a1", "a2", "a3"))
    for number, status in enumerate(said, start=1):
        tell(session, account, Receipt(f"A{number}", status, number=PHONE))
        tell(session, account, Receipt(f"A{number}", status, number=PHONE))
    assert state(session, message_id) == becomes


def test_a_receipt_with_our_reference_needs_no_name_and_settles_a_doubt(
    session: Session, account: SmsProvider, shop: Shop
) -> None:
    message_id = new_message(session, recipient=PHONE, body="Hello", state="unknown", account=account.key).id
    session.flush()
    ours = reference(shop.tenant.id, message_id)
    assert read_reference(ours) == (shop.tenant.id, message_id)
    tell(session, account, Receipt("123^456", "delivered", reference=ours))
    assert state(session, message_id) == "delivered"


def test_an_account_says_nothing_of_messages_that_another_has(
    session: Session, account: SmsProvider, shop: Shop
) -> None:
    message_id = sent(session, account)
    other = replace(account, key="another")
    tell(session, other, Receipt("x", "failed", reference=reference(shop.tenant.id, message_id)))
    assert state(session, message_id) == "sent"
    tell(session, account, Receipt("x", "failed", reference=reference(ids.uuid7(), message_id)))
    assert state(session, message_id) == "sent"


def test_a_receipt_that_nobody_knew_settles_the_doubt_about_its_number(session: Session, account: SmsProvider) -> None:
    tell(session, account, Receipt("77", "delivered", number=PHONE))
    since = session.scalars(select(UnmatchedReceipt.at)).one()
    assert refs.overheard(session, account.key, "+8613900139000", since) is None
    heard = refs.overheard(session, account.key, PHONE, since)
    assert heard is not None
    assert (heard.ref, heard.status) == ("77", "delivered")
    assert refs.overheard(session, account.key, PHONE, since) is None


def test_a_reply_is_kept_sealed_beside_what_it_answers_and_told_once(session: Session, account: SmsProvider) -> None:
    message_id = sent(session, account)
    for _ in range(2):
        tell(session, account, Reply("s1", PHONE, "1069", "Ｃ "))
    (kept,) = session.scalars(select(InboundMessage))
    assert (kept.message_id, kept.keyword, kept.recipient) == (message_id, "confirm", "1069")
    assert PHONE.encode() not in (kept.number_sealed or b"")
    assert (inbound.number(session, kept), inbound.body(session, kept)) == (PHONE, "Ｃ ")
    (payload,) = session.scalars(select(OutboxRow.payload).where(OutboxRow.name == ReplyReceived.name))
    told = ReplyReceived.from_payload(payload)
    assert told == ReplyReceived(kept.id, account.key, "confirm", message_id, None, None, None)


def test_stop_suppresses_all_and_under_an_advertisement_only_advertising(
    session: Session, account: SmsProvider
) -> None:
    sent(session, account)
    tell(session, account, Reply("s2", PHONE, "", "退订"))
    assert session.scalars(select(Suppression.purpose)).all() == ["all"]
    tell(session, account, Reply("s3", PHONE, "", "start"))
    assert session.scalars(select(Suppression.purpose).where(Suppression.lifted_at.is_(None))).all() == []
    sent(session, account, "9002", purpose="marketing")
    tell(session, account, Reply("s4", PHONE, "", "R"))
    open_ones = session.scalars(select(Suppression.purpose).where(Suppression.lifted_at.is_(None))).all()
    assert open_ones == ["marketing"]


def test_the_own_door_takes_pushes_as_the_provider_sends_them(
    client: FlaskClient, session: Session, account: SmsProvider, shop: Shop
) -> None:
    message_id = sent(session, account, "134523^435")
    report = [
        {
            "phone_number": "13800138000",
            "success": True,
            "err_code": "DELIVERED",
            "err_msg": "用户接收成功",
            "biz_id": "134523^435",
            "out_id": reference(shop.tenant.id, message_id),
            "sms_size": "1",
            "send_time": "2026-03-02 16:00:00",
            "report_time": "2026-03-02 16:00:05",
        }
    ]
    answer = client.post(f"/hooks/sms/{account.hook}", data=json.dumps(report), content_type="application/json")
    assert (answer.status_code, answer.get_json()) == (200, {"code": 0, "msg": "OK"})
    assert state(session, message_id) == "delivered"
    assert client.post("/hooks/sms/guess", data="[]").status_code == 404
    bad = client.post(f"/hooks/sms/{account.hook}", data="{}")
    assert (bad.status_code, bad.get_json()["code"]) == (422, "bad_report")


def test_the_door_is_shut_for_other_networks(session: Session, client: FlaskClient, account: SmsProvider) -> None:
    row = own_accounts.accounts(session)[0]
    own_accounts.change(session, row.id, replace(ALIBABA, addresses=("203.0.113.0/24",)))
    assert client.post(f"/hooks/sms/{account.hook}", data="[]").status_code == 404


@pytest.mark.parametrize(
    ("text", "advertising", "keyword"),
    [
        ("C", False, "confirm"),
        ("1", False, "confirm"),
        (" 确认。", False, "confirm"),
        ("Có", False, "confirm"),
        ("đồng ý!", False, "confirm"),
        ("r", False, "refuse"),
        ("2", False, "refuse"),
        ("hủy", False, "refuse"),
        ("HUY", True, "stop"),
        ("R", True, "stop"),
        ("TC", False, "stop"),
        ("ＴＤ", False, "stop"),
        ("退订", False, "stop"),
        ("Stop!", False, "stop"),
        ("Unsubscribe", False, "stop"),
        ("start", False, "start"),
        ("CANCEL", False, None),
        ("Can I come at 11 instead?", False, None),
        ("", False, None),
    ],
)
def test_a_reply_of_one_word_is_understood_in_three_languages(
    text: str, advertising: bool, keyword: str | None
) -> None:
    assert keywords.read(text, advertising=advertising) == keyword


@pytest.mark.parametrize(
    ("given", "returned"),
    [("00A7", "a7"), ("a7", "167"), ("167", "A7"), ("0123456789", "123456789"), ("uuid-1-F", "UUID-1-f")],
)
def test_a_name_is_known_in_every_spelling(given: str, returned: str) -> None:
    assert plain(given) in forms(returned)
