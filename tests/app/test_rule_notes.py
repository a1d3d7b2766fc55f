"""That the packs changed is in the ledger, once; a file that does not count is a finding while it lasts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from quotawatt.app.rule_notes import RuleNotes
from quotawatt.ledger import Ledger
from quotawatt.register.model import Register
from quotawatt.rulebook.in_force import packs_in_force
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from quotawatt.rulebook.source import RulebookSource
from quotawatt.storage.tables import findings
from tests.quotawatt.rulebook.test_proposals import PACK

AT = datetime(2024, 1, 2, tzinfo=UTC)


def _states(records: Engine) -> list[tuple[str, str, str]]:
    with records.connect() as conn:
        rows = conn.execute(select(findings.c.code, findings.c.subject, findings.c.state))
        return [tuple(row) for row in rows]


def test_packs_are_told_once_and_files_while_they_do_not_count(
    records: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "canteen.yaml"
    file.write_text(PACK)
    source = RulebookSource(records, [tmp_path], need_approval=True)
    notes = RuleNotes(records, source, Register, ZoneInfo("Asia/Shanghai"))
    for minutes in range(2):
        notes.run(AT + timedelta(minutes=minutes))
    assert _states(records) == [("pack_not_approved", "canteen.yaml", "open")]
    proposals, none = Proposals(records), packs_in_force([], {}, need_approval=True)
    made = proposals.propose(Draft("canteen.yaml", PACK), none, [], "li", AT)
    proposals.approve(made.id, none, [], "wu", AT)
    notes.run(AT + timedelta(minutes=2))
    assert _states(records) == [("pack_not_approved", "canteen.yaml", "cleared")]
    book = Ledger(records)
    told = [book.detail_of(e) for e in book.entries() if e.action == "rulebook_changed"]
    assert [said["not_approved"] for said in told] == [["canteen.yaml"], []]
    assert [change["id"] for change in told[1]["changes"]] == ["canteen-gas"]
