"""Chat services: which addresses are theirs, what they are told, and what their answers mean."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from sqlalchemy import select

from blueprints.alerts import api as alerts
from blueprints.alerts import service
from blueprints.alerts.chats.addresses import Address, NotAnAddress, sender, shown
from blueprints.alerts.chats.telling import NotTold, tell
from blueprints.alerts.models import AlertDelivery
from infra.devtools.web import Response
from shopbell import runtime
from tests.alerts.conftest import SLACK, WECOM
from tests.messaging.outside import later

ADDRESSES = {
    "wecom": Address(WECOM),
    "dingtalk": Address("https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef", "SECabcdefgh0123456789"),
    "feishu": Address("https://open.feishu.cn/open-apis/bot/v2/hook/12345678-90ab-cdef-1234-567890abcdef"),
    "lark": Address("https://open.larksuite.com/open-apis/bot/v2/hook/12345678-90ab-cdef-1234-567890abcdef"),
    "slack": Address(SLACK),
    "teams": Address(
        "https://prod-12.southeastasia.logic.azure.com:443/workflows/abcdef0123456789abcdef0123456789/triggers/manual/"
        "paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abcdefghijklmnopqrstuvwxyz0123"
    ),
    "telegram": Address("123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "-1001234567"),
}


@pytest.mark.parametrize("kind", ADDRESSES)
def test_an_address_as_the_service_gives_it_is_taken_and_shown_in_part(kind: str) -> None:
    address = ADDRESSES[kind]
    assert sender(kind, address)
    part = shown(address)
    assert part.endswith(address.place[-4:])
    assert len(part) < len(address.place)
    assert address.place[-12:] not in part


@pytest.mark.parametrize(
    ("kind", "place", "extra"),
    [
        ("wecom", "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=693axxx6", ""),
        ("wecom", "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6", ""),
        ("wecom", "https://user@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6", ""),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", ""),
        ("dingtalk", "https://127.0.0.1/robot/send?access_token=0123456789abcdef", ""),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/", ""),
        ("slack", "https://hooks.slack.com/services/T1/B1", ""),
        ("slack", "", ""),
        ("teams", "https://localhost/workflows/abc/triggers/manual/paths/invoke?sig=x", ""),
        ("teams", "https://prod.logic.azure.com.evil.example/workflows/abc/triggers/manual/paths/invoke?sig=x", ""),
        ("teams", "https://prod.logic.azure.com:8443/workflows/abc/triggers/manual/paths/invoke?sig=x", ""),
        ("telegram", "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", ""),
        ("telegram", "https://api.telegram.org/", "-1001234567"),
        ("email", WECOM, ""),
        ("wecom", "https://[", ""),
    ],
)
def test_nothing_else_is_an_address(kind: str, place: str, extra: str) -> None:
    with pytest.raises(NotAnAddress):
        sender(kind, Address(place, extra))


def test_a_refusal_inside_an_answer_of_200_is_a_refusal(chat):
    chat.answers = [Response(200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', "application/json")]
    with pytest.raises(NotTold, match="refused invalid webhook url"):
        tell("wecom", ADDRESSES["wecom"], "Title", "Text")
    tell("wecom", ADDRESSES["wecom"], "Title", "Text")


@pytest.mark.parametrize(
    ("status", "body"), [(500, b"oops"), (404, b"no_service"), (302, b""), (200, b"invalid_token")]
)
def test_any_other_answer_is_no_yes(chat, status: int, body: bytes):
    chat.answers = [Response(status, body, "text/plain", {"Location": "http://127.0.0.1:9/"})]
    with pytest.raises(NotTold, match="^answer"):
        tell("slack", ADDRESSES["slack"], "Title", "Text")
    assert len(chat.got) == 1


def test_a_chat_is_told_in_its_own_form_and_without_markup_of_ours(chat):
    chat.answers = [Response(200, b"ok", "text/plain")]
    tell("slack", ADDRESSES["slack"], "预约 <b>", "Nội dung & *all*")
    (attachment,) = json.loads(chat.got[0].body)["attachments"]
    assert attachment["title"] == "预约 &lt;b&gt;" or attachment["title"] == "预约 <b>"
    assert "Nội dung" in attachment["text"]
    assert chat.got[0].path == "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def test_dingtalks_signature_is_escaped_once():
    way = sender("dingtalk", ADDRESSES["dingtalk"])
    assert isinstance(way, NotifyDingTalk)
    _moment, signed = way.get_signature()
    assert signed.endswith("=")


def test_this_network_is_never_asked(chat, settings):
    runtime.install(replace(settings, private_calendars=False))
    with pytest.raises(NotTold, match="not_https"):
        tell("wecom", ADDRESSES["wecom"], "Title", "Text")
    assert chat.got == []


def test_a_chat_that_does_not_answer_is_told_again_later_and_given_up_in_the_end(
    session, shop, chat, channel, run_jobs
):
    channel()
    chat.answers = [Response(503, b"", "text/plain")] * 10
    alerts.alert(session, "message_given_up", shop.branch_id, {})
    waits = [0, 30, 150, 750, 2550, 9750, 99999]
    for seconds in waits:
        with later(seconds + 1):
            run_jobs()
    assert len(chat.got) == 6
    session.expire_all()
    (delivery,) = session.scalars(select(AlertDelivery))
    assert (delivery.state, delivery.attempts) == ("failed", 6)
    assert delivery.error.startswith("answer 503")


def test_an_address_is_kept_sealed_and_stays_when_no_new_one_is_given(session, channel):
    made = channel(label="Desk")
    session.flush()
    assert WECOM.encode() not in (made.address_sealed or b"")
    before = made.address_sealed
    wanted = service.ChannelInput("wecom", "chain", None, "", "", ("reply_waiting",), "vi", "Desk")
    service.change(session, made, wanted)
    assert made.address_sealed == before
    assert service.shown_address(session, made) == "qyapi.weixin.qq.com …5aaa"
