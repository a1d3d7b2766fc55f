"""The rules that count by a home folder: the program's own, those of the settings, those approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.trying.rehearsal import rehearse
from analytics.packtests.rules import PackTestOutcome, run_pack_tests
from quotawatt.app.home import has_records
from quotawatt.errors import RulebookError
from quotawatt.rulebook.in_force import PacksInForce, packs_in_force
from quotawatt.rulebook.loader import BUILTIN_PACKS, TESTS_SUFFIX
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.proposals import Proposals
from quotawatt.settings import Settings
from quotawatt.storage.records import open_records


@dataclass(frozen=True)
class InForce:
    """The rulebook that counts, and the tests of its packs: name of the pack, and the file.

    Those of the program's own lie beside them.
    """

    rulebook: Rulebook
    tests: Sequence[tuple[str, bytes]]


def book_in_force(settings: Settings) -> Rulebook:
    """The rulebook of all packs that count. Raises RulebookError for a broken one."""
    return _in_force(settings).rulebook


def book_with(settings: Settings, folder: Path) -> Rulebook:
    """The rulebook as it would be with the packs of a folder, beside or instead of those that count.

    Raises RulebookError with every problem.
    """
    return _packs(settings).with_folder(folder).rulebook()


def problems_of(settings: Settings, folder: Path | None) -> list[str]:
    """What is wrong with the packs that count, with those of a folder beside them; empty: nothing."""
    try:
        book_in_force(settings) if folder is None else book_with(settings, folder)
    except RulebookError as error:
        return list(error.problems)
    return []


def run_tests(settings: Settings, folder: Path | None) -> list[PackTestOutcome]:
    """Run the tests of a folder's packs; of None those of all packs that count.

    Raises RulebookError for broken packs and tests.
    """
    if folder is not None:
        return run_pack_tests(folder, book_with(settings, folder), rehearse)
    found = _in_force(settings)
    outcomes = run_pack_tests(BUILTIN_PACKS, found.rulebook, rehearse)
    for name, tests in found.tests:
        with TemporaryDirectory() as alone:
            (Path(alone) / _beside(name)).write_bytes(tests)
            outcomes += run_pack_tests(Path(alone), found.rulebook, rehearse)
    return outcomes


def _in_force(settings: Settings) -> InForce:
    _, approved_tests = _approved(settings)
    packs = _packs(settings)
    tests = []
    for pack in packs.packs:
        if pack.origin == "approved":
            tests.append((pack.name, approved_tests.get(pack.name, "").encode()))
        elif pack.origin == "folder":
            tests.append((pack.name, _read(Path(pack.place).with_name(_beside(pack.name)))))
    return InForce(packs.rulebook(), [(name, raw) for name, raw in tests if raw])


def _packs(settings: Settings) -> PacksInForce:
    approved, _ = _approved(settings)
    need_approval = settings.packs_need_approval
    return packs_in_force(settings.packs, approved, need_approval=need_approval)


def _beside(name: str) -> str:
    return name.removesuffix(".yaml") + TESTS_SUFFIX


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.exists() else b""
    except OSError as error:
        raise RulebookError([f"{file}:1: tests must be readable, got {error.strerror}"]) from None


def _approved(settings: Settings) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Texts and tests of what was approved; none where the home folder has no record store yet."""
    if not has_records(settings):
        return {}, {}
    records = open_records(settings.records_url, settings.home)
    try:
        proposals = Proposals(records)
        return proposals.approved(), proposals.approved_tests()
    finally:
        records.dispose()
