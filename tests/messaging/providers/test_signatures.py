"""Our signatures, and those that the simulator checks, are the ones that the providers print in their own manuals."""

from datetime import UTC, datetime

from blueprints.messaging.channels.sms import alibaba, tencent, twilio
from infra.devtools.telco import alibaba_rpc


def test_alibabas_signature_is_the_one_of_its_manual_for_calls() -> None:
    fields = {
        "AccessKeyId": "testid",
        "Action": "DescribeRegions",
        "Format": "XML",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        "SignatureVersion": "1.0",
        "Timestamp": "2016-02-23T12:46:24Z",
        "Version": "2014-05-26",
    }
    assert alibaba.signature("testsecret", "GET", fields) == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_alibabas_signature_is_the_one_of_its_manual_for_text_messages() -> None:
    fields = {
        "AccessKeyId": "testId",
        "Action": "SendSms",
        "Format": "XML",
        "OutId": "123",
        "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou",
        "SignName": "阿里云短信测试专用",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }
    assert alibaba.signature("testSecret", "GET", fields) == "zJDF+Lrzhj/ThnlvIToysFRq6t4="
    checked = alibaba_rpc.signature("testSecret", alibaba_rpc.signed_text("GET", fields))
    assert checked == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_tencents_authorization_is_the_one_of_its_manual() -> None:
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    at = datetime.fromtimestamp(1551113065, UTC)
    given = tencent.authorization("AKIDEXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "cvm", at, headers, body)
    assert given == (
        "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"  # pragma: allowlist secret
    )


def test_twilios_signature_is_the_one_of_its_manual() -> None:
    form = {
        "CallSid": ["CA1234567890ABCDE"],
        "Caller": ["+14158675309"],
        "Digits": ["1234"],
        "From": ["+14158675309"],
        "To": ["+18005551212"],
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twilio.signature("12345", url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert twilio.is_genuine("12345", url, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not twilio.is_genuine("12346", url, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not twilio.is_genuine("12345", url, {**form, "Digits": ["1235"]}, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not twilio.is_genuine("12345", url, form, "")
    assert not twilio.is_genuine("12345", url, form, "é")
