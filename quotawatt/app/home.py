"""The home folder: where it may be, its socket, and its clock."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile

from quotawatt.clock import Clock, system_clock
from quotawatt.errors import StateError, StoreError
from quotawatt.settings import Settings


def prepare_home(home: Path) -> Path:
    """Make the home folder where it is missing. Raises StoreError where it can't be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        # Roles that start at one moment share the folder: each tries a file of its own.
        TemporaryFile(dir=home, prefix=".writable-").close()
    except OSError as error:
        raise StoreError(
            f"the home folder must be writable, got {home} ({error.strerror}); choose another by --home"
        ) from None
    return home


DEMO_MARKER = "demo"


def require_no_demo(home: Path) -> None:
    """Raise StateError where the home folder is a demo's: the next demo would empty it."""
    if (home / DEMO_MARKER).is_file():
        raise StateError(
            f"a home folder must not be a demo's, which the next demo empties, got {home}; "
            "choose another by --home"
        )


def socket_path(home: Path) -> Path:
    """Where a running system listens for the command line."""
    return home.resolve() / "quotawatt.sock"


def has_records(settings: Settings) -> bool:
    """Whether there is a record store: an embedded one is made when it is first opened."""
    return settings.records_url != "sqlite" or (settings.home / "records.sqlite").is_file()


def keep_clock(home: Path, instant: datetime) -> None:
    """Remember the demo's instant, so that later commands answer as of it."""
    (home / "demo-clock").write_text(instant.isoformat())


def home_clock(home: Path) -> Clock:
    """The clock for commands over this home folder: a demo's stands where its year ended."""
    path = home / "demo-clock"
    if not path.exists():
        return system_clock
    instant = datetime.fromisoformat(path.read_text())
    return lambda: instant
