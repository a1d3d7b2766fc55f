"""Encryption of the connection to the broker, from the settings."""

import ssl
from pathlib import Path

from quotawatt.errors import SettingError
from quotawatt.settings import Settings


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """The context to connect with; None where ``mqtt_tls`` is off.

    The broker's certificate has to be signed by an authority of ``mqtt_ca_file`` (without one: by one that
    the system trusts) and to name ``mqtt_host``. With ``mqtt_cert_file`` and ``mqtt_key_file`` the
    collector shows a certificate of its own. TLS 1.2 or later.

    Raises SettingError where a file is missing or wrong, where of certificate and key only one is given,
    or where files are given though ``mqtt_tls`` is off.
    """
    files = {
        "MQTT_CA_FILE": settings.mqtt_ca_file,
        "MQTT_CERT_FILE": settings.mqtt_cert_file,
        "MQTT_KEY_FILE": settings.mqtt_key_file,
    }
    given = {name: path for name, path in files.items() if path is not None}
    for name, path in given.items():
        _check_file(name, path)
    if not settings.mqtt_tls:
        if given:
            rule = "setting QUOTAWATT_MQTT_TLS: must be true where certificates are given"
            raise SettingError(f"{rule}, got false and QUOTAWATT_{next(iter(given))}")
        return None
    _check_pair(given)
    return _context(settings.mqtt_ca_file, settings.mqtt_cert_file, settings.mqtt_key_file)


def _check_file(name: str, path: Path) -> None:
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        rule = f"setting QUOTAWATT_{name}: must be a file that can be read"
        raise SettingError(f"{rule}, got {str(path)!r}: {error.strerror}") from None


def _check_pair(given: dict[str, Path]) -> None:
    pair = {"MQTT_CERT_FILE", "MQTT_KEY_FILE"}
    missing = pair - given.keys()
    if len(missing) == 1:
        name, other = missing.pop(), (pair & given.keys()).pop()
        rule = f"setting QUOTAWATT_{name}: certificate and key must be given together"
        raise SettingError(f"{rule}, got QUOTAWATT_{other} alone")


def _context(ca_file: Path | None, cert_file: Path | None, key_file: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (ssl.SSLError, ValueError) as error:
        rule = "setting QUOTAWATT_MQTT_CA_FILE: must hold certificates as PEM"
        raise SettingError(f"{rule}, got {str(ca_file)!r}: {error}") from None
    if cert_file is not None:
        try:
            # An empty password, or a key that has one would be asked for at the terminal.
            context.load_cert_chain(cert_file, key_file, password="")
        except (ssl.SSLError, ValueError) as error:
            rule = (
                "setting QUOTAWATT_MQTT_KEY_FILE: must be the certificate's key as PEM, "
                "without a password"
            )
            raise SettingError(f"{rule}, got {str(key_file)!r}: {error}") from None
    return context


def connect_problem(where: str, error: Exception | None) -> str:
    """Why there is no connection to the broker at ``where``, in words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the certificate of the broker {where} must be good, it is not: {error.verify_message}"
        )
    if isinstance(error, ssl.SSLError):
        return f"the broker {where} must encrypt as this side does, it does not: {error}"
    return f"the broker must answer, {where} does not: {error}"
