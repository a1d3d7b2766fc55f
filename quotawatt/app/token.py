"""The API token: from the settings, else kept in the home folder, readable by its owner only."""

import os
import secrets

from pydantic import SecretStr

from quotawatt.settings import Settings


def with_token(settings: Settings) -> Settings:
    """Settings whose ``api_token`` is set; one is made and kept in ``home/api-token`` where none is."""
    if settings.api_token.get_secret_value():
        return settings
    path = settings.home / "api-token"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
    return settings.model_copy(update={"api_token": SecretStr(path.read_text().strip())})
