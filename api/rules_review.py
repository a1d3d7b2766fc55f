"""Checking a proposed pack as it would count: its errors, its tests, and what it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.trying.rehearsal import rehearse
from analytics.packtests.rules import run_pack_tests
from api.services import Services
from quotawatt.errors import RulebookError
from quotawatt.rulebook.difference import Difference, differences, plain_book
from quotawatt.rulebook.in_force import PacksInForce, packs_in_force
from quotawatt.rulebook.loader import TESTS_SUFFIX
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.proposal import Draft, require_draft
from quotawatt.rulebook.proposals import Proposals


@dataclass(frozen=True)
class Review:
    """The packs in force that a draft was checked with, and what it would change of the rulebook."""

    packs: PacksInForce
    changes: Sequence[Difference]


def packs_now(services: Services) -> PacksInForce:
    """The packs that count by settings and approvals. Raises RulebookError for one that can't be read."""
    settings = services.settings
    approved = Proposals(services.records).approved()
    return packs_in_force(settings.packs, approved, need_approval=settings.packs_need_approval)


def review(services: Services, draft: Draft) -> Review:
    """Check the draft together with the packs in force.

    Raises InputError for its name or size, and RulebookError with every error of the pack and every test
    of it that fails.
    """
    require_draft(draft)
    packs = packs_now(services)
    after = packs.with_pack(draft.name, draft.text).rulebook()
    _require_tests(draft, after)
    return Review(packs, differences(plain_book(packs.rulebook()), plain_book(after)))


def _require_tests(draft: Draft, rulebook: Rulebook) -> None:
    if not draft.tests:
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / (draft.name.removesuffix(".yaml") + TESTS_SUFFIX)
        file.write_bytes(draft.tests.encode())
        outcomes = run_pack_tests(Path(folder), rulebook, rehearse)
    if failures := [f"{o.place} {o.name}: {o.failure}" for o in outcomes if o.failure]:
        raise RulebookError(failures)
