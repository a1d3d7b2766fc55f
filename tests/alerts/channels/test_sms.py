"""Gateways as data, against a server that checks what it gets."""

import hashlib
import hmac
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr

from alerts.channels.http import Place
from alerts.channels.sms import Gateway, Sent, Signing, SmsChannel
from quotawatt.errors import ChannelError
from tests.alerts.channels.bodies import OFFICER, delivery
from tests.alerts.channels.platform import Answer, Asked, run_platform

FIELDS = {"phone": "{mobile}", "content": "【能管】{text}", "sn": "{key}"}


def test_a_gateway_with_json_a_token_and_a_success_field() -> None:
    def gateway(asked: Asked) -> Answer:
        if asked.headers["authorization"] != "Bearer s3cret":
            return Answer(status=401)
        return Answer({"result": {"code": 0}})

    with run_platform(gateway) as platform:
        data = Gateway(
            Place(platform.url + "/sms"),
            FIELDS,
            headers={"Authorization": "Bearer {secret}"},
            secret=SecretStr("s3cret"),
            success=("result.code", "0"),
        )
        SmsChannel(data).send(delivery())
        SmsChannel(data).send(delivery())
    first, again = platform.asked
    assert first.json["phone"] == "13800000000"
    assert first.json["content"] == "【能管】主楼用电超定额，请处理。"
    assert first.json["sn"] == again.json["sn"]


@pytest.mark.parametrize("signing", list(Signing))
def test_a_form_with_a_signature(signing: Signing) -> None:
    data = Gateway(
        Place(""),
        {"m": "{mobile}", "t": "{timestamp_ms}", "sign": "{signature}"},
        sent=Sent.FORM,
        secret=SecretStr("s3cret"),
        signing=signing,
        signed="{mobile}{timestamp_ms}{secret}",
    )
    with run_platform(lambda _: Answer()) as platform:
        SmsChannel(replace(data, place=Place(platform.url))).send(delivery())
    form = {name: values[0] for name, values in parse_qs(platform.asked[0].body.decode()).items()}
    text = b"138000000001685577600000s3cret"
    expected = {
        Signing.HMAC_SHA256: hmac.new(b"s3cret", text, hashlib.sha256).hexdigest(),
        Signing.SHA256: hashlib.sha256(text).hexdigest(),
        Signing.MD5: hashlib.md5(text, usedforsecurity=False).hexdigest(),
    }
    assert form["sign"] == expected[signing]


def test_all_in_the_address() -> None:
    with run_platform(lambda _: Answer()) as platform:
        data = Gateway(Place(platform.url + "/send/{mobile}"), {"c": "{text}"}, sent=Sent.QUERY)
        SmsChannel(data).send(delivery(short="a&b {text}"))
    (asked,) = platform.asked
    assert (asked.method, asked.path) == ("GET", "/send/13800000000")
    assert asked.query == {"c": "a&b {text}"}  # what a message says is never a template


def test_a_long_text_is_cut() -> None:
    with run_platform(lambda _: Answer()) as platform:
        SmsChannel(Gateway(Place(platform.url), FIELDS)).send(delivery(short="超" * 500))
    assert len(platform.asked[0].json["content"]) < 150


@pytest.mark.parametrize("mobile", ["", "12345", "1380000000x", "+4479000000", "13800000000\n"])
def test_a_number_that_is_none_is_final_and_not_shown(mobile: str) -> None:
    with pytest.raises(ChannelError, match="a mobile number of 11 digits") as caught:
        SmsChannel(Gateway(Place("http://127.0.0.1:9"), FIELDS)).send(
            delivery(replace(OFFICER, mobile=mobile))
        )
    assert not caught.value.retryable
    assert not mobile or mobile not in str(caught.value)


@pytest.mark.parametrize("answer", [{"code": "busy s3cret"}, {"code": None}, {}, {"code": True}])
def test_what_the_gateway_does_not_call_success_is_tried_again(answer: dict[str, object]) -> None:
    with run_platform(lambda _: Answer(answer)) as platform:
        data = Gateway(
            Place(platform.url), FIELDS, secret=SecretStr("s3cret"), success=("code", "0")
        )
        with pytest.raises(ChannelError, match="must answer code 0") as caught:
            SmsChannel(data).send(delivery())
    assert caught.value.retryable
    assert "s3cret" not in str(caught.value)
