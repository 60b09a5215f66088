"""Alibaba Cloud SMS (dysmsapi 2017-05-25): approved templates only; what it tells comes as arrays of JSON.

It signs nothing that it tells, so only the unguessable address and the networks it may come from speak for a callback.
Repeating a call sends twice, as its own manual says: what is in doubt is looked up by the OutId that we gave it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Trouble
from blueprints.messaging.channels.sms.contract import (
    Accepted,
    BadCallback,
    Callback,
    Capabilities,
    Found,
    Heard,
    Receipt,
    Reply,
    TextMessage,
    Verdict,
    refusal,
)
from blueprints.messaging.channels.sms.http import FORM, Http
from shopbell import clock
from shopbell.sms_providers import SmsProvider

BASE = "https://dysmsapi.aliyuncs.com"
ZONE = ZoneInfo("Asia/Shanghai")
"""Its dates and times are of this zone and do not say so."""
DAY = timedelta(days=1)
PAGE_SIZE = 50
MOST_PAGES = 10
REASONS = {
    "isv.MOBILE_NUMBER_ILLEGAL": "bad_number",
    "isv.MOBILE_COUNT_OVER_LIMIT": "bad_number",
    "isv.MOBILE_IN_BLACK": "opted_out",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": "unroutable",
    "isv.NOT_SUPPORTED_COUNTRY": "unroutable",
    "isv.BLACK_KEY_CONTROL_LIMIT": "content_refused",
    "isv.SMS_CONTENT_ILLEGAL": "content_refused",
    "isv.PARAM_NOT_SUPPORT_URL": "content_refused",
    "isv.PARAM_LENGTH_LIMIT": "too_long",
    "isv.SMS_TEMPLATE_ILLEGAL": "template_refused",
    "isv.SMS_SIGNATURE_ILLEGAL": "template_refused",
    "isv.SMS_SIGN_ILLEGAL": "template_refused",
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": "template_refused",
    "isv.TEMPLATE_MISSING_PARAMETERS": "template_refused",
    "isv.TEMPLATE_PARAMS_ILLEGAL": "template_refused",
    "isv.INVALID_JSON_PARAM": "template_refused",
    "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE": "template_refused",
    "isv.OUT_OF_SERVICE": "account",
    "isv.AMOUNT_NOT_ENOUGH": "account",
    "isv.PRODUCT_UN_SUBSCRIPT": "account",
    "isv.PRODUCT_UNSUBSCRIBE": "account",
    "isv.ACCOUNT_NOT_EXISTS": "account",
    "isv.ACCOUNT_ABNORMAL": "account",
    "isv.DENY_IP_RANGE": "account",
    "isv.DAY_LIMIT_CONTROL": "account",
    "isv.MONTH_LIMIT_CONTROL": "account",
    "isp.RAM_PERMISSION_DENY": "account",
    "isv.BUSINESS_LIMIT_CONTROL": "limit",
    "MOBILE_NOT_ON_SERVICE": "unreachable",
    "MOBILE_NOT_EXIST": "bad_number",
    "NO_ROUTE": "unroutable",
    "PORT_NOT_REGISTERED": "sender_refused",
    "MOBILE_IN_BLACK": "opted_out",
    "MBBLACK": "opted_out",
    "MK:0001": "unreachable",
    "USER_UNSUBSCRIBE": "opted_out",
    "CONTENT_KEYWORD": "content_refused",
    "CONTENT_ERROR": "content_refused",
}
"""Of answers and of receipts; of the answers, those of the gateway before the service are told by their beginning."""
GATEWAY = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "SignatureNonceUsed", "InvalidTimeStamp", "Forbidden")
STATES = {1: "sent", 2: "failed", 3: "delivered"}


class AlibabaSms:
    """An account. `sender` is the sign, without its brackets."""

    caps = Capabilities(free_text=False)

    def __init__(self, account: SmsProvider, *, step_seconds: float) -> None:
        self.key = account.key
        self._account = account
        self._http = Http(account.base or BASE, step_seconds=step_seconds)

    def send(self, text: TextMessage) -> Accepted:
        template = text.template(self.key)
        status, answer, wait = self._call(
            "SendSms",
            PhoneNumbers=_written(text.to),
            SignName=text.sender or self._account.sender,
            TemplateCode=template.code,
            TemplateParam=json.dumps(dict(template.params), ensure_ascii=False),
            OutId=text.reference,
        )
        if answer.get("Code") == "OK" and isinstance(answer.get("BizId"), str):
            return Accepted(answer["BizId"])
        raise _trouble(status, answer, wait)

    def find(self, text: TextMessage, since: datetime) -> list[Found]:
        """Its details do not name the BizId: our own reference stands for it."""
        return [
            Found(text.reference, STATES.get(int(entry.get("SendStatus", 1)), "sent"))
            for day in _days(since, clock.now())
            for entry in self._details(text.to, day)
            if entry.get("OutId") == text.reference
        ]

    def hear(self, callback: Callback) -> Heard:
        try:
            told = json.loads(callback.body)
            if not isinstance(told, list):
                raise TypeError(f"a {type(told).__name__}")
            receipts = [_receipt(one) for one in told if "success" in one]
            replies = [_reply(one) for one in told if "content" in one]
            verdicts = [_verdict(one) for one in told if one.get("template_status") in ("approved", "rejected")]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadCallback(f"not an array of receipts, replies or verdicts: {error}") from error
        return Heard(receipts, replies, '{"code":0,"msg":"OK"}', verdicts=verdicts)

    def close(self) -> None:
        self._http.close()

    def _details(self, number: str, day: date) -> Iterator[Mapping[str, Any]]:
        for page in range(1, MOST_PAGES + 1):
            status, answer, _wait = self._call(
                "QuerySendDetails",
                PhoneNumber=_written(number),
                SendDate=f"{day:%Y%m%d}",
                PageSize=str(PAGE_SIZE),
                CurrentPage=str(page),
            )
            if answer.get("Code") != "OK":
                raise NotNow(f"{answer.get('Code', status)} {answer.get('Message', 'no list')}", reason="unavailable")
            entries = (answer.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
            yield from entries
            if len(entries) < PAGE_SIZE:
                return
        raise NotNow("the provider's list is too long to be sure", reason="unavailable")

    def _call(self, action: str, **fields: str) -> tuple[int, Mapping[str, Any], float]:
        common = {
            "AccessKeyId": self._account.identity,
            "Action": action,
            "Format": "JSON",
            "RegionId": self._account.option("region", "cn-hangzhou"),
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": str(uuid4()),
            "SignatureVersion": "1.0",
            "Timestamp": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "Version": "2017-05-25",
        }
        signed = {**common, **fields}
        signed["Signature"] = signature(self._account.secret, "POST", signed)
        return self._http.ask("POST", "/", {**FORM, "Accept": "application/json"}, urlencode(signed))


def signature(secret: str, method: str, fields: Mapping[str, str]) -> str:
    """The Signature of an RPC call: HMAC-SHA1 over method, path and the sorted fields, each encoded as in RFC 3986."""
    line = "&".join(f"{_encoded(name)}={_encoded(fields[name])}" for name in sorted(fields))
    signed = f"{method}&{_encoded('/')}&{_encoded(line)}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), signed.encode(), hashlib.sha1).digest()).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _trouble(status: int, answer: Mapping[str, Any], wait: float) -> Trouble:
    code = str(answer.get("Code", status))
    said = f"{code} {answer.get('Message', 'no reason given')}"
    if code.startswith(GATEWAY):
        return refusal(said, "account")
    if code.startswith("Throttling"):
        return refusal(said, "too_fast", wait)
    if not code.startswith(("isv.", "isp.RAM")) and code not in REASONS:
        # A fault of the service itself, after which nobody knows.
        return InDoubt(said, reason="provider_error")
    return refusal(said, REASONS.get(code, "refused"), wait)


def _receipt(told: Mapping[str, Any]) -> Receipt:
    code = str(told.get("err_code") or "")
    arrived = told["success"] in (True, "true")
    return Receipt(
        ref=str(told.get("biz_id") or ""),
        status="delivered" if arrived else "failed",
        detail=f"{code} {told.get('err_msg') or ''}".strip(),
        reason="" if arrived else REASONS.get(code, "refused"),
        reference=str(told.get("out_id") or ""),
        number=_e164(str(told.get("phone_number") or "")),
        segments=int(told["sms_size"]) if str(told.get("sms_size", "")).isdigit() else None,
    )


def _reply(told: Mapping[str, Any]) -> Reply:
    ref = str(told.get("sequence_id") or f"{told['phone_number']} {told.get('send_time', '')}")
    return Reply(ref, _e164(str(told["phone_number"])), str(told.get("dest_code") or ""), str(told["content"]))


def _verdict(told: Mapping[str, Any]) -> Verdict:
    return Verdict(str(told["template_code"]), told["template_status"], str(told.get("reason") or ""))


def _written(number: str) -> str:
    """A number as the service writes it: at home without the calling code, abroad without the plus."""
    return number.removeprefix("+86") if number.startswith("+86") else number.removeprefix("+")


def _e164(number: str) -> str:
    digits = number.removeprefix("+").removeprefix("00")
    if not digits:
        return ""
    return f"+86{digits}" if len(digits) == 11 and digits.startswith("1") else f"+{digits}"


def _days(since: datetime, until: datetime) -> Iterator[date]:
    """The days in its zone that an interval touches, the latest first."""
    day, first = until.astimezone(ZONE).date(), since.astimezone(ZONE).date()
    while day >= first:
        yield day
        day -= DAY
