"""Encryption: settings that are wrong are refused at once, a broker that is wrong is said and tried again."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collectors.tls import connect_problem, tls_context
from quotawatt.errors import SettingError
from quotawatt.settings import Settings
from tests.collectors.certificates import Authority, make_authority
from tests.collectors.test_session import Listener, publish, until
from tests.servers import Server, run_mosquitto

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("certificates"), "authority")


@contextmanager
def broker(
    folder: Path, authority: Authority, pair: tuple[Path, Path], more: str = ""
) -> Iterator[Server]:
    """A broker that encrypts."""
    certificate, key = pair
    lines = f"cafile {authority.file}\ncertfile {certificate}\nkeyfile {key}\n{more}"
    with run_mosquitto(folder, extra_config=lines) as server:
        yield server


def settings_for(server: Server, authority: Authority, **others: object) -> Settings:
    return Settings(
        mqtt_host=server.host,
        mqtt_port=server.port,
        mqtt_client_id="listener",
        mqtt_topics=("t/#",),
        mqtt_tls=True,
        mqtt_ca_file=authority.file,
        **others,  # type: ignore[arg-type]
    )


def test_messages_come_encrypted_to_whoever_shows_a_certificate(
    tmp_path: Path, authority: Authority
) -> None:
    certificate, key = authority.issue("collector")
    more = "require_certificate true\nuse_identity_as_username true\n"
    with broker(tmp_path, authority, authority.issue("broker"), more) as server:
        settings = settings_for(server, authority, mqtt_cert_file=certificate, mqtt_key_file=key)
        with Listener(settings) as listener:
            until(lambda: listener.session.subscribed)
            messages = [("t/1", b"x" * size) for size in (1, 200, 20_000, 200_000)] * 5
            publish(settings, messages)
            until(lambda: len(listener.messages()) == len(messages))
            assert listener.messages() == messages


def test_whoever_shows_no_certificate_is_told_so(tmp_path: Path, authority: Authority) -> None:
    with (
        broker(
            tmp_path, authority, authority.issue("broker"), "require_certificate true\n"
        ) as server,
        Listener(settings_for(server, authority)) as listener,
    ):
        until(lambda: "certificate required" in listener.session.problem.lower().replace("_", " "))
        assert not listener.session.connected


@pytest.mark.parametrize(
    ("days", "subject_names", "words"),
    [(-1, "IP:127.0.0.1", "expired"), (30, "DNS:elsewhere.example", "IP address mismatch")],
)
def test_a_broker_whose_certificate_is_not_good(
    tmp_path: Path, authority: Authority, days: int, subject_names: str, words: str
) -> None:
    pair = authority.issue(f"broker{days}", days, subject_names)
    with (
        broker(tmp_path, authority, pair) as server,
        Listener(settings_for(server, authority)) as listener,
    ):
        until(lambda: listener.session.problem != "")
        assert words in listener.session.problem
        assert f"{server.host}:{server.port}" in listener.session.problem


def test_a_broker_of_another_authority_is_tried_again_until_it_is_the_right_one(
    tmp_path: Path, authority: Authority
) -> None:
    stranger = make_authority(tmp_path, "stranger")
    with broker(tmp_path / "broker", stranger, stranger.issue("broker")) as server:
        settings = settings_for(server, authority)
        listener = Listener(settings)
        with listener:
            until(lambda: "self-signed" in listener.session.problem)
            server.process.terminate()
            server.process.wait(20)
            certificate, key = authority.issue("broker")
            lines = f"cafile {authority.file}\ncertfile {certificate}\nkeyfile {key}\n"
            with run_mosquitto(tmp_path / "right", server.port, lines):
                until(lambda: listener.session.subscribed)
                assert listener.session.problem == ""


def test_without_files_the_system_is_trusted_and_without_tls_there_is_no_context() -> None:
    context = tls_context(Settings(mqtt_tls=True))
    assert context is not None
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert tls_context(Settings()) is None


def test_wrong_settings_name_themselves(tmp_path: Path, authority: Authority) -> None:
    certificate, key = authority.issue("somebody")
    _, other_key = authority.issue("other")
    text = tmp_path / "text"
    text.write_text("no certificate", encoding="ascii")
    wrong: list[tuple[dict[str, object], str]] = [
        ({"mqtt_ca_file": tmp_path / "none.pem"}, "MQTT_CA_FILE: must be a file"),
        ({"mqtt_ca_file": tmp_path}, "MQTT_CA_FILE: must be a file"),
        ({"mqtt_ca_file": text}, "MQTT_CA_FILE: must hold certificates"),
        ({"mqtt_cert_file": certificate}, "MQTT_KEY_FILE: .* together"),
        ({"mqtt_key_file": key}, "MQTT_CERT_FILE: .* together"),
        ({"mqtt_cert_file": certificate, "mqtt_key_file": other_key}, "MQTT_KEY_FILE: must be"),
        ({"mqtt_cert_file": certificate, "mqtt_key_file": text}, "MQTT_KEY_FILE: must be"),
        ({"mqtt_tls": False, "mqtt_ca_file": authority.file}, "MQTT_TLS: must be true"),
    ]
    for given, words in wrong:
        with pytest.raises(SettingError, match=words):
            tls_context(Settings(**({"mqtt_tls": True} | given)))  # type: ignore[arg-type]


def test_problems_in_words() -> None:
    refused = ConnectionRefusedError(111, "Connection refused")
    assert connect_problem("b:1", refused).startswith("the broker must answer, b:1 does not")
    assert "must encrypt" in connect_problem("b:1", ssl.SSLError(1, "wrong version number"))
