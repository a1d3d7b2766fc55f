"""What docs/cases.md shows can be done, in its order."""

import json
import re
import shlex
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.app.tables_cases import print_case
from quotawatt.app.texts_cases import _TEXTS
from quotawatt.errors import InputError, StateError
from quotawatt.findings import Finding
from quotawatt.ledger import Ledger
from quotawatt.register.findings_book import note_findings
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings
from quotawatt.storage.records import open_records
from tests.api.case_world import QUOTA, keep_case
from tests.api.scene import REGISTER

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)
FIRED = datetime(2023, 12, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose ``var`` has a register, a case and a finding, and who works at it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "li")
    records = open_records("sqlite", tmp_path / "var")
    save_register(records, REGISTER, "test", datetime(2022, 1, 1, tzinfo=UTC))
    keep_case(
        records,
        rule="quota-exhausted",
        subject=f"BLD-2/{QUOTA}/2023",
        severity="critical",
        opened_at=FIRED,
        began_at=FIRED,
        due_on=date(2023, 12, 15),
    )
    with records.begin() as conn:
        note_findings(conn, "register", [Finding("meter_silent", "MTR-1")], REGISTER, FIRED)
    records.dispose()
    (tmp_path / "hall.png").write_bytes(b"\x89PNG\r\n\x1a\n of a hall")
    return tmp_path


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_commands_work_one_after_the_other(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(COMMANDS) == 12
    outputs = []
    for command in COMMANDS:
        if command.startswith("cases close"):
            with pytest.raises(StateError, match="somebody else than whoever proposed it"):
                run(*shlex.split(command))
            monkeypatch.setenv("LOGNAME", "wang")
        outputs.append(run(*shlex.split(command)))
    listed, ack, measure, evidence, proposed, back, due, _, closed, shown, counted, made = outputs
    assert "年度定额已用完" in listed
    assert "2023-12-15（逾期）" in listed
    assert (ack.strip(), measure.strip()) == (
        "事项 1：已签收，整改中。",
        "事项 1：整改措施，整改中。",
    )
    assert "补充佐证" in evidence
    assert ("待核验" in proposed, "退回整改" in back, "限期" in due) == (True, True, True)
    assert closed.strip() == "事项 1：办结，已办结。"
    for words in ("大厅空调加装定时器", "hall.png", "现场核实", "公共机构节能条例"):
        assert words in shown
    assert re.search(r"年度定额已用完 quota-exhausted +1 +0 ", counted)
    assert made.strip() == "已由问题生成事项 2。"
    records = open_records("sqlite", home / "var")
    assert Ledger(records).verify() == []
    records.dispose()


def test_listings_as_json_and_a_document_to_a_file(home: Path) -> None:
    run("cases", "evidence", "1", "--add", "hall.png")
    (case,) = [json.loads(line) for line in run("cases", "list", "--json").splitlines()]
    assert (case["number"], case["overdue"]) == (1, True)
    (whole,) = [json.loads(line) for line in run("cases", "show", "1", "--json").splitlines()]
    digest = whole["evidence"][0]["sha256"]
    run("cases", "evidence", "1", "--get", digest, "--to", "copy.png")
    assert (home / "copy.png").read_bytes() == (home / "hall.png").read_bytes()
    english = run("cases", "statistics", "--from", "2023-01-01", "--lang", "en")
    assert "Cases opened from 2023-01-01" in english
    with pytest.raises(InputError, match="either --add, or --get with --to"):
        run("cases", "evidence", "1", "--get", digest)
    with (home / "scan.pdf").open("wb") as scan:
        scan.truncate(10_000_001)
    with pytest.raises(InputError, match=r"at most 10000000 bytes, got scan\.pdf with 10000001"):
        run("cases", "evidence", "1", "--add", "scan.pdf")


def test_a_case_that_was_retracted_says_that_it_never_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = {
        "number": 1,
        "title": {"zh": "规则", "en": "rule"},
        "name": {"zh": "楼", "en": "building"},
        "subject": "BLD-1",
        "severity": "warning",
        "state": "retracted",
        "firing": False,
        "clear_since": None,
        "began_at": "2023-12-01T00:00:00Z",
        "closed_at": "2023-12-02T00:00:00Z",
        "clause": None,
        "advice": None,
        "owner": "contact:BLD-1/owner/1",
        "owner_name": {"zh": "能源管理员", "en": "energy officer"},
        "assignee": "account:gone",
        "assignee_name": None,
        "due_on": None,
        "overdue": False,
        **dict.fromkeys(("steps", "evidence", "notices", "explanations"), ()),
    }
    print_case(case, Settings(home=Path("unused")))
    said = capsys.readouterr().out
    assert "数据更正后不成立，已于 2023-12-02 08:00 撤销。" in said
    assert "责任人：能源管理员；承办人：account:gone" in said


def test_words_are_there_in_both_languages() -> None:
    assert all(chinese and english for chinese, english in _TEXTS.values())
    assert [key for key, (zh, en) in _TEXTS.items() if zh.count("{") != en.count("{")] == []
