"""Checking a folder of packs beside the program's own."""

from pathlib import Path

from quotawatt.errors import RulebookError
from quotawatt.rulebook.loader import load_rulebook


def check_packs(folder: Path) -> list[str]:
    """What is wrong with a folder's packs, read together with the program's own; empty: nothing."""
    try:
        load_rulebook([folder])
    except RulebookError as error:
        return list(error.problems)
    return []
