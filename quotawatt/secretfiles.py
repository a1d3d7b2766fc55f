"""Secrets in files, as container platforms hand them in: ``QUOTAWATT_API_TOKEN_FILE=/run/secrets/...``.

Each of ``SECRETS`` may be named so. The file's content is the value, without line ends at its end.
"""

import os
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from quotawatt.errors import SettingError

SECRETS = (
    "api_token",
    "exchange_token",
    "influx_token",
    "mqtt_password",
    "oidc_client_secret",
    "records_url",
    "webhook_secret",
    "webhook_url",
)
"""The settings that are secrets, or hold one."""


class SecretFiles(PydanticBaseSettingsSource):
    """Reads the files. Raises SettingError for one that can't be read or stands beside its setting."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The content of the file that is named for a setting; None where none is."""
        variable = f"QUOTAWATT_{field_name.upper()}"
        path = os.environ.get(f"{variable}_FILE") if field_name in SECRETS else None
        if not path:
            return None, field_name, False
        if os.environ.get(variable):
            raise SettingError(f"one of {variable} and {variable}_FILE must be set, got both")
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no UTF-8"
            raise SettingError(
                f"setting {variable}_FILE must name a file that can be read, got {path} ({reason})"
            ) from None

    def __call__(self) -> dict[str, Any]:
        """The values of the settings that files are named for."""
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}
