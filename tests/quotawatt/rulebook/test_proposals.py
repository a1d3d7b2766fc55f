"""Packs that count once a second person has approved them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from quotawatt.errors import InputError, NotFoundError, RulebookError, StateError
from quotawatt.ledger import Ledger
from quotawatt.rulebook.difference import Difference, differences, plain_book
from quotawatt.rulebook.in_force import PacksInForce, packs_in_force
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from quotawatt.rulebook.seen import note_packs

AT = datetime(2024, 1, 2, tzinfo=UTC)

PACK = """\
rules:
  - id: canteen-gas
    title: {zh: 食堂用气偏高, en: Canteen gas high}
    cites: {instrument: conservation-regulation, clause: "14"}
    input: silence_h
    above: 7
    clear_below: 7
    for: 2h
    severity: warning
    trust: invented
    advice: {zh: 请检查灶具。, en: Check the stoves.}
"""
STRICTER = PACK.replace("above: 7", "above: 6").replace("clear_below: 7", "clear_below: 6")


def _packs(records: Engine, *folders: Path, need_approval: bool = True) -> PacksInForce:
    approved = Proposals(records).approved()
    return packs_in_force(folders, approved, need_approval=need_approval)


def _propose(records: Engine, text: str = PACK, actor: str = "li", *folders: Path) -> int:
    draft = Draft("canteen.yaml", text, comment="c")
    return Proposals(records).propose(draft, _packs(records, *folders), [], actor, AT).id


def _approve(records: Engine, number: int, actor: str = "wu", *folders: Path) -> None:
    at = AT + timedelta(hours=1)
    Proposals(records).approve(number, _packs(records, *folders), [], actor, at)


def _above(packs: PacksInForce) -> float | None:
    rule = packs.rulebook().rules.get("canteen-gas")
    return rule and rule.threshold


def test_a_pack_counts_once_somebody_else_approved_it(records: Engine) -> None:
    number = _propose(records)
    assert _above(_packs(records)) is None
    with pytest.raises(StateError, match="by somebody else than who made it, got li"):
        _approve(records, number, "li")
    _approve(records, number)
    assert _above(_packs(records)) == 7
    found = Proposals(records).get(number)
    assert (found.state, found.decided_by) == ("approved", "wu")
    actions = [(e.actor, e.action, e.subject) for e in Ledger(records).entries()]
    assert actions == [
        ("li", "pack_proposed", "canteen.yaml"),
        ("wu", "pack_approved", "canteen.yaml"),
    ]


@pytest.mark.parametrize("actor", ["li", "li/laptop", "cli:li"])
def test_the_same_person_is_known_whichever_way_they_come(records: Engine, actor: str) -> None:
    number = _propose(records)
    with pytest.raises(StateError, match="somebody else"):
        _approve(records, number, actor)
    Proposals(records).withdraw(number, actor, AT)
    assert Proposals(records).get(number).state == "withdrawn"


def test_the_next_of_a_name_supersedes_it_and_a_pack_can_go_again(records: Engine) -> None:
    first = _propose(records)
    _approve(records, first)
    second = Proposals(records).propose(
        Draft("canteen.yaml", STRICTER), _packs(records), [], "li", AT + timedelta(days=1)
    )
    _approve(records, second.id)
    assert _above(_packs(records)) == 6
    assert Proposals(records).get(first).state == "superseded"
    gone = Proposals(records).propose(
        Draft("canteen.yaml", ""), _packs(records), [], "li", AT + timedelta(days=2)
    )
    _approve(records, gone.id)
    assert _above(_packs(records)) is None
    assert Proposals(records).list("superseded")[0] == 2


def test_a_proposal_against_what_is_no_longer_in_force_is_refused(records: Engine) -> None:
    first, second = _propose(records), _propose(records, STRICTER)
    _approve(records, first)
    with pytest.raises(StateError, match="must be proposed anew"):
        _approve(records, second)
    assert _above(_packs(records)) == 7


def test_a_proposal_is_decided_once(records: Engine) -> None:
    number = _propose(records)
    proposals = Proposals(records)
    with pytest.raises(InputError, match="with a reason"):
        proposals.reject(number, "wu", AT, " ")
    proposals.reject(number, "wu", AT, "too strict")
    with pytest.raises(StateError, match="decided once, got one that is rejected"):
        _approve(records, number)
    with pytest.raises(NotFoundError):
        proposals.get(number + 1)
    assert json.loads(Ledger(records).entries()[-1].detail)["reason"] == "too strict"


def test_only_who_made_it_takes_a_proposal_back(records: Engine) -> None:
    number = _propose(records)
    with pytest.raises(StateError, match="withdrawn by who made it, li, got wu"):
        Proposals(records).withdraw(number, "wu", AT)


def test_what_changes_nothing_is_no_proposal(records: Engine) -> None:
    _approve(records, _propose(records))
    with pytest.raises(StateError, match="must change what is in force"):
        _propose(records)


@pytest.mark.parametrize(
    "name",
    ["../x.yaml", "x.yml", ".yaml", "a b.yaml", "x.tests.yaml", "rules-core.yaml", "x.yaml\n"],
)
def test_a_name_that_is_no_packs_is_refused(records: Engine, name: str) -> None:
    with pytest.raises(InputError, match="a pack must"):
        Proposals(records).propose(Draft(name, PACK), _packs(records), [], "li", AT)


def test_a_file_counts_as_it_was_approved(records: Engine, tmp_path: Path) -> None:
    file = tmp_path / "canteen.yaml"
    file.write_text(PACK)
    packs = _packs(records, tmp_path)
    assert _above(packs) is None
    assert [(n.code, n.subject) for n in packs.notes] == [("pack_not_approved", "canteen.yaml")]
    _approve(records, _propose(records, PACK, "li", tmp_path), "wu", tmp_path)
    packs = _packs(records, tmp_path)
    assert (_above(packs), packs.notes) == (7, ())
    file.write_text(STRICTER)
    packs = _packs(records, tmp_path)
    assert (_above(packs), len(packs.notes)) == (7, 1)
    assert _above(_packs(records, tmp_path, need_approval=False)) == 6


def test_a_broken_file_that_nobody_approved_stops_nothing(records: Engine, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_bytes(b"\xff\xfe rules: [")
    assert _packs(records, tmp_path).rulebook().rules
    with pytest.raises(RulebookError, match=r"broken\.yaml:1"):
        _packs(records, tmp_path, need_approval=False).rulebook()


def test_differences_name_what_was_added_changed_and_removed(records: Engine) -> None:
    none, seven = _packs(records), _packs(records).with_pack("canteen.yaml", PACK)
    six = none.with_pack("canteen.yaml", STRICTER)
    books = [plain_book(packs.rulebook()) for packs in (none, seven, six)]
    json.dumps(books)
    (added,) = differences(books[0], books[1])
    assert (added.section, added.id, added.change) == ("rules", "canteen-gas", "added")
    assert added.after["for_"] == 7200.0
    assert differences(books[1], books[2]) == [
        Difference(
            "rules",
            "canteen-gas",
            "changed",
            {"threshold": 7.0, "clear": 7.0},
            {"threshold": 6.0, "clear": 6.0},
        )
    ]
    assert [d.change for d in differences(books[2], books[0])] == ["removed"]
    assert differences(books[0], books[0]) == []


def test_the_ledger_is_told_once_of_packs_that_changed(records: Engine, tmp_path: Path) -> None:
    file = tmp_path / "canteen.yaml"
    file.write_text(PACK)
    assert note_packs(records, _packs(records, tmp_path, need_approval=False), "system", AT)
    assert not note_packs(records, _packs(records, tmp_path, need_approval=False), "system", AT)
    file.write_text(STRICTER)
    assert note_packs(records, _packs(records, tmp_path, need_approval=False), "system", AT)
    first, second = (Ledger(records).detail_of(e) for e in Ledger(records).entries())
    assert first["changes"] == []
    assert [(c["id"], c["before"]) for c in second["changes"]] == [
        ("canteen-gas", {"threshold": 7.0, "clear": 7.0})
    ]
    assert second["packs"]["folder:canteen.yaml"] != first["packs"]["folder:canteen.yaml"]
