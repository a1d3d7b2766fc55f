"""The commands ``ledger`` and ``rules propose``, over a small home folder."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update

from quotawatt.app.server import ApiServer
from quotawatt.app.system import open_system
from quotawatt.app.token import with_token
from quotawatt.clock import system_clock
from quotawatt.errors import InputError, StateError
from quotawatt.ledger import GENESIS, Ledger
from quotawatt.ledger.heads import sign_head, write_head
from quotawatt.ledger.keys import signing_key
from quotawatt.ledger.outside import place_head
from quotawatt.ledger.pack_check import check_pack
from quotawatt.rulebook.in_force import packs_in_force
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from quotawatt.settings import Settings
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import ledger, ledger_head
from tests.api.routes.test_rules import TESTS
from tests.app.test_commands import failure, run
from tests.quotawatt.rulebook.test_proposals import PACK

AT = datetime(2024, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    records = _records(tmp_path / "home")
    for n in range(6):
        with records.begin() as conn:
            Ledger(records).append(
                conn,
                at=AT + timedelta(days=n),
                actor="li" if n % 2 else "wu",
                action="changed",
                subject=f"MTR-{n}",
                detail={"n": n},
            )
    return tmp_path / "home"


def _records(home: Path) -> Engine:
    return open_records("sqlite", home)


def test_entries_are_listed_and_shown(home: Path) -> None:
    listed = run("ledger", "list", "--actor", "li", "--json", "--home", str(home)).output
    assert [json.loads(line)["seq"] for line in listed.splitlines()] == [6, 4, 2]
    table = run("ledger", "list", "--home", str(home), "--lang", "zh").output
    assert "操作者" in table
    assert "2024-01-02 11:00:00" in table
    shown = json.loads(run("ledger", "show", "4", "--home", str(home)).output)
    assert (shown["subject"], shown["detail"]) == ("MTR-3", {"n": 3})


@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        ("zh", "台账完整，共 6 条", "第 4 条被改动"),
        ("en", "the ledger's chain holds, 6 entries", "entry 4 was altered"),
    ],
)
def test_a_verification_names_the_entry(home: Path, language: str, good: str, bad: str) -> None:
    arguments = ("ledger", "verify", "--home", str(home), "--lang", language)
    assert run(*arguments).stdout.splitlines()[-1] == good
    with _records(home).begin() as conn:
        conn.execute(update(ledger).where(ledger.c.seq == 4).values(actor="x"))
    done = run(*arguments)
    assert done.exit_code == 1
    assert f"\n{bad}" in done.stdout


@pytest.mark.parametrize(
    ("language", "unseen", "seen"),
    [
        ("zh", "没有签名链头可比对", "台账在签名链头之后被重写：最早的改动在第 1 至 6 条之间"),
        ("en", "there are no signed heads", "the first altered entry is within 1 to 6"),
    ],
)
def test_a_chain_made_anew_shows_against_the_systems_own_heads(
    home: Path, language: str, unseen: str, seen: str
) -> None:
    arguments = ("ledger", "verify", "--home", str(home), "--lang", language)
    before = run(*arguments)
    assert (before.exit_code, unseen in before.stdout) == (0, True)
    place_head(_records(home), Settings(home=home), AT)
    _rewrite(_records(home))
    after = run(*arguments)
    assert (after.exit_code, seen in after.stdout) == (1, True), after.stdout


def _rewrite(records: Engine) -> None:
    """Another actor in the third entry, and all hashes made anew, that of the head included."""
    previous = GENESIS
    with records.begin() as conn:
        for entry in Ledger(records).entries():
            forged = replace(entry, actor="x" if entry.seq == 3 else entry.actor, previous=previous)
            previous = forged.expected_hash()
            values = {"actor": forged.actor, "previous": forged.previous, "hash": previous}
            conn.execute(update(ledger).where(ledger.c.seq == entry.seq).values(values))
        conn.execute(update(ledger_head).values(hash=previous))


def test_a_verification_against_heads_finds_a_cut_tail(home: Path, tmp_path: Path) -> None:
    folder, public = tmp_path / "outside", tmp_path / "key.pem"
    folder.mkdir()
    records, key = _records(home), signing_key(home)
    for seq in (2, 5):
        link = Ledger(records).entry(seq).link
        write_head(sign_head(link, AT + timedelta(days=seq), key), folder)
    public.write_text(run("ledger", "key", "--home", str(home)).output)
    arguments = ("ledger", "verify", "--heads", str(folder), "--key", str(public), "--lang", "en")
    good = run(*arguments, "--home", str(home))
    assert good.exit_code == 0, good.output
    assert "it agrees with 2 signed heads" in good.output
    assert "no head of" in good.output
    assert "2024-01-05" in good.output
    third = Ledger(records).entry(3)
    with records.begin() as conn:
        conn.execute(delete(ledger).where(ledger.c.seq > 3))
        conn.execute(update(ledger_head).values(seq=3, hash=third.hash))
    bad = run(*arguments, "--home", str(home))
    assert bad.exit_code == 1
    assert "entries are missing from within 3 to 5" in bad.output
    listed = run("ledger", "heads", str(folder), "--json", "--home", str(home)).output
    assert [json.loads(line)["count"] for line in listed.splitlines()] == [2, 5]


def test_a_pack_is_written_and_checked_without_the_home_folder(home: Path, tmp_path: Path) -> None:
    file, public = tmp_path / "pack.zip", tmp_path / "key.pem"
    arguments = ("ledger", "export", str(file), "--from", "2024-01-03", "--actor", "wu")
    assert "pack.zip" in run(*arguments, "--home", str(home)).output
    assert not list(tmp_path.glob(".pack.zip*"))
    public.write_text(run("ledger", "key", "--home", str(home)).output)
    done = run("ledger", "check-pack", str(file), "--key", str(public), "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "the pack holds: 2 entries, the chain from 3 to 7" in done.output
    assert "其自身一致" in run("ledger", "check-pack", str(file), "--lang", "zh").output
    file.write_bytes(file.read_bytes()[:-30])
    cut = run("ledger", "check-pack", str(file), "--lang", "zh")
    assert (cut.exit_code, "不是证据包" in cut.output) == (1, True)


def test_a_pack_that_is_refused_leaves_no_file(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    arguments = ("ledger", "export", str(file), "--from", "some day", "--home", str(home))
    assert isinstance(failure(*arguments), InputError)
    assert list(tmp_path.iterdir()) == [home]


def test_a_running_system_hands_out_a_pack_that_holds(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    settings = with_token(Settings(home=home))
    system = open_system(settings, system_clock)
    server = ApiServer(system.app(lambda: {}), settings.model_copy(update={"api_port": 0}))
    server.start()
    try:
        done = run("ledger", "export", str(file), "--home", str(home), "--lang", "en")
        assert f"{file.stat().st_size} bytes" in done.output.replace("\n", "")
        assert isinstance(
            failure("ledger", "export", str(file), "--from", "x", "--home", str(home)), InputError
        )
    finally:
        server.stop()
        system.close()
    assert check_pack(file).findings == ()


def test_rules_that_were_approved_are_listed_and_tested(home: Path) -> None:
    proposals, packs = Proposals(_records(home)), packs_in_force([], {}, need_approval=False)
    before = run("rules", "test", "--home", str(home), "--lang", "en").output
    made = proposals.propose(Draft("canteen.yaml", PACK, TESTS), packs, [], "li", AT)
    proposals.approve(made.id, packs, [], "wu", AT)
    listed = run("rules", "list", "--json", "--home", str(home)).output.splitlines()
    assert "canteen-gas" in [json.loads(line)["id"] for line in listed]
    after = run("rules", "test", "--home", str(home), "--lang", "en").output
    assert int(after.split()[0]) == int(before.split()[0]) + 1
    assert "规则" in run("rules", "list", "--home", str(home), "--lang", "zh").output


def test_files_that_cannot_be_read_are_named(home: Path, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere" / "x")
    for arguments in (
        ("ledger", "verify", "--heads", nowhere, "--home", str(home)),
        ("ledger", "export", nowhere, "--home", str(home)),
        ("ledger", "check-pack", nowhere, "--key", nowhere),
        ("rules", "propose", nowhere, "--home", str(home)),
    ):
        error = failure(*arguments)
        assert isinstance(error, InputError)
        assert nowhere in str(error)


def test_a_pack_is_proposed_and_not_approved_by_the_same_person(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "canteen.yaml"
    file.write_text(PACK)
    at_home = ("--home", str(home), "--lang", "en")
    made = run("rules", "propose", str(file), "--comment", "gas", *at_home)
    assert made.exit_code == 0, made.output
    assert "added alert rule canteen-gas" in made.output
    assert "proposal 1: canteen.yaml waits for approval" in made.output
    assert "gas" in run("rules", "proposals", *at_home).output
    assert PACK in run("rules", "show", "1", *at_home).output
    assert isinstance(failure("rules", "approve", "1", *at_home), StateError)
    assert "canteen.yaml: withdrawn" in run("rules", "withdraw", "1", *at_home).output
