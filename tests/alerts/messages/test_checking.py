"""What is wrong with templates is said when they are loaded, all at once, with file and line."""

from pathlib import Path

import pytest

from alerts.messages.checking import load_templates, problems_of
from alerts.messages.fields import known_fields
from alerts.messages.templates import SHIPPED, shipped_templates
from quotawatt.errors import TemplateError


def _folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        form, _, language = name.rpartition("_")
        (tmp_path / f"{form}.{language}.j2").write_text(text, encoding="utf-8")
    return tmp_path


def _problems(tmp_path: Path, source: str) -> list[str]:
    return problems_of(_folder(tmp_path, short_zh=source, short_en="fine"))


def test_the_shipped_templates_are_right() -> None:
    assert problems_of(SHIPPED) == []


def test_without_a_folder_the_shipped_ones_count() -> None:
    assert load_templates(None).own is None
    text, path = load_templates(None).source("short.zh.j2")
    assert path.parent == SHIPPED
    assert "message" in text


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("{{ message.titel }}", 1, "a field of message must be one of kind, title"),
        ("\n\n{{ message.case.nmae }}", 3, "a field of case must be one of number, rule"),
        ("{{ message['titel'] }}", 1, "got titel"),
        ("{{ mesage.title }}", 1, "a name must be known (here: message), got mesage"),
        ("{% for c in message.cases %}{{ c.foo }}{% endfor %}", 1, "a field of case"),
        (
            "{% for g in message.groups %}{% for c in g.cases %}{{ c.x }}{% endfor %}{% endfor %}",
            1,
            "x",
        ),
        ("{{ (message.cases | first).wrong }}", 1, "a field of case"),
        ("{{ message.cases[0].wrong }}", 1, "a field of case"),
        (
            "{% for c in message.cases[:3] | reverse %}{{ c.wrong }}{% endfor %}",
            1,
            "a field of case",
        ),
        ("{% set c = message.case %}{{ c.wrong }}", 1, "a field of case"),
        ("{% with c = message.case %}{{ c.wrong }}{% endwith %}", 1, "a field of case"),
        ("{% macro one(case) %}{{ case.wrong }}{% endmacro %}", 1, "a field of case"),
        ("{% if message.wrong %}{% endif %}", 1, "a field of message"),
        ("{{ message.title | nofilter }}", 1, "No filter named 'nofilter'"),
        ("{% if %}", 1, "a template must be Jinja2"),
        ("ok\n{% for c in message.cases %}", 2, "a template must be Jinja2"),
        ('{% include "other.j2" %}', 1, "a template to be used must be one of"),
        ('{% import "nowhere.j2" as n %}', 1, "got nowhere.j2"),
        ('{% from "nowhere.j2" import line %}', 1, "got nowhere.j2"),
        ("{{ c }}{% set c = 1 %}", 1, "got c"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, source: str, line: int, said: str) -> None:
    problems = _problems(tmp_path, source)
    assert len(problems) == 1
    assert problems[0].startswith(f"short.zh.j2:{line}: ")
    assert said in problems[0]


@pytest.mark.parametrize(
    "source",
    [
        "{% for c in message.cases %}{{ loop.index }}{{ c.asset | upper }}{% else %}none{% endfor %}",
        '{% from "macros.j2" import line %}{{ line("x", message.title) }}',
        "{% set x %}block{% endset %}{{ x }}",
        "{% macro one(case, m) %}{{ case.asset }}{{ m.anything }}{% endmacro %}{{ one(message.case, 1) }}",
        "{{ message.title.upper() }}{{ range(3) | list }}",
        "{% for a, b in [(1, 2)] %}{{ a }}{{ b }}{% endfor %}",
    ],
)
def test_what_is_right_passes(tmp_path: Path, source: str) -> None:
    assert _problems(tmp_path, source) == []


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path, short_zh="{{ message.a }}{{ message.b }}", short_en="{{ oops }}", text_zh="fine"
    )
    (folder / "mail.zh.j2").write_text("x", encoding="utf-8")
    with pytest.raises(TemplateError) as raised:
        load_templates(folder)
    assert [problem.split(":")[0] for problem in raised.value.problems] == [
        "mail.zh.j2",
        "text.zh.j2",
        "short.en.j2",
        "short.zh.j2",
        "short.zh.j2",
    ]
    assert "must come in zh and en, got zh alone" in str(raised.value)


def test_a_file_that_cannot_be_read_and_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "short.zh.j2").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "short.en.j2").write_text("fine", encoding="utf-8")
    assert problems_of(tmp_path)[0].startswith("short.zh.j2:")
    with pytest.raises(TemplateError, match="must be there"):
        load_templates(tmp_path / "nowhere")


def test_a_field_that_is_listed_is_one_that_renders() -> None:
    assert "message.totals" in known_fields()
    assert "case.coal" in known_fields()
    with pytest.raises(TemplateError, match="must be one of"):
        shipped_templates().source("../service.py")
