"""Tencent Cloud SMS (2021-01-11): SendSms and PullSmsSendStatusByPhoneNumber.

Every answer has status 200; each number of a request is accepted or refused by itself in `SendStatusSet`.
"""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime
from time import time_ns
from typing import Any

from infra.devtools.accounts import Keys
from infra.devtools.journal import Entry
from infra.devtools.telco.chinese_numbers import e164, national
from infra.devtools.telco.console import Console, Template
from infra.devtools.telco.doors import Door
from infra.devtools.telco.limits import Limit, Limits
from infra.devtools.telco.network import Sent
from infra.devtools.telco.tc3 import Complaint, check
from infra.devtools.web import Request, Response, answer_json

VERSION = "2021-01-11"
MOST_NUMBERS = 200
LONGEST_CONTEXT = 512
PLACE = re.compile(r"\{(\d+)\}")
#: What the console sets for one number unless somebody changes it.
FLOW = (
    Limit(1, 30, "LimitExceeded.PhoneNumberThirtySecondLimit"),
    Limit(5, 3600, "LimitExceeded.PhoneNumberOneHourLimit"),
    Limit(10, 86400, "LimitExceeded.PhoneNumberDailyLimit"),
)
#: Refusals of one number by its plan.
REFUSALS = {
    "invalid": ("InvalidParameterValue.IncorrectPhoneNumber", "phone number format error"),
    "landline": ("InvalidParameterValue.IncorrectPhoneNumber", "phone number format error"),
    "unroutable": ("InternalError.OtherError", "other error"),
    "no_permission": ("UnsupportedOperation.UnsupportedRegion", "the region is not supported"),
    "stopped": ("FailedOperation.PhoneNumberInBlacklist", "the phone number is in the blacklist"),
    "unapproved": ("FailedOperation.TemplateIncorrectOrUnapproved", "template is not approved or does not match"),
    "full": ("InternalError.Timeout", "request timeout"),
}
BUSY = Complaint("RequestLimitExceeded", "Your current request frequency has exceeded the limit.")
BROKEN = Complaint("InternalError", "An internal error has occurred. Retry your request.")
#: The carriers' words for what did not arrive.
ERRORS = {"": "DELIVRD", "absent": "MK:0001", "lost": "UNKNOWN", "stopped": "MBBLACK"}


class SmsApi:
    """Answers requests for one account and its one application."""

    def __init__(self, door: Door, console: Console, keys: Keys, app: str) -> None:
        self._door = door
        self._console = console
        self._keys = keys
        self._app = app
        self._limits = Limits()
        self._actions = {"SendSms": self._send, "PullSmsSendStatusByPhoneNumber": self._pull}

    def answer(self, request: Request) -> Response:
        """Answer one request."""
        try:
            if self._door.weathered():
                raise BROKEN
            action = self._actions.get(request.headers.get("x-tc-action", ""))
            if action is None:
                raise Complaint("InvalidAction", "The request action is invalid.")
            if request.headers.get("x-tc-version") != VERSION:
                raise Complaint("NoSuchVersion", "The requested version does not exist.")
            check(self._keys, request.method, request.headers, request.body)
            return action(_members(request.body))
        except Complaint as complaint:
            return _said(Error={"Code": complaint.code, "Message": complaint.message})

    def _send(self, wanted: Mapping[str, Any]) -> Response:
        for name in ("PhoneNumberSet", "SmsSdkAppId", "TemplateId"):
            if not wanted.get(name):
                raise Complaint("MissingParameter", f"The request is missing a required parameter `{name}`.")
        numbers, parameters = wanted["PhoneNumberSet"], wanted.get("TemplateParamSet") or []
        for name, value in (("PhoneNumberSet", numbers), ("TemplateParamSet", parameters)):
            if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
                raise Complaint("InvalidParameter", f"The value type of parameter `{name}` is not valid.")
        if len(numbers) > MOST_NUMBERS:
            raise Complaint("LimitExceeded.PhoneNumberCountLimit", "At most 200 phone numbers in one request.")
        if len(str(wanted.get("SessionContext", "")).encode()) >= LONGEST_CONTEXT:
            raise Complaint("InvalidParameterValue", "SessionContext is too long.")
        if len({e164(number).startswith("+86") for number in numbers}) > 1:
            code = "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber"
            raise Complaint(code, "Domestic and international phone numbers cannot be mixed.")
        answers = [self._one(number, parameters, wanted) for number in numbers]
        answer = _said(SendStatusSet=[said for said, _ in answers])
        for _, entry in answers:
            if entry is not None:
                answer = self._door.accepted(entry, answer)
        return answer

    def _one(self, text: str, values: list[str], wanted: Mapping[str, Any]) -> tuple[dict[str, Any], Entry | None]:
        number, context = e164(text), str(wanted.get("SessionContext", ""))
        said = {
            "SerialNo": "",
            "PhoneNumber": text if text.startswith("+") else number,
            "Fee": 0,
            "SessionContext": context,
            "IsoCode": "CN" if number.startswith("+86") else "",
        }
        try:
            body = self._drawn(number, values, wanted)
            self._let_through(number, body)
        except Refusal as refusal:
            return {**said, "Code": refusal.code, "Message": refusal.message}, None
        entry = self._accept(number, body, wanted)
        taken = {"SerialNo": entry["extra"]["serial_no"], "Fee": entry["num_segments"]}
        return {**said, **taken, "Code": "Ok", "Message": "send success"}, entry

    def _drawn(self, number: str, values: list[str], wanted: Mapping[str, Any]) -> str:
        if str(wanted["SmsSdkAppId"]) != self._app:
            raise Refusal("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "verify SmsSdkAppId failed")
        if not number:
            raise Refusal(*REFUSALS["invalid"])
        sign = str(wanted.get("SignName", ""))
        domestic = number.startswith("+86")
        if (domestic or sign) and not self._console.sign_approved(sign):
            raise Refusal("FailedOperation.SignatureIncorrectOrUnapproved", "signature is incorrect or unapproved")
        template = self._console.template("tencent", str(wanted["TemplateId"]))
        if template is None or not template.approved:
            raise Refusal(*REFUSALS["unapproved"])
        return (f"【{sign}】" if sign else "") + filled(template, values)

    def _let_through(self, number: str, body: str) -> None:
        obstacle = self._door.telco.obstacle(number, body)
        if obstacle == "busy":
            raise BUSY
        if obstacle == "broken":
            raise BROKEN
        if obstacle in REFUSALS:
            raise Refusal(*REFUSALS[obstacle])
        reached = self._limits.take(number, FLOW)
        if reached is not None:
            raise Refusal(reached.name, "the number of SMS messages sent to this phone number exceeds the limit")

    def _accept(self, number: str, body: str, wanted: Mapping[str, Any]) -> Entry:
        extra = {
            "serial_no": f"5000:{time_ns()}{secrets.randbelow(1000):03d}a",
            "context": str(wanted.get("SessionContext", "")),
            "sign": str(wanted.get("SignName", "")),
            "extend": str(wanted.get("ExtendCode", "")),
        }
        sent = Sent(
            id=secrets.token_hex(16),
            dialect="tencent",
            account=self._keys.id,
            sender=f"【{extra['sign']}】" if extra["sign"] else str(wanted.get("SenderId", "")) or "Tencent",
            to=number,
            body=body,
            extra=extra,
        )
        return self._door.telco.accept(sent)

    def _pull(self, wanted: Mapping[str, Any]) -> Response:
        for name in ("BeginTime", "Offset", "Limit", "PhoneNumber", "SmsSdkAppId"):
            if wanted.get(name) is None:
                raise Complaint("MissingParameter", f"The request is missing a required parameter `{name}`.")
        if not isinstance(wanted["BeginTime"], int) or not isinstance(wanted["Limit"], int):
            raise Complaint("InvalidParameter", "The value type of a parameter is not valid.")
        if not 1 <= wanted["Limit"] <= 100 or wanted["Offset"] != 0:
            raise Complaint("InvalidParameterValue", "Limit is 1 to 100, and Offset is 0.")
        number, begin, end = e164(str(wanted["PhoneNumber"])), wanted["BeginTime"], wanted.get("EndTime") or 2**40
        # Only what the carrier has reported on: a text still under way is not there at all.
        found = [
            _status(entry)
            for entry in self._door.telco.messages(dialect="tencent")
            if entry["to"] == number
            and entry["status"] in ("delivered", "undelivered", "failed")
            and begin <= datetime.fromisoformat(str(entry["date_created"])).timestamp() <= end
        ]
        return _said(PullSmsSendStatusSet=found[: wanted["Limit"]])


class Refusal(Exception):
    """Why one number of a request was not accepted."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


def filled(template: Template, values: list[str]) -> str:
    """A template's text with its values by position, as many as it has places. Raises Refusal."""
    places = {int(place) for place in PLACE.findall(template.text)}
    if len(values) != len(places):
        code = "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
        raise Refusal(code, "the number of template parameters does not match the approved template")
    if template.kind == "code" and not all(value.isdigit() and len(value) <= 6 for value in values):
        code = "InvalidParameterValue.TemplateParameterFormatError"
        raise Refusal(code, "a verification code template takes only digits, six at most")
    return PLACE.sub(lambda place: values[int(place[1]) - 1], template.text)


def _status(entry: Entry) -> dict[str, Any]:
    country, subscriber = ("86", national(str(entry["to"]))) if str(entry["to"]).startswith("+86") else ("", "")
    return {
        "UserReceiveTime": int(datetime.fromisoformat(str(entry["date_updated"])).timestamp()),
        "CountryCode": country,
        "SubscriberNumber": subscriber or national(str(entry["to"])),
        "PhoneNumber": entry["to"],
        "SerialNo": entry["extra"]["serial_no"],
        "ReportStatus": "SUCCESS" if entry["status"] == "delivered" else "FAIL",
        "Description": ERRORS[str(entry["reason"])],
        "SessionContext": entry["extra"]["context"],
    }


def _members(body: bytes) -> Mapping[str, Any]:
    try:
        members = json.loads(body)
    except ValueError:
        raise Complaint("InvalidParameter", "The request body is not valid JSON.") from None
    if not isinstance(members, dict):
        raise Complaint("InvalidParameter", "The request body is not a JSON object.")
    return members


def _said(**members: Any) -> Response:
    return answer_json({"Response": {**members, "RequestId": str(uuid.uuid4())}})
