"""The simulator's Tencent Cloud SMS, asked by a client of a few lines that was written from the provider's document."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3

from infra.devtools.telco import tc3
from infra.devtools.tools import DevTools
from tests.messaging.conftest import until
from tests.messaging.simulator.listener import Listener

ID, SECRET, APP = "AKIDdevelopment", "tencent-development-secret", "1400006666"


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def ask(simulator: DevTools, action: str, secret: str = SECRET, moment: int = 0, **members: Any) -> dict[str, Any]:
    host, body, moment = "sms.tencentcloudapi.com", json.dumps(members), moment or int(time.time())
    day = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")
    canonical = "\n".join(
        (
            "POST",
            "/",
            "",
            "content-type:application/json; charset=utf-8",
            f"host:{host}",
            "",
            "content-type;host",
            hashlib.sha256(body.encode()).hexdigest(),
        )
    )
    scope = f"{day}/sms/tc3_request"
    text = f"TC3-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = _hmac(_hmac(_hmac(f"TC3{secret}".encode(), day), "sms"), "tc3_request")
    signed = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    headers = {
        "Authorization": f"TC3-HMAC-SHA256 Credential={ID}/{scope}, SignedHeaders=content-type;host, "
        f"Signature={signed}",
        "Content-Type": "application/json; charset=utf-8",
        "Host": host,
        "X-TC-Action": action,
        "X-TC-Timestamp": str(moment),
        "X-TC-Version": "2021-01-11",
        "X-TC-Region": "ap-guangzhou",
    }
    address = f"http://127.0.0.1:{simulator.ports['Tencent Cloud SMS']}/"
    answer = urllib3.request("POST", address, body=body, headers=headers, retries=False)
    assert answer.status == 200
    found: dict[str, Any] = json.loads(answer.data)["Response"]
    assert found["RequestId"]
    return found


def send(simulator: DevTools, *to: str, **more: Any) -> dict[str, Any]:
    members = {
        "PhoneNumberSet": list(to),
        "SmsSdkAppId": APP,
        "TemplateId": "1000002",
        "SignName": "明眸眼镜",
        "TemplateParamSet": ["Lan", "南京西路", "14:30", "https://l.example/a"],
        "SessionContext": "mine",
    }
    return ask(simulator, "SendSms", **{**members, **more})


def one(answer: dict[str, Any]) -> dict[str, Any]:
    (found,) = answer["SendStatusSet"]
    return dict(found)


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        ("content-type;host", "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c"),
        ("content-type;host;x-tc-action", "be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3"),
    ],
)
def test_the_signature_is_that_of_the_providers_own_example(signed: str, expected: str) -> None:
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    headers = {
        "content-type": "application/json; charset=utf-8",
        "host": "cvm.tencentcloudapi.com",
        "x-tc-action": "DescribeInstances",
    }
    canonical = tc3.canonical_request("POST", headers, signed, body)
    secret = "Gu5t9xGARNpq86cd98joQYCN3*******"  # pragma: allowlist secret - the masked one of the document
    assert tc3.signature(secret, "2019-02-25", "cvm", "1551113065", canonical) == expected


def test_an_accepted_text_is_reported_on_and_can_be_pulled_once_it_has_arrived(
    simulator: DevTools, listener: Listener
) -> None:
    simulator.console.send_to("tencent", "report", listener.url)
    begin = int(time.time()) - 1
    said = one(send(simulator, "+8613900000001"))
    assert (said["Code"], said["SessionContext"], said["IsoCode"], said["Fee"]) == ("Ok", "mine", "CN", 1)
    question: dict[str, Any] = {
        "BeginTime": begin,
        "Offset": 0,
        "Limit": 100,
        "PhoneNumber": "+8613900000001",
        "SmsSdkAppId": APP,
    }
    assert ask(simulator, "PullSmsSendStatusByPhoneNumber", **question)["PullSmsSendStatusSet"] == []
    until(lambda: listener.about("13900000001"))
    (status,) = json.loads(listener.about("13900000001")[0].body)
    assert (status["sid"], status["report_status"], status["mobile"]) == (said["SerialNo"], "SUCCESS", "13900000001")
    (pulled,) = ask(simulator, "PullSmsSendStatusByPhoneNumber", **question)["PullSmsSendStatusSet"]
    assert (pulled["SerialNo"], pulled["ReportStatus"]) == (said["SerialNo"], "SUCCESS")
    assert pulled["SessionContext"] == "mine"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret": "wrong"}, "AuthFailure.SignatureFailure"),
        ({"moment": 1_500_000_000}, "AuthFailure.SignatureExpire"),
        ({"TemplateId": ""}, "MissingParameter"),
        ({"TemplateParamSet": [1]}, "InvalidParameter"),
        ({"SessionContext": "x" * 512}, "InvalidParameterValue"),
    ],
)
def test_a_request_that_is_not_in_order_is_an_error(simulator: DevTools, change: dict[str, Any], code: str) -> None:
    assert send(simulator, "+8613900000002", **change)["Error"]["Code"] == code
    assert simulator.telco.messages(to="13900000002") == []


@pytest.mark.parametrize(
    ("to", "change", "code"),
    [
        ("+8613900000003", {"SmsSdkAppId": "1"}, "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
        ("+8613900000003", {"SignName": "没有"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ("+8613900000003", {"TemplateId": "1000009"}, "FailedOperation.TemplateIncorrectOrUnapproved"),
        ("+8613900000003", {"TemplateParamSet": ["Lan"]}, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        ("+8613905550004", {}, "FailedOperation.PhoneNumberInBlacklist"),
        ("+8613905550010", {}, "FailedOperation.TemplateIncorrectOrUnapproved"),
        ("+861", {}, "InvalidParameterValue.IncorrectPhoneNumber"),
    ],
)
def test_each_number_is_refused_by_itself(simulator: DevTools, to: str, change: dict[str, Any], code: str) -> None:
    said = one(send(simulator, to, **change))
    assert (said["Code"], said["SerialNo"], said["Fee"]) == (code, "", 0)


def test_one_number_gets_one_text_in_half_a_minute_whatever_the_others_get(simulator: DevTools) -> None:
    codes = [said["Code"] for said in send(simulator, "+8613900000004", "+8613900000005")["SendStatusSet"]]
    assert codes == ["Ok", "Ok"]
    said = one(send(simulator, "+8613900000004"))
    assert said["Code"] == "LimitExceeded.PhoneNumberThirtySecondLimit"


def test_a_busy_or_broken_provider_answers_for_the_whole_request(simulator: DevTools) -> None:
    assert send(simulator, "+8613905550029")["Error"]["Code"] == "RequestLimitExceeded"
    assert send(simulator, "+8613905550050")["Error"]["Code"] == "InternalError"
    assert one(send(simulator, "+8613905550050"))["Code"] == "Ok"


def test_what_a_phone_writes_back_comes_by_itself(simulator: DevTools, listener: Listener) -> None:
    simulator.console.send_to("tencent", "reply", listener.url)
    send(simulator, "+8613900000006", ExtendCode="12")
    address = f"http://127.0.0.1:{simulator.ports['telco simulator']}/sim/reply"
    urllib3.request("POST", address, json={"number": "+8613900000006", "text": "C"}, retries=False)
    said = json.loads(listener.about("13900000006")[0].body)
    assert (said["mobile"], said["nationcode"], said["text"], said["extend"]) == ("13900000006", "86", "C", "12")
