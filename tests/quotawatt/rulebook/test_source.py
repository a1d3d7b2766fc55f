"""What is approved counts without a restart; what is broken leaves the rulebook as it was."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from quotawatt.errors import RulebookError
from quotawatt.rulebook.in_force import packs_in_force
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from quotawatt.rulebook.source import RulebookSource
from tests.quotawatt.rulebook.test_proposals import PACK, STRICTER

EVERY_S = 5.0

# What differs between the stores is tried in test_proposals.
pytestmark = pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)


class World:
    """A source over one folder of packs and a clock that the test sets."""

    def __init__(self, records: Engine, folder: Path) -> None:
        self.folder = folder
        self.now_s = 0.0
        self.at = datetime(2024, 1, 2, tzinfo=UTC)
        self.proposals = Proposals(records)
        self.source = RulebookSource(
            records,
            [folder],
            need_approval=False,
            check_every_s=EVERY_S,
            monotonic=lambda: self.now_s,
        )

    def approve(self, text: str, name: str = "canteen.yaml") -> None:
        packs = packs_in_force([], self.proposals.approved(), need_approval=False)
        self.at += timedelta(hours=1)
        made = self.proposals.propose(Draft(name, text), packs, [], "li", self.at)
        self.proposals.approve(made.id, packs, [], "wu", self.at)


@pytest.fixture
def world(records: Engine, tmp_path: Path) -> World:
    (tmp_path / "packs").mkdir()
    return World(records, tmp_path / "packs")


def test_an_approved_pack_counts_when_it_is_looked_again(world: World) -> None:
    before = world.source()
    assert "canteen-gas" not in before.rules
    world.approve(PACK)
    assert world.source() is before
    world.now_s += EVERY_S
    after = world.source()
    assert "canteen-gas" in after.rules
    world.now_s += EVERY_S
    assert world.source() is after
    world.approve(STRICTER)
    assert world.source.refresh().sha256_of("canteen.yaml")
    assert world.source().rules["canteen-gas"] != after.rules["canteen-gas"]


def test_that_a_pack_goes_is_taken_up_too(world: World) -> None:
    world.approve(PACK)
    assert "canteen-gas" in world.source().rules
    world.approve("")
    world.source.refresh()
    assert "canteen-gas" not in world.source().rules


def test_a_file_that_broke_meanwhile_leaves_the_rulebook_as_it_was(world: World) -> None:
    before = world.source()
    (world.folder / "own.yaml").write_text("rules: [")
    world.approve(PACK)
    world.now_s += EVERY_S
    assert world.source() is before
    with pytest.raises(RulebookError, match=r"own\.yaml"):
        world.source.refresh()
    (world.folder / "own.yaml").unlink()
    world.source.refresh()
    assert "canteen-gas" in world.source().rules


def test_packs_that_are_broken_at_first_are_refused_each_time(world: World) -> None:
    (world.folder / "own.yaml").write_text("rules: [")
    for _ in range(2):
        with pytest.raises(RulebookError, match=r"own\.yaml"):
            world.source()
        world.now_s += EVERY_S
