"""``docs/silences.md`` and ``docs/alertmanager.md`` say what is so."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from alerts.people.holding import INHIBITED, SUPERSEDED
from quotawatt.app.main import app
from quotawatt.rulebook.loader import load_rulebook

ROOT = Path(__file__).resolve().parents[3]
SILENCES = (ROOT / "docs" / "silences.md").read_text(encoding="utf-8")
COMPARED = (ROOT / "docs" / "alertmanager.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ quotawatt (.+)$", SILENCES, re.MULTILINE)


def rows() -> Iterator[list[str]]:
    """The rows of the comparison, by cell."""
    for line in COMPARED.splitlines():
        if line.startswith("| ") and not line.startswith("| Alertmanager"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_each_row_says_whether_it_is_a_choice_and_names_tests_that_exist() -> None:
    compared = list(rows())
    assert len(compared) >= 30
    for cells in compared:
        assert len(cells) == 4, cells
        assert re.match(r"(same|choice|more)\b", cells[2]), cells[2]
        named = re.findall(r"`([\w/.]+)::(\w+)`", cells[3])
        assert named, cells[0]
        for file, test in named:
            assert test in functions_of(file), f"{file}::{test}"


def test_the_inhibition_of_the_document_is_taken(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.+?)```", SILENCES, re.DOTALL)
    (tmp_path / "own.yaml").write_text(example, encoding="utf-8")
    found = load_rulebook([tmp_path]).inhibitions["own-chiller"]
    assert (found.source.rules, found.equal) == (("site-offline",), ("site",))


@pytest.mark.parametrize("words", COMMANDS)
def test_commands_of_the_document_exist_with_their_options(words: str) -> None:
    command = get_command(app)
    rest = words.split()
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in rest if word.startswith("--") and word not in known] == []


def test_every_reason_of_the_program_is_explained() -> None:
    reasons = ("silenced:", "maintenance:", INHIBITED, "quiet", "digest", "limit", "no_channel")
    assert [reason for reason in (*reasons, SUPERSEDED) if f"`{reason}" not in SILENCES] == []
