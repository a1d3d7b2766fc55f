"""The pipeline of an installation."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from collectors.announced import Announced
from collectors.announcements import OthersAnnouncements, announcements_in
from collectors.configured import make_decoder
from collectors.decode import Decoder
from collectors.metrics import BatchObserver, NoObserver
from collectors.pipeline import Outside, Pipeline
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.port import SeriesStore


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

    def remake() -> Decoder | None:
        return make_decoder(settings, zone_of, announced) if files.changed() else None

    announced = Announced(announcements_in(records))
    files = ProfileFiles(settings.profiles)
    decoder = make_decoder(settings, zone_of, announced)
    outside = Outside(OthersAnnouncements(records, announced).take_in, remake)
    pipeline = Pipeline(series, records, register_source, decoder, settings, observer, outside)
    return pipeline


class ProfileFiles:
    """The files of an installation's own profiles, to see when one is mended or added."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._seen = self._state()

    def changed(self) -> bool:
        """Whether any came, went or was written since the last time that this was asked."""
        before, self._seen = self._seen, self._state()
        return self._seen != before

    def _state(self) -> dict[Path, tuple[int, int]]:
        """Length and time of each; one that goes while it is looked at is gone."""
        found = {}
        for file in (file for folder in self._folders for file in folder.glob("*.yaml")):
            with suppress(OSError):
                status = file.stat()
                found[file] = status.st_size, status.st_mtime_ns
        return found
