"""What docs/messages.md shows is so: its templates load, its test passes, its fields are all there are."""

import re
from dataclasses import fields
from pathlib import Path

from alerts.messages.checking import load_templates, problems_of
from alerts.messages.fields import VIEWS
from alerts.messages.impact import Impact
from alerts.messages.rendering import render
from alerts.messages.summarising import summarise
from alerts.messages.trials import Outcome, run_trials
from alerts.messages.viewing import DETAILED_AT_MOST
from tests.alerts.messages.scene import NOW, OFFICER, Bundle, Notice, case, telling

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "messages.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def _folder(tmp_path: Path) -> Path:
    for language, source in zip(("zh", "en"), _blocks("jinja"), strict=True):
        (tmp_path / f"short.{language}.j2").write_text(source, encoding="utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "mine.yaml").write_text(_blocks("yaml")[0], encoding="utf-8")
    return tmp_path


def test_its_templates_pass_its_test(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    outcomes = run_trials(load_templates(folder), folder)
    assert outcomes == [Outcome("mine.yaml:1", "a meter is silent")]


def test_its_fault_reads_as_it_says(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    wrong = _blocks("jinja")[0].replace("{{ case.asset }}", "{{ case.nmae }}")
    (folder / "short.zh.j2").write_text(wrong, encoding="utf-8")
    (problem,) = problems_of(folder)
    shown = re.search(r"^short\.zh\.j2:.*$", TEXT, re.MULTILINE)
    assert shown is not None
    before, after = shown[0].split("...")
    assert problem.startswith(before)
    assert problem.endswith(after)


def test_its_table_names_every_field() -> None:
    row = re.search(r"^\| `kind` .*$", TEXT, re.MULTILINE)
    assert row is not None
    columns = [re.sub(r"\(.*?\)", "", column) for column in row[0].strip("| ").split(" | ")]
    for view, column in zip(("message", "group", "case"), columns, strict=True):
        named = re.findall(r"`(\w+)`", column)
        assert named == [field.name for field in fields(VIEWS[view])]


def test_its_list_of_what_programs_get_is_complete() -> None:
    said = TEXT[TEXT.index("## What programs get") :]
    told = telling()
    body = render(Bundle((Notice(12),)), summarise([case()], told, NOW), OFFICER, "log", told, NOW)
    for name in (*body, *body["cases"][0], *(field.name for field in fields(Impact))):
        assert f"`{name}`" in said
    assert f"{DETAILED_AT_MOST:,} cases" in TEXT
