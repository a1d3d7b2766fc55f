"""``quota`` with and without a command."""

import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        (["BLD-1"], "quota show [OPTIONS]"),
        (["--as-of", "2024-01-01"], "quota show [OPTIONS]"),
        (["show", "budget"], "quota show [OPTIONS]"),
        (["budget", "BLD-1"], "quota budget [OPTIONS]"),
        ([], "quota [OPTIONS] COMMAND"),
    ],
)
def test_what_is_no_command_is_shown(words: list[str], usage: str) -> None:
    result = CliRunner().invoke(app, ["quota", *words, "--help"])
    assert result.exit_code == 0
    assert usage in " ".join(result.stdout.split())
