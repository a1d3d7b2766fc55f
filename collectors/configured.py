"""The decoder of an installation: the profiles that come with the program, and its own."""

from zoneinfo import ZoneInfo

from collectors.announced import Announced
from collectors.decode import Decoder
from collectors.profile import load_all_profiles
from collectors.reading import ZoneOf
from quotawatt.errors import SettingError
from quotawatt.settings import Settings


def _nowhere(device: str) -> ZoneInfo | None:
    return None


def make_decoder(
    settings: Settings, zone_of: ZoneOf = _nowhere, announced: Announced | None = None
) -> Decoder:
    """The decoder by the settings.

    ``zone_of`` is the zone of the site that a device is bound to, ``announced`` what devices announced
    before. Raises SettingError where the time zone is unknown, InputError where a profile is wrong.
    """
    try:
        zone = ZoneInfo(settings.timezone)
    except (KeyError, ValueError, OSError):
        rule = "setting QUOTAWATT_TIMEZONE: must be a zone of the IANA time zone database"
        raise SettingError(f"{rule}, got {settings.timezone!r}") from None
    profiles = load_all_profiles(settings.profiles)
    return Decoder(profiles, zone, settings.payload_limit_bytes, zone_of, announced)
