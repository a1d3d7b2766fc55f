"""The versions of the record store: one script a step, from the first counted version to the newest.

This package itself is light: a store that is up to date is opened without loading Alembic. There is no way
back down; what an upgrade changed is undone by restoring the backup from before it.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
VERSIONS = FOLDER / "versions"


def revisions() -> tuple[str, ...]:
    """The revisions in order, as the names of their scripts give them (``v0001_baseline.py``)."""
    return tuple(sorted(path.name[1:].partition("_")[0] for path in VERSIONS.glob("v[0-9]*_*.py")))
