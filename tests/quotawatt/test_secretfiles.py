"""Secrets in files."""

from pathlib import Path

import pytest

from quotawatt.errors import SettingError
from quotawatt.secretfiles import SECRETS
from quotawatt.settings import Settings, load_settings


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_may_stand_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "secret"
    path.write_text("postgresql+psycopg://in-a-file\r\n", encoding="utf-8")
    monkeypatch.setenv(f"QUOTAWATT_{name.upper()}_FILE", str(path))
    value = getattr(load_settings(), name)
    shown = value if isinstance(value, str) else value.get_secret_value()
    assert shown == "postgresql+psycopg://in-a-file"
    assert "in-a-file" not in repr(load_settings())


def test_what_is_handed_in_goes_before_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("sqlite:///a")
    monkeypatch.setenv("QUOTAWATT_RECORDS_URL_FILE", str(tmp_path / "secret"))
    assert load_settings(records_url="sqlite:///b").records_url == "sqlite:///b"


def test_both_are_one_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("x")
    monkeypatch.setenv("QUOTAWATT_API_TOKEN", "hidden")
    monkeypatch.setenv("QUOTAWATT_API_TOKEN_FILE", str(tmp_path / "secret"))
    with pytest.raises(SettingError, match=r"one of QUOTAWATT_API_TOKEN and .*_FILE") as refused:
        load_settings()
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("QUOTAWATT_MQTT_PASSWORD_FILE", str(path))
    with pytest.raises(SettingError, match="QUOTAWATT_MQTT_PASSWORD_FILE must name a file"):
        load_settings()


def test_a_wrong_setting_is_told_without_what_may_be_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUOTAWATT_API_PORT", "hello")
    with pytest.raises(SettingError, match="got 'hello'"):
        load_settings()
    monkeypatch.delenv("QUOTAWATT_API_PORT")
    with pytest.raises(SettingError) as refused:
        load_settings(webhook_url=["https://robot.test/?key=hidden"])
    assert "hidden" not in str(refused.value)


def test_every_secret_is_a_setting_that_is_not_shown() -> None:
    for name in SECRETS:
        field = Settings.model_fields[name]
        assert not field.repr or "SecretStr" in str(field.annotation)
