"""What the documents say is so: links lead somewhere, commands exist, examples work."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from collectors.configured import make_decoder
from quotawatt.app.commands_quota import ShowsByDefault
from quotawatt.app.main import app
from quotawatt.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^\.venv/bin/quotawatt ([^#\n]+?)(?:\s+#.*)?$", README, re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_to_files(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_commands_of_the_readme_exist_with_their_options(words: str) -> None:
    command = get_command(app)
    rest = words.split()
    while hasattr(command, "commands"):
        if isinstance(command, ShowsByDefault) and rest[:1] not in [[c] for c in command.commands]:
            rest = ["show", *rest]
        assert rest, f"{words} must name a command"
        assert rest[0] in command.commands, words
        command = command.commands[rest.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in rest if word.startswith("--") and word not in options] == []


def test_there_are_commands_to_check() -> None:
    assert len(COMMANDS) >= 8


def test_the_payload_of_the_readme_becomes_its_readings() -> None:
    payload = re.search(r"```json\n(.+?)\n```", README, re.DOTALL)
    assert payload
    decoder = make_decoder(load_settings())
    decoded = decoder.decode(
        "quotawatt/DEVICE/readings", payload[1].encode(), datetime(2026, 3, 1, 1, tzinfo=UTC)
    )
    assert {(r.device, r.quantity, r.value, r.time.isoformat()) for r in decoded.readings()} == {
        ("DEVICE", "electricity_import_kwh", 48211.5, "2026-03-01T00:15:00+00:00"),
        ("DEVICE", "electricity_power_kw", 36.2, "2026-03-01T00:15:00+00:00"),
    }


def test_settings_of_the_readme_and_compose_exist() -> None:
    named = set(
        re.findall(r"QUOTAWATT_([A-Z_]+)", README + (ROOT / "docker-compose.yml").read_text())
    )
    assert {n.lower() for n in named} <= set(Settings.model_fields)


def test_every_command_explains_itself() -> None:
    runner = CliRunner()
    for command in ("demo", "serve", "register", "decode", "quota", "alerts", "rules", "boards"):
        result = runner.invoke(app, [command, "--help"])
        assert result.exit_code == 0
        assert len(result.output) > 100
