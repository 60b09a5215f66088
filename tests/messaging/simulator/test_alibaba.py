"""The simulator's Alibaba Cloud SMS, asked by a client of a few lines that was written from the provider's document."""

import base64
import hashlib
import hmac
import json
import urllib.parse
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import urllib3

from infra.devtools.telco.console import Template
from infra.devtools.tools import DevTools
from tests.messaging.conftest import until
from tests.messaging.simulator.listener import Listener

KEY, SECRET = "LTAIdevelopment", "alibaba-development-secret"
NOTICE = {"SignName": "明眸眼镜", "TemplateCode": "SMS_100000002"}
VALUES = {"name": "Lan", "branch": "南京西路", "time": "11月24日 14:30", "link": "https://l.example/a"}


def ask(simulator: DevTools, secret: str = SECRET, **parameters: str) -> tuple[int, dict[str, Any]]:
    wanted = {
        "AccessKeyId": KEY,
        "Format": "JSON",
        "RegionId": "cn-hangzhou",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": str(uuid.uuid4()),
        "SignatureVersion": "1.0",
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": "2017-05-25",
        **parameters,
    }
    query = "&".join(
        f"{urllib.parse.quote(name, safe='~')}={urllib.parse.quote(wanted[name], safe='~')}" for name in sorted(wanted)
    )
    text = f"POST&%2F&{urllib.parse.quote(query, safe='~')}"
    signed = base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()).decode()
    body = urllib.parse.urlencode({"Signature": signed, **wanted})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    address = f"http://127.0.0.1:{simulator.ports['Alibaba Cloud SMS']}/"
    answer = urllib3.request("POST", address, body=body, headers=headers, retries=False)
    return answer.status, json.loads(answer.data)


def send(simulator: DevTools, to: str, **more: str) -> tuple[int, dict[str, Any]]:
    values = more.pop("TemplateParam", json.dumps(VALUES))
    return ask(simulator, Action="SendSms", PhoneNumbers=to, TemplateParam=values, **{**NOTICE, **more})


def test_an_accepted_text_is_the_template_filled_and_signed_and_is_reported_on(
    simulator: DevTools, listener: Listener
) -> None:
    simulator.console.send_to("alibaba", "report", listener.url)
    status, answer = send(simulator, "13800000001", OutId="0f-1")
    assert (status, answer["Code"], answer["Message"]) == (200, "OK", "OK")
    (entry,) = simulator.telco.messages(to="+8613800000001")
    assert entry["body"] == "【明眸眼镜】Lan您好,您在南京西路的预约:11月24日 14:30。详情 https://l.example/a"
    until(lambda: listener.about("13800000001"))
    ((report,),) = [json.loads(request.body) for request in listener.about("13800000001")]
    expected = {"phone_number": "13800000001", "success": True, "err_code": "DELIVERED", "out_id": "0f-1"}
    assert expected.items() <= report.items()
    assert report["biz_id"] == answer["BizId"]


def test_what_was_sent_can_be_asked_for_by_day_and_number(simulator: DevTools) -> None:
    _, sent = send(simulator, "+8613800000002", OutId="mine")
    day = (datetime.now(UTC) + timedelta(hours=8)).strftime("%Y%m%d")
    question = {"Action": "QuerySendDetails", "PhoneNumber": "13800000002", "PageSize": "10", "CurrentPage": "1"}
    _, answer = ask(simulator, SendDate=day, BizId=sent["BizId"], **question)
    (detail,) = answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
    assert (detail["OutId"], detail["PhoneNum"]) == ("mine", "13800000002")
    assert detail["SendStatus"] in (1, 3)
    _, answer = ask(simulator, SendDate="20200101", **question)
    assert answer["TotalCount"] == 0
    _, answer = ask(simulator, SendDate=day, **{**question, "PageSize": "51"})
    assert answer["Code"] == "isv.INVALID_PARAMETERS"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"secret": "wrong"}, 400, "SignatureDoesNotMatch"),
        ({"AccessKeyId": "LTAIsomebody"}, 404, "InvalidAccessKeyId.NotFound"),
        ({"Timestamp": "2020-01-01T00:00:00Z"}, 400, "InvalidTimeStamp.Expired"),
        ({"Timestamp": "now"}, 400, "InvalidTimeStamp.Format"),
        ({"Version": "2016-09-27"}, 404, "InvalidAction.NotFound"),
    ],
)
def test_a_request_that_is_not_in_order_is_refused_with_a_status(
    simulator: DevTools, change: dict[str, str], status: int, code: str
) -> None:
    answered, answer = send(simulator, "13800000003", **change)
    assert (answered, answer["Code"]) == (status, code)
    assert simulator.telco.messages(to="13800000003") == []


def test_a_nonce_is_good_once(simulator: DevTools) -> None:
    assert send(simulator, "13800000004", SignatureNonce="once")[0] == 200
    status, answer = send(simulator, "13800000004", SignatureNonce="once")
    assert (status, answer["Code"]) == (400, "SignatureNonceUsed")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"SignName": "没有"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"SignName": "审核中"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"TemplateCode": "SMS_1"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"TemplateCode": "SMS_100000009"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"TemplateParam": '{"name": "Lan"}'}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ({"TemplateParam": '{"name": 1}'}, "isv.INVALID_JSON_PARAM"),
        ({"TemplateParam": "Lan"}, "isv.INVALID_JSON_PARAM"),
        ({"to": "12345"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"to": "13805550009"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"to": "13805550010"}, "isv.SMS_TEMPLATE_ILLEGAL"),
    ],
)
def test_a_refusal_of_the_business_comes_with_status_200(
    simulator: DevTools, change: dict[str, str], code: str
) -> None:
    status, answer = send(simulator, change.pop("to", "13800000005"), **change)
    assert (status, answer["Code"]) == (200, code)
    assert "BizId" not in answer


def test_one_number_gets_one_code_a_minute_under_one_sign(simulator: DevTools) -> None:
    code = {"TemplateCode": "SMS_100000001", "TemplateParam": '{"code": "123456"}'}
    assert send(simulator, "13800000006", **code)[1]["Code"] == "OK"
    _, answer = send(simulator, "13800000006", **code)
    assert (answer["Code"], answer["Message"]) == ("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1")
    assert send(simulator, "13800000006", **{**code, "SignName": "云裳造型"})[1]["Code"] == "OK"
    assert send(simulator, "13800000006")[1]["Code"] == "OK"


def test_a_template_can_be_added_as_in_the_console(simulator: DevTools) -> None:
    simulator.console.put_template(Template("alibaba", "SMS_7", "${code} 到店取镜"))
    _, answer = send(simulator, "13800000007", TemplateCode="SMS_7", TemplateParam='{"code": "42"}')
    assert answer["Code"] == "OK"


def test_a_decision_about_a_template_is_pushed(simulator: DevTools, listener: Listener) -> None:
    simulator.console.send_to("alibaba", "verdict", listener.url)
    address = f"http://127.0.0.1:{simulator.ports['telco simulator']}/sim/templates"
    wanted = {"dialect": "alibaba", "code": "SMS_8", "text": "${code}", "approved": False, "reason": "违规"}
    assert urllib3.request("POST", address, json=wanted, retries=False).status == 200
    ((said,),) = [json.loads(request.body) for request in listener.heard]
    assert (said["template_code"], said["template_status"], said["reason"]) == ("SMS_8", "rejected", "违规")


def test_who_opted_out_is_told_of_in_the_receipt(simulator: DevTools, listener: Listener) -> None:
    simulator.console.send_to("alibaba", "report", listener.url)
    assert send(simulator, "13805550004")[1]["Code"] in ("OK", "isv.MBBLACK")
    until(lambda: listener.about("13805550004"))
    (report,) = json.loads(listener.about("13805550004")[0].body)
    assert (report["success"], report["err_code"]) == (False, "MBBLACK")


def test_a_receipt_may_come_before_the_answer(simulator: DevTools, listener: Listener) -> None:
    simulator.console.send_to("alibaba", "report", listener.url)
    _, answer = send(simulator, "13805550064")
    (report,) = json.loads(listener.about("13805550064")[0].body)
    assert report["biz_id"] == answer["BizId"]


def test_what_a_phone_writes_back_is_pushed(simulator: DevTools, listener: Listener) -> None:
    simulator.console.send_to("alibaba", "reply", listener.url)
    send(simulator, "13800000008")
    address = f"http://127.0.0.1:{simulator.ports['telco simulator']}/sim/reply"
    answer = urllib3.request("POST", address, json={"number": "+8613800000008", "text": " 退订 "}, retries=False)
    assert json.loads(answer.data)["told"] is True
    (said,) = json.loads(listener.about("13800000008")[0].body)
    assert (said["phone_number"], said["content"], said["sign_name"]) == ("13800000008", "退订", "明眸眼镜")
    assert isinstance(said["sequence_id"], int)
