"""Which packs came with the program."""

from functools import cache

from quotawatt.rulebook.loader import BUILTIN_PACKS


@cache
def shipped_files() -> frozenset[str]:
    """Names of the program's own packs, as places of entries name them (``NAME.yaml``)."""
    return frozenset(path.name for path in BUILTIN_PACKS.glob("*.yaml"))
