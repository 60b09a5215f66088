"""AWS SNS (query protocol, 2010-03-31): Publish to a number, and who opted out.

An answer is a message id and nothing more: what became of a text is written to a log of the customer's own and never
posted to anybody. A number that opted out is accepted all the same, and fails there.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from xml.sax.saxutils import escape

from infra.devtools.accounts import Keys
from infra.devtools.telco.doors import Door
from infra.devtools.telco.network import Sent
from infra.devtools.telco.sigv4 import Complaint, check
from infra.devtools.web import Request, Response

NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/"
VERSION = "2010-03-31"
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MOST_BYTES = 1600
TYPES = ("Transactional", "Promotional")
SENDER_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}")
THROTTLED = Complaint(400, "Throttling", "Rate exceeded")
BROKEN = Complaint(500, "InternalFailure", "The request processing has failed because of an unknown error.")
INVALID_NUMBER = "Invalid parameter: PhoneNumber Reason: {to} is not valid to publish to"


class SnsApi:
    """Answers requests for one account."""

    def __init__(self, door: Door, keys: Keys) -> None:
        self._door = door
        self._keys = keys
        self._actions = {
            "Publish": self._publish,
            "CheckIfPhoneNumberIsOptedOut": self._opted_out,
        }

    def answer(self, request: Request) -> Response:
        """Answer one request."""
        form = {name: values[-1] for name, values in {**request.query, **request.form}.items()}
        try:
            if self._door.weathered():
                raise BROKEN
            check(self._keys, "sns", request)
            action = self._actions.get(form.get("Action", ""))
            if action is None or form.get("Version") != VERSION:
                raise Complaint(400, "InvalidAction", f"Could not find operation {form.get('Action', '')}")
            return action(form)
        except Complaint as complaint:
            return _refused(complaint)

    def _publish(self, form: Mapping[str, str]) -> Response:
        to, body, attributes = form.get("PhoneNumber", ""), form.get("Message", ""), _attributes(form)
        wrong = complaint(to, body, attributes)
        if wrong:
            raise Complaint(400, "InvalidParameter", wrong)
        obstacle = self._door.telco.obstacle(to, body)
        if obstacle in ("invalid", "landline", "unroutable"):
            raise Complaint(400, "InvalidParameter", INVALID_NUMBER.format(to=to))
        if obstacle == "no_permission":
            raise Complaint(403, "AuthorizationError", "SMS to this country is not enabled for this account")
        if obstacle in ("busy", "full"):
            raise THROTTLED
        if obstacle == "broken":
            raise BROKEN
        sent = Sent(
            id=str(uuid.uuid4()),
            dialect="sns",
            account=self._keys.id,
            sender=attributes.get("AWS.SNS.SMS.SenderID", "NOTICE"),
            to=to,
            body=body,
            extra={"type": attributes.get("AWS.SNS.SMS.SMSType", "Promotional")},
        )
        entry = self._door.telco.accept(sent)
        answer = _said("Publish", f"<MessageId>{sent.id}</MessageId>")
        return self._door.accepted(entry, answer)

    def _opted_out(self, form: Mapping[str, str]) -> Response:
        to = form.get("phoneNumber", "")
        if not E164.fullmatch(to):
            raise Complaint(
                400, "InvalidParameter", "Invalid parameter: PhoneNumber Reason: input incorrectly formatted"
            )
        stopped = str(self._door.telco.plan_for(to) == "stopped").lower()
        return _said("CheckIfPhoneNumberIsOptedOut", f"<isOptedOut>{stopped}</isOptedOut>")


def complaint(to: str, body: str, attributes: Mapping[str, str]) -> str:
    """What the provider would say is wrong with a Publish request, or nothing."""
    sender, kind = attributes.get("AWS.SNS.SMS.SenderID", ""), attributes.get("AWS.SNS.SMS.SMSType", "")
    findings = (
        (not to, "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter"),
        (not E164.fullmatch(to), INVALID_NUMBER.format(to=to)),
        (not body, "Invalid parameter: Empty message"),
        (len(body.encode()) > MOST_BYTES, "Invalid parameter: Message too long"),
        (bool(kind) and kind not in TYPES, f"Invalid parameter: SMSType Reason: {kind} is not valid"),
        (
            bool(sender) and not SENDER_ID.fullmatch(sender),
            f"Invalid parameter: SenderID Reason: {sender} is not valid",
        ),
    )
    return next((sentence for wrong, sentence in findings if wrong), "")


def _attributes(form: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, value in form.items():
        match = re.fullmatch(r"(MessageAttributes\.entry\.\d+)\.Name", name)
        if match:
            found[value] = form.get(f"{match[1]}.Value.StringValue", "")
    return found


def _said(action: str, members: str) -> Response:
    return _xml(
        f'<{action}Response xmlns="{NAMESPACE}"><{action}Result>{members}</{action}Result>'
        f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata></{action}Response>",
        200,
    )


def _refused(complaint: Complaint) -> Response:
    whose = "Receiver" if complaint.status >= 500 else "Sender"
    return _xml(
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>{whose}</Type><Code>{complaint.code}</Code>'
        f"<Message>{escape(complaint.message)}</Message></Error><RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>",
        complaint.status,
    )


def _xml(text: str, status: int) -> Response:
    return Response(status, text.encode(), "text/xml")
