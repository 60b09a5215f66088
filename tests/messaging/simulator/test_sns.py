"""The simulator's AWS SNS, asked by the provider's own library."""

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from infra.devtools.telco import sigv4
from infra.devtools.tools import DevTools
from infra.devtools.web import Request


def client(simulator: DevTools, *, secret: str = "sns-development-secret", key: str = "AKIADEVELOPMENT00000") -> Any:
    return boto3.client(
        "sns",
        region_name="ap-southeast-1",
        endpoint_url=f"http://127.0.0.1:{simulator.ports['AWS SNS']}",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 0}, read_timeout=3),
    )


def refusal(call: Any, **wanted: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as refused:
        call(**wanted)
    answer = refused.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_the_signature_is_that_of_the_providers_own_test_suite() -> None:
    headers = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
    canonical = sigv4.canonical_request(Request("GET", "/", {}, headers, b""), "host;x-amz-date")
    secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"  # pragma: allowlist secret - the one of the document
    scope = "20150830/us-east-1/service/aws4_request"
    expected = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    assert sigv4.signature(secret, scope, "20150830T123600Z", canonical) == expected


def test_a_text_is_taken_with_an_id_and_its_attributes(simulator: DevTools) -> None:
    attributes = {
        "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
        "AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": "LumiOptik"},
    }
    answer = client(simulator).publish(
        PhoneNumber="+84901000001", Message="Hẹn gặp bạn & ~lúc 14:30+", MessageAttributes=attributes
    )
    (entry,) = simulator.telco.messages(to="84901000001")
    assert entry["id"] == answer["MessageId"]
    assert (entry["body"], entry["from"]) == ("Hẹn gặp bạn & ~lúc 14:30+", "LumiOptik")
    assert entry["extra"] == {"type": "Transactional"}


def test_a_stranger_is_refused(simulator: DevTools) -> None:
    wanted = {"PhoneNumber": "+84901000002", "Message": "x"}
    assert refusal(client(simulator, secret="wrong").publish, **wanted) == ("SignatureDoesNotMatch", 403)
    assert refusal(client(simulator, key="AKIASOMEBODY").publish, **wanted) == ("InvalidClientTokenId", 403)
    assert simulator.telco.messages(to="84901000002") == []


@pytest.mark.parametrize(
    ("to", "message", "code"),
    [
        ("12345", "x", "InvalidParameter"),
        ("+84901000003", "ế" * 534, "InvalidParameter"),
        ("+84905550001", "x", "InvalidParameter"),
        ("+84905550003", "x", "AuthorizationError"),
        ("+84905550029", "x", "Throttling"),
    ],
)
def test_what_cannot_be_sent_is_refused(simulator: DevTools, to: str, message: str, code: str) -> None:
    assert refusal(client(simulator).publish, PhoneNumber=to, Message=message)[0] == code


def test_who_opted_out_is_accepted_all_the_same_and_can_be_asked_for(simulator: DevTools) -> None:
    sns = client(simulator)
    assert sns.publish(PhoneNumber="+84905550004", Message="x")["MessageId"]
    assert sns.check_if_phone_number_is_opted_out(phoneNumber="+84905550004")["isOptedOut"]
    assert not sns.check_if_phone_number_is_opted_out(phoneNumber="+84901000004")["isOptedOut"]


def test_a_connection_cut_before_the_answer_has_taken_the_text(simulator: DevTools) -> None:
    with pytest.raises(HTTPClientError):
        client(simulator).publish(PhoneNumber="+84905550060", Message="once")
    assert len(simulator.telco.messages(to="84905550060")) == 1
