"""Settings: what is wrong is named with its value."""

import pytest

from quotawatt.errors import SettingError
from quotawatt.settings import load_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Asia/Nowhere"),
        ("timezone", "../etc/passwd"),
        ("mqtt_port", 0),
        ("api_port", 70_000),
        ("language", "fr"),
        ("batch_age_s", 0),
        ("lag_limit_s", float("inf")),
        ("mqtt_host", ""),
        ("mqtt_client_id", ""),
        ("mqtt_client_id", "a\nb"),
        ("mqtt_topics", ()),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(name: str, value: object) -> None:
    with pytest.raises(SettingError) as error:
        load_settings(**{name: value})
    assert f"QUOTAWATT_{name.upper()}" in str(error.value)
    assert repr(value) in str(error.value)


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(SettingError) as error:
        load_settings(mqtt_port=0, api_port=-1)
    assert len(str(error.value).splitlines()) == 2


def test_what_is_not_given_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTAWATT_LANGUAGE", "en")
    assert load_settings(language=None).language == "en"
    assert load_settings(language="zh").language == "zh"


@pytest.mark.parametrize("name", ["packs", "profiles", "mqtt_topics"])
@pytest.mark.parametrize("value", ["", "quotawatt/#", '"quotawatt/#"', '{"a": 1}', "[1, 2"])
def test_a_list_that_is_none_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"QUOTAWATT_{name.upper()}", value)
    with pytest.raises(SettingError, match="must be a list in JSON") as error:
        load_settings()
    assert f"QUOTAWATT_{name.upper()}" in str(error.value)
    assert repr(value) in str(error.value)


def test_a_list_comes_from_the_environment_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTAWATT_MQTT_TOPICS", '["a/#", "b/+"]')
    assert load_settings().mqtt_topics == ("a/#", "b/+")


def test_secrets_do_not_show() -> None:
    assert "hush" not in repr(load_settings(api_token="hush", influx_token="hush"))


@pytest.mark.parametrize(
    "days",
    [
        {"keep_readings_days": 30},
        {"keep_hourly_days": 365, "keep_readings_days": 90},
        {"keep_daily_days": 730, "keep_hourly_days": 400, "keep_readings_days": 90},
        {"keep_hourly_days": 400},
        {"keep_readings_days": 500, "keep_hourly_days": 400},
        {"keep_readings_days": 90, "keep_daily_days": 900},
        {"keep_readings_days": 90, "keep_hourly_days": 1000, "keep_daily_days": 900},
    ],
)
def test_what_is_finer_is_never_kept_longer(days: dict[str, int]) -> None:
    with pytest.raises(SettingError, match=r"setting QUOTAWATT_KEEP_\w+_DAYS: .*must be 0"):
        load_settings(**days)


@pytest.mark.parametrize(
    "days",
    [
        {},
        {"keep_readings_days": 31},
        {"keep_readings_days": 400, "keep_hourly_days": 400},
        {"keep_readings_days": 90, "keep_hourly_days": 800, "keep_daily_days": 800},
    ],
)
def test_how_long_what_is_kept_can_be_set(days: dict[str, int]) -> None:
    settings = load_settings(**days)
    assert {name: getattr(settings, name) for name in days} == days
