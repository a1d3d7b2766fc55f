"""The composition root: what the settings say reaches the parts."""

from datetime import UTC, datetime
from pathlib import Path

from quotawatt.app.system import open_system
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from quotawatt.settings import Settings
from tests.quotawatt.rulebook.test_proposals import PACK


def test_parts_go_by_a_pack_that_was_approved_meanwhile(tmp_path: Path) -> None:
    at = datetime(2024, 1, 2, tzinfo=UTC)
    system = open_system(Settings(home=tmp_path), lambda: at)
    try:
        before = (system.analyser, system.reconciler, system.alerts)
        proposals, packs = Proposals(system.records), system.parts.rulebook_source.present()
        made = proposals.propose(Draft("canteen.yaml", PACK), packs, [], "li", at)
        assert (system.analyser, system.reconciler, system.alerts) == before
        proposals.approve(made.id, packs, [], "wu", at)
        system.parts.rulebook_source.refresh()
        after = (system.analyser, system.reconciler, system.alerts)
        assert not set(map(id, before)) & set(map(id, after))
        assert "canteen-gas" in system.rulebook.rules
    finally:
        system.close()
