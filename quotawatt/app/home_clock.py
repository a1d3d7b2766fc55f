"""A home folder's own clock: a demo's stands where its year ended, any other is the machine's."""

from datetime import datetime
from pathlib import Path

from quotawatt.clock import Clock, system_clock


def keep_clock(home: Path, instant: datetime) -> None:
    """Remember the demo's instant, so that later commands answer as of it."""
    (home / "demo-clock").write_text(instant.isoformat())


def home_clock(home: Path) -> Clock:
    """The clock to use for commands over this home folder."""
    path = home / "demo-clock"
    if not path.exists():
        return system_clock
    instant = datetime.fromisoformat(path.read_text())
    return lambda: instant
