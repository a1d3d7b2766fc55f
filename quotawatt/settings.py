"""Settings: from the environment (``QUOTAWATT_...``) and the command line, passed in, never global."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from quotawatt.errors import SettingError
from quotawatt.secretfiles import SecretFiles

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Language = Literal["zh", "en"]


def _listed(value: object) -> object:
    """What an environment variable says as a list in JSON; other values as they are."""
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise ValueError('must be a list in JSON, ["...", "..."]')
    return found


_KEPT_AT_LEAST_DAYS = {
    "keep_readings_days": 31,  # a month can be corrected
    "keep_hourly_days": 400,  # what the models of expected use learn from
    "keep_daily_days": 800,  # the judged year and the one before
    "keep_positions_days": 31,  # a month's trips can be explained with their tracks
}
_FINER = {"keep_hourly_days": "keep_readings_days", "keep_daily_days": "keep_hourly_days"}

Folders = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_listed)]
Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Reports = Annotated[
    tuple[Literal["circular", "publication", "analysis"], ...], NoDecode, BeforeValidator(_listed)
]
Topics = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """All that can be set, with units in the names.

    packs
        Folders of rulebook packs of your own, beside the built-in ones.
    packs_need_approval
        Whether a pack of your own counts only once a second person has approved it.
    ledger_heads
        Folders outside, say a mounted share, that take a signed head of the ledger each day.
    ledger_key_file
        The key it is signed with (Ed25519, PEM); without one that of the home folder, made at need.
    profiles
        Folders of device profiles of your own; they go before the built-in ones.
    series_url
        ``duckdb`` (a file under home), ``memory``, or ``influx+http://HOST:PORT``.
    records_url
        ``sqlite`` (a file under home) or an SQLAlchemy address, ``postgresql+psycopg://...``.
    reports
        Which reports are issued by themselves: ``circular`` (monthly), ``publication`` (quarterly),
        ``analysis`` (yearly).
    reports_of
        Codes of the organisations that issue them; none: those that have no parent.
    public_view
        Whether anybody may read the publications that were issued, without signing in.
    keep_readings_days, keep_hourly_days, keep_daily_days
        How long readings, hourly and daily results are kept; 0: for ever. What is finer is never kept longer.
    keep_positions_days, positions_every_min
        How long positions are kept as they came, and how many minutes apart those are that stay; 0: for ever.
    """

    model_config = SettingsConfigDict(
        env_prefix="QUOTAWATT_", frozen=True, extra="ignore", allow_inf_nan=False
    )

    home: Path = Path("var")
    timezone: str = "Asia/Shanghai"
    language: Language = "zh"

    packs: Folders = ()
    profiles: Folders = ()
    packs_need_approval: bool = False

    # Where the ledger's signed heads go daily beside the home folder: see docs/ledger.md.
    ledger_heads: Folders = ()
    ledger_key_file: Path | None = None

    series_url: str = "duckdb"
    duckdb_memory_mb: int = Field(default=400, ge=50)
    # The address may hold a password.
    records_url: str = Field(default="sqlite", repr=False)
    influx_token: SecretStr = SecretStr("")
    influx_org: str = "quotawatt"
    influx_bucket: str = "quotawatt"

    mqtt_host: str = Field(default="127.0.0.1", min_length=1)
    mqtt_port: int = Field(default=1883, ge=1, le=65535)
    mqtt_user: str = ""
    mqtt_password: SecretStr = SecretStr("")
    # Without a name of its own no session would be found again after a restart.
    mqtt_client_id: str = Field(
        default="quotawatt-collect-1", max_length=256, pattern=r"^[^\x00-\x1f\x7f]+$"
    )
    mqtt_share_group: str = ""
    mqtt_topics: Topics = Field(default=("#",), min_length=1)
    mqtt_version: Literal["5", "3.1.1"] = "5"
    mqtt_tls: bool = False
    mqtt_ca_file: Path | None = None
    mqtt_cert_file: Path | None = None
    mqtt_key_file: Path | None = None

    batch_readings: int = Field(default=20_000, ge=1, le=100_000)
    batch_age_s: float = Field(default=0.5, gt=0, le=60)
    batch_bytes: int = Field(default=8_388_608, ge=1024)
    payload_limit_bytes: int = Field(default=262_144, ge=1024)
    dead_letters_limit: int = Field(default=100_000, ge=1)
    dead_letters_bytes_limit: int = Field(default=268_435_456, ge=1_048_576)
    seen_devices_limit: int = Field(default=10_000, ge=1, le=30_000)
    kept_messages_per_device: int = Field(default=2_000, ge=1)
    kept_messages_limit: int = Field(default=200_000, ge=1)
    kept_bytes_limit: int = Field(default=536_870_912, ge=1_048_576)
    clock_from: date = date(2010, 1, 1)
    clock_ahead_limit_s: float = Field(default=600, ge=0)
    device_rate_per_s: float = Field(default=100, gt=0)
    device_burst: int = Field(default=100_000, ge=1)

    api_host: str = "127.0.0.1"
    upload_bytes_limit: int = Field(default=52_428_800, ge=1_048_576)
    api_port: int = Field(default=8080, ge=0, le=65535)
    api_token: SecretStr = SecretStr("")

    # Who may sign in, and how long and how often: see docs/access.md.
    trusted_proxies: Addresses = ()
    session_idle_s: float = Field(default=7200, ge=60)
    session_longest_s: float = Field(default=43_200, ge=60)
    sign_in_window_s: int = Field(default=900, ge=1)
    sign_in_failures_per_user: int = Field(default=10, ge=1)
    sign_in_failures_per_address: int = Field(default=50, ge=1)
    sign_in_failures_recorded_per_minute: int = Field(default=10, ge=1)
    api_requests_per_minute: int = Field(default=6000, ge=1)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "OpenID Connect"
    oidc_user_claim: str = Field(default="preferred_username", min_length=1)
    oidc_redirect_url: str = ""

    # Chat robots have their key in the address.
    webhook_url: str = Field(default="", repr=False)
    webhook_secret: SecretStr = SecretStr("")
    # All other ways to people: see docs/channels.md.
    channels_file: Path | None = None

    # The platform above that accepted returns are sent to; without an address none are: see docs/returns.md.
    exchange_url: str = Field(default="", repr=False)
    exchange_token: SecretStr = SecretStr("")

    # How a process tells of itself: see docs/operations.md.
    instance: str = Field(default="", max_length=128)
    heartbeat_every_s: float = Field(default=5, gt=0, le=3600)
    lag_limit_s: float = Field(default=60, gt=0)
    monitor_host: str = "127.0.0.1"
    monitor_port: int = Field(default=0, ge=0, le=65535)
    metrics_public: bool = False

    # See docs/keeping.md.
    keep_readings_days: int = Field(default=0, ge=0)
    keep_hourly_days: int = Field(default=0, ge=0)
    keep_daily_days: int = Field(default=0, ge=0)
    keep_positions_days: int = Field(default=90, ge=0)
    positions_every_min: int = Field(default=15, ge=1, le=1440)

    # See docs/assessment.md.
    reports: Reports = ()
    reports_of: Addresses = ()
    public_view: bool = False

    analyse_every_s: float = Field(default=10, gt=0)
    alert_every_s: float = Field(default=10, gt=0)
    # How often new readings are judged by the rules over readings.
    alert_watch_every_s: float = Field(default=0.25, gt=0)
    # Address of the console as people reach it, for links; templates of one's own: see docs/messages.md.
    public_url: str = Field(default="", pattern=r"^(https?://[^\s/]+\S*)?$")
    templates: Path | None = None
    # Whether cases may offer commands to devices: see docs/commands.md.
    commands_enabled: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is handed in, then the environment, then the files that the environment names."""
        return init_settings, env_settings, SecretFiles(settings_cls)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be a time zone of the IANA database") from None
        return name

    @field_validator(*_KEPT_AT_LEAST_DAYS)
    @classmethod
    def _kept_long_enough(cls, days: int, info: ValidationInfo) -> int:
        name = str(info.field_name)
        least = _KEPT_AT_LEAST_DAYS[name]
        if 0 < days < least:
            raise ValueError(f"must be 0 (for ever) or at least {least}")
        finer = _FINER.get(name, name)
        finer_days = info.data.get(finer, days)
        if days and (finer_days == 0 or finer_days > days):
            raise ValueError(
                f"must be 0 (for ever) or at least {finer}, which is {finer_days or 'for ever'}"
            )
        return days


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment, with ``overrides`` (those not None) on top.

    Raises SettingError that names every wrong setting with its value.
    """
    try:
        return Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        problems = [
            f"setting QUOTAWATT_{str(e['loc'][0]).upper()}: {e['msg']}, got {_shown(e)}"
            for e in error.errors()
        ]
        raise SettingError("\n".join(problems)) from None


def _shown(error: "ErrorDetails") -> str:
    """The wrong value; of one that may hold a secret only that it was wrong."""
    field = Settings.model_fields.get(str(error["loc"][0]))
    secret = field is not None and (field.annotation is SecretStr or not field.repr)
    return "a value that is not shown" if secret else repr(error["input"])
