"""The channels file: what it gives; everything wrong is said at once, with its line, without secrets."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from alerts.channels.base import Address, ChannelKind, ChannelSpec
from alerts.channels.config import load_channels
from alerts.channels.making import make_channels
from quotawatt.errors import SettingError
from quotawatt.settings import Settings

ENVIRON = {"DING": "t0ken", "EMPTY": " ", "HOOK": "https://u:s3cret@hook.example.org/x"}

ALL_KINDS = """\
channels:
  mail:
    kind: email
    host: mail.example.org
    security: tls
    sender: quotawatt@example.org
    user: quotawatt
    password_file: secret
    ca_file: ca.pem
  duty-mailbox: {kind: email, host: h, security: none, sender: a@example.org, to: b@example.org}
  hook: {kind: webhook, url_env: HOOK, secret_file: secret, previous_secret_env: DING}
  ding: {kind: dingtalk, url: "https://d/", ca_file: ca.pem, token_env: DING, secret_file: secret}
  ding-people: {kind: dingtalk, to: person, app_key: k, app_secret_file: secret, agent: 123}
  wecom: {kind: wecom, token_env: DING}
  wecom-people: {kind: wecom, to: person, corporation: ww1, app_secret_file: secret, agent: 1000002}
  feishu: {kind: feishu, token_env: DING}
  sms:
    kind: sms
    url: https://sms.example.org/send
    fields: {phone: "{mobile}", content: "{text}"}
    success: {field: code, value: "0"}
  panel: {kind: mqtt, host: broker.example.org, topic: quotawatt/alerts, tls: true}
"""

BROKEN = """\
channels:
  mail: {kind: email, host: h, sender: nobody, user: u, security: none}
  hook: {kind: webhook, url: "ftp://u:s3cret@h/x", secret: s3cret, previous_secret_env: DING}
  ding: {kind: dingtalk, token_env: NOT_SET, app_key: k}
  wecom: {kind: wecom, to: person, app_secret_env: EMPTY, token_env: DING}
  sms: {kind: sms, url: "https://h/", fields: {m: "{number}"}, success: {field: code}, send_as: fax}
  panel: {kind: mqtt, host: h, topic: "a/#", port: 70000, ca_file: none.pem}
  pigeon: {kind: pigeon}
  log: {kind: webhook, url: "https://h/", secret_file: none, secret_env: DING}
  Mail: 7
  feishu: {kind: feishu}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("s3cret\n", encoding="utf-8")
    from tests.alerts.channels.platform import make_authority

    make_authority(tmp_path)
    return tmp_path


def _file(folder: Path, text: str) -> Path:
    file = folder / "channels.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_kind_but_apprise(folder: Path) -> None:
    found = load_channels(_file(folder, ALL_KINDS), ENVIRON)
    assert found.by_name.keys() == found.specs.keys()
    shown = {spec.name: (spec.kind.value, spec.address.value) for spec in found.specs.values()}
    assert shown == {
        "mail": ("email", "email"),
        "duty-mailbox": ("email", ""),
        "hook": ("webhook", ""),
        "ding": ("dingtalk", ""),
        "ding-people": ("dingtalk", "chat"),
        "wecom": ("wecom", ""),
        "wecom-people": ("wecom", "chat"),
        "feishu": ("feishu", ""),
        "sms": ("sms", "mobile"),
        "panel": ("mqtt", ""),
    }
    assert "s3cret" not in repr(found.by_name)


def test_everything_that_is_wrong_is_said_at_once(folder: Path) -> None:
    with pytest.raises(SettingError) as caught:
        load_channels(_file(folder, BROKEN), ENVIRON)
    text = str(caught.value)
    assert "s3cret" not in text
    problems = [line.removeprefix("channels.yaml:") for line in text.splitlines()]
    assert [problem[:30] for problem in problems] == sorted(
        (problem[:30] for problem in problems), key=lambda p: int(p.partition(":")[0])
    )
    for expected in [
        "2: user and password must be given together, got one of them",
        "2: a password must travel by tls or starttls, got none",
        "2: sender must be an address NAME@DOMAIN, got 'nobody'",
        "3: the address of channel hook must be an http(s) address, got scheme 'ftp'",
        "3: a previous secret must stand beside a present one, got none",
        "4: token_env must name a variable of the environment that is set, got NOT_SET",
        "4: app_key must not be given with to: group, got app_key",
        "5: to: person must have corporation, got none",
        "5: to: person must have agent, got none",
        "5: app_secret_env must name a secret, got an empty one",
        "5: token_env must not be given with to: person, got token_env",
        "6: a word in braces of fields must be a placeholder, got {number}",
        "6: one of the fields must hold {mobile}, got none",
        "6: success must have field and value, got field",
        "6: send_as must be one of json, form, query, got 'fax'",
        "7: topic must be one topic, without + and #, got 'a/#'",
        "7: port must lie in 1 to 65535, got '70000'",
        "9: one of secret_file and secret_env must be given, got both",
        "10: channel Mail must be a mapping with a kind, got none",
        "11: channel feishu must have token_file or token_env, got neither",
    ]:
        assert expected in problems
    for beginning in [
        "3: a key of channel hook must be one of kind, url,",
        "7: ca_file must name a file that can be read, got",
        "8: kind must be one of apprise, dingtalk, email, feishu, mqtt, sms, webhook, wecom, got",
        "9: a channel's name must be of a-z, 0-9 and '-', and not inbox or log, got 'log'",
        "10: a channel's name must be of a-z",
    ]:
        assert any(problem.startswith(beginning) for problem in problems), beginning


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"channels.yaml:1: the channels file must have channels"),
        ("channels: [", r"channels.yaml:\d+: the channels file must be YAML"),
        ("channels: [1]", r"channels.yaml:1: channels must be a mapping"),
        ("chanels: {}", r"a key of the channels file must be one of channels"),
    ],
)
def test_a_file_that_is_none(folder: Path, text: str, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        load_channels(_file(folder, text), {})


def test_a_file_that_is_away(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="QUOTAWATT_CHANNELS_FILE must name a file that can"):
        load_channels(tmp_path / "none.yaml", {})


def test_certificates_that_are_none(folder: Path) -> None:
    text = 'channels:\n  h: {kind: webhook, url: "https://h/", ca_file: secret}\n'
    with pytest.raises(SettingError, match=r"yaml:2: a ca_file must hold certificates \(PEM\)"):
        load_channels(_file(folder, text), {})


def test_inbox_and_log_are_always_there_and_the_settings_webhook(tmp_path: Path) -> None:
    records = create_engine("sqlite://")
    bare = make_channels(Settings(home=tmp_path), records, {})
    assert bare.specs == {
        "inbox": ChannelSpec("inbox", ChannelKind.INBOX, Address.ACCOUNT),
        "log": ChannelSpec("log", ChannelKind.LOG),
    }
    assert [spec.personal for spec in bare.specs.values()] == [True, False]
    named = Settings(home=tmp_path, webhook_url="http://127.0.0.1:9/hook")
    assert list(make_channels(named, records, {}).by_name) == ["inbox", "log", "webhook"]


def test_one_name_is_one_channel(folder: Path) -> None:
    file = _file(folder, 'channels: {webhook: {kind: webhook, url: "https://h/"}}')
    settings = Settings(home=folder, webhook_url="http://127.0.0.1:9/", channels_file=file)
    with pytest.raises(SettingError, match="a channel webhook must be set up once"):
        make_channels(settings, create_engine("sqlite://"), {})
