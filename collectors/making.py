"""Decoder and pipeline of an installation: the profiles that come with the program, and its own."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from collectors.announced import Announced
from collectors.announcements import announcements_in
from collectors.decode import Decoder
from collectors.metrics import BatchObserver, NoObserver
from collectors.pipeline import Pipeline
from collectors.profile import load_all_profiles
from collectors.reading import ZoneOf
from quotawatt.errors import SettingError
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.port import SeriesStore


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


def make_pipeline(
    settings: Settings,
    series: SeriesStore,
    records: Engine,
    register_source: Callable[[], Register],
    observer: BatchObserver = NoObserver(),
) -> Pipeline:
    """The pipeline by the settings, with all that its decoder asks the record store for.

    Raises what ``make_decoder`` does, and StoreError where the record store fails.
    """

    def zone_of(device: str) -> ZoneInfo | None:
        return pipeline.register.zone_of_device(device)

    decoder = make_decoder(settings, zone_of, Announced(announcements_in(records)))
    pipeline = Pipeline(series, records, register_source, decoder, settings, observer)
    return pipeline
