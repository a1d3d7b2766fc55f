"""The examples of ``docs/channels.md`` work as it says, and the schema describes what is sent."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import SecretStr

from alerts.channels.base import ChannelKind, Channels, ChannelSpec
from alerts.channels.config import load_channels
from alerts.channels.http import Place
from alerts.channels.kinds import KINDS
from alerts.channels.trying import try_channel
from alerts.channels.webhook import WebhookChannel
from alerts.messages.rendering import render
from alerts.messages.summarising import summarise
from quotawatt.errors import ChannelError
from tests.alerts.channels.bodies import SENT_AT, delivery
from tests.alerts.channels.platform import Answer, Asked, make_authority, run_platform
from tests.alerts.delivery.post import Recorder
from tests.alerts.messages.scene import NOW, OFFICER, Bundle, Notice, case, telling

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "alerts/channels/webhook.schema.json").read_text(encoding="utf-8"))
SECRET = "the shared secret"

Receive = Callable[[Mapping[str, str], bytes, float], int]


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.+?)```", DOCUMENT, re.DOTALL)
    assert found
    return found[1]


def test_the_example_file_is_read_and_has_every_kind(tmp_path: Path) -> None:
    text = _block("yaml").replace("  other:", "  # other:")
    text = text.replace("    kind: apprise\n    url_file: secrets/apprise\n", "")
    (tmp_path / "channels.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    make_authority(tmp_path)
    for name in re.findall(r"_file: secrets/(\S+)", text):
        (tmp_path / "secrets" / name).write_text("s", encoding="utf-8")
    environ = dict.fromkeys(re.findall(r"_env: (\S+)", text), "s")
    found = load_channels(tmp_path / "channels.yaml", environ)
    assert {s.kind for s in found.specs.values()} == {*KINDS} - {ChannelKind.APPRISE}
    assert yaml.safe_load(_block("yaml"))["channels"]["other"]["kind"] == "apprise"


@pytest.fixture
def receive() -> Receive:
    names: dict[str, Any] = {}
    exec(compile(_block("python"), "docs/channels.md", "exec"), names)
    found: Receive = names["receive"]
    return found


def _sent(secret: str, previous: str = "") -> Asked:
    with run_platform(lambda _: Answer(status=204)) as platform:
        channel = WebhookChannel(Place(platform.url), SecretStr(secret), SecretStr(previous))
        channel.send(delivery())
    return platform.asked[0]


def test_the_example_receiver_takes_what_is_genuine_and_ignores_a_repetition(
    receive: Receive,
) -> None:
    with run_platform(
        lambda asked: Answer(status=receive(asked.headers, asked.body, SENT_AT.timestamp()))
    ) as platform:
        channel = WebhookChannel(Place(platform.url), SecretStr(SECRET))
        channel.send(delivery())
        channel.send(delivery())
        with pytest.raises(ChannelError, match="401"):
            WebhookChannel(Place(platform.url), SecretStr("another")).send(delivery())
    first = platform.asked[0]
    assert receive(first.headers, first.body, SENT_AT.timestamp()) == 200


def test_the_example_receiver_refuses_what_is_altered_unsigned_or_old(receive: Receive) -> None:
    asked, now_s = _sent(SECRET), SENT_AT.timestamp()
    unsigned = {k: v for k, v in asked.headers.items() if k != "x-quotawatt-signature"}
    redated = {**asked.headers, "x-quotawatt-timestamp": str(int(now_s) + 200)}
    late = timedelta(seconds=301).total_seconds()
    assert receive(asked.headers, asked.body + b" ", now_s) == 401
    assert receive(unsigned, asked.body, now_s) == 401
    assert receive(redated, asked.body, now_s) == 401
    assert receive(asked.headers, asked.body, now_s + late) == 401
    assert receive(asked.headers, asked.body, now_s - late) == 401
    assert receive(asked.headers, asked.body, now_s) == 204


def test_while_the_secret_is_changed_a_receiver_may_know_either(receive: Receive) -> None:
    now_s = SENT_AT.timestamp()
    as_previous, as_present = _sent("new", SECRET), _sent(SECRET, "old")
    assert receive(as_previous.headers, as_previous.body, now_s) == 204
    assert receive(as_present.headers, as_present.body, now_s) == 200


@pytest.mark.parametrize("numbers", [(12,), (12, 13)])
def test_rendered_messages_are_as_the_schema_says(numbers: tuple[int, ...]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    told = telling()
    summaries = summarise([case(number) for number in numbers], told, NOW)
    bundle = Bundle(tuple(Notice(number) for number in numbers))
    for recipient in (OFFICER, None):
        sent = render(bundle, summaries, recipient, "webhook", told, NOW)
        jsonschema.validate(json.loads(json.dumps(sent)), SCHEMA)
        assert sent["kind"] == ("single" if len(numbers) == 1 else "digest")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_trial_is_as_the_schema_says(language: str) -> None:
    hook = Recorder()
    channels = Channels({"hook": ChannelSpec("hook", ChannelKind.WEBHOOK)}, {"hook": hook})
    assert try_channel(channels, "hook", "", language, SENT_AT) == ""
    jsonschema.validate(hook.got[0].body, SCHEMA)


def test_a_message_that_lacks_what_is_described_is_refused() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": 2}, SCHEMA)
