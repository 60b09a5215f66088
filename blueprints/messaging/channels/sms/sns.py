"""Amazon SNS: publishing to a number. It tells us nothing afterwards, and it cannot be asked what it has."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
)

from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused, Trouble
from blueprints.messaging.channels.sms.contract import (
    Accepted,
    BadCallback,
    Callback,
    CannotAsk,
    Capabilities,
    Found,
    Heard,
    RefusedHere,
    TextMessage,
)
from shopbell.sms_providers import SmsProvider

MOST_BYTES = 1600
POOL = 16
#: Errors of the account or of the moment; what is not named here is about the message.
LATER = {
    "Throttled": "too_fast",
    "Throttling": "too_fast",
    "ThrottlingException": "too_fast",
    "AuthorizationError": "account",
    "AuthorizationErrorException": "account",
    "AccessDenied": "account",
    "InvalidClientTokenId": "account",
    "SignatureDoesNotMatch": "account",
    "ExpiredToken": "account",
    "UserError": "account",
}


class SnsSms:
    """An account in one region, which is the option `region`. `sender` is a sender ID, or a number of ours."""

    caps = Capabilities(receipts=False, find="", inbound=False)

    def __init__(self, account: SmsProvider, *, step_seconds: float) -> None:
        self.key = account.key
        self._account = account
        # Its own retries could send twice.
        once = Config(
            connect_timeout=step_seconds,
            read_timeout=step_seconds,
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=POOL,
        )
        self._client = boto3.session.Session().client(
            "sns",
            region_name=account.option("region", "ap-southeast-1"),
            aws_access_key_id=account.identity,
            aws_secret_access_key=account.secret,
            endpoint_url=account.base or None,
            config=once,
        )

    def send(self, text: TextMessage) -> Accepted:
        if len(text.body.encode()) > MOST_BYTES:
            raise RefusedHere(f"longer than {MOST_BYTES} bytes", reason="too_long")
        try:
            answer = self._client.publish(
                PhoneNumber=text.to, Message=text.body, MessageAttributes=self._attributes(text)
            )
        except ClientError as error:
            raise _trouble(error) from error
        except (ConnectTimeoutError, EndpointConnectionError) as error:
            raise NotNow("the provider cannot be reached", reason="unavailable") from error
        except (NoCredentialsError, ParamValidationError) as error:
            raise NotNow(str(error), reason="account") from error
        except BotoCoreError as error:
            said = f"the connection ended before the answer: {type(error).__name__}"
            raise InDoubt(said, reason="unavailable") from error
        return Accepted(answer["MessageId"])

    def find(self, text: TextMessage, since: datetime) -> list[Found]:
        raise CannotAsk("Amazon SNS keeps no list of text messages")

    def hear(self, callback: Callback) -> Heard:
        raise BadCallback("Amazon SNS tells nothing of text messages")

    def close(self) -> None:
        self._client.close()

    def _attributes(self, text: TextMessage) -> dict[str, dict[str, str]]:
        values = {"AWS.SNS.SMS.SMSType": "Promotional" if text.purpose == "marketing" else "Transactional"}
        sender = text.sender or self._account.sender
        if sender:
            number = sender.startswith("+")
            values["AWS.MM.SMS.OriginationNumber" if number else "AWS.SNS.SMS.SenderID"] = sender
        return {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}


def _trouble(error: ClientError) -> Trouble:
    answer: dict[str, Any] = error.response
    code, message = answer.get("Error", {}).get("Code", ""), answer.get("Error", {}).get("Message", "")
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    said = f"{code} {message}".strip()
    if code in LATER:
        return NotNow(said, reason=LATER[code])
    if status >= 500:
        return InDoubt(said, reason="provider_error")
    if code in ("OptedOut", "OptedOutException") or "opted out" in message:
        return Refused(said, reason="opted_out")
    if "PhoneNumber" in message:
        return Refused(said, reason="bad_number")
    return RefusedHere(said, reason="refused")
