"""What docs/register.md shows can be done, in its order."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app
from tests.quotawatt.register.books import book, whole

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "register.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)


def test_the_commands_work_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) == 8
    outputs = []
    for command in COMMANDS:
        result = CliRunner().invoke(app, shlex.split(command))
        assert result.exit_code == 0, (command, result.output)
        outputs.append(result.stdout)
        if "template" in command:  # somebody fills it in
            Path("register.xlsx").write_bytes(book(whole()))
    assert "没有错误" in outputs[1]
    assert "未写入" in outputs[2]
    assert "没有差异" in outputs[-1]
