"""Every code of the source has words, in both languages, and they fit the evidence."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from quotawatt.register.finding_texts import (
    SEVERITIES,
    FindingText,
    finding_texts,
    finding_words,
    severity_of,
)
from quotawatt.register.finding_words import WORDS, in_words

ROOT = Path(__file__).parents[3]
ZONE = ZoneInfo("Asia/Shanghai")
# Codes that are put together, or come from a table.
COMPOSED = {
    "counter_glitch", "counter_reset", "counter_above_rating", "idle_asset", "changed_without_date",
    "vehicle_silent", "meter_silent", "vehicle_never_reported", "meter_never_reported",
    "norm_office_area_over", "norm_vehicles_over", "norm_equipment_over",
    "norm_office_posts_unknown", "norm_vehicle_quota_unknown", "norm_staff_unknown",
}  # fmt: skip


def literal_codes() -> Iterator[str]:
    """The first argument of every ``Finding(...)`` in the source that is a plain text."""
    for folder in ("quotawatt", "collectors", "analytics", "alerts", "api"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                    continue
                if node.func.id == "Finding" and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.IfExp):
                        yield from _texts(first.body, first.orelse)
                    else:
                        yield from _texts(first)


def _texts(*nodes: ast.expr) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_code_has_words() -> None:
    codes = {*literal_codes(), *COMPOSED}
    assert len(codes) > 40
    assert codes - finding_texts().keys() == set()


@pytest.mark.parametrize("code", sorted(finding_texts()))
def test_the_words_are_whole(code: str) -> None:
    text: FindingText = finding_texts()[code]
    assert text.severity in SEVERITIES
    for part in (text.title, text.sentence, text.action):
        assert set(part) == {"zh", "en"}
        assert all(words.strip() for words in part.values())
    # Where the evidence has a text in both languages each sentence takes its own.
    named = [
        {name.removesuffix(f"_{language}") for _, name, _, _ in Formatter().parse(words) if name}
        for language, words in text.sentence.items()
    ]
    assert named[0] == named[1]
    assert "subject_name" in named[0]


def test_a_sentence_takes_its_figures_from_the_evidence() -> None:
    detail = {
        "device": "d-1",
        "since": datetime(2024, 5, 1, 22, tzinfo=UTC).isoformat(),
        "days": 3.5,
        "usual_interval_h": None,
    }
    words = finding_words("meter_silent", "总表 M-1", detail, "zh", ZONE)
    assert words["title"] == "计量中断"
    assert words["sentence"] == (
        "总表 M-1 的设备 d-1 最后一次读数在 2024-05-02 06:00，已中断 3.5 天（平时每 – 小时一次）。"
    )
    assert words["action"].startswith("现场检查")


def test_identifiers_are_said_by_their_names() -> None:
    detail = {"carrier": "water", "quota_count": 2}
    for language, said in (("zh", "没有登记水表"), ("en", "no meter of water")):
        assert (
            said in finding_words("main_meter_missing", "B-1", detail, language, ZONE)["sentence"]
        )
    assert in_words("in_post, beds, other", "en") == "people in post, beds, other"
    assert all(zh and en for zh, en in WORDS.values())


def test_a_code_without_words_is_shown_as_it_is() -> None:
    words = finding_words("strange", "B-1", {"count": 3}, "en", ZONE)
    assert words == {"title": "strange", "sentence": "B-1: count=3", "action": ""}
    assert severity_of("strange") == "warning"


def test_braces_in_what_a_device_sent_are_only_braces() -> None:
    detail = {"device": "{subject_name}", "since": "x"}
    assert (
        "{subject_name}"
        in finding_words("meter_silent", "{0.__class__}", detail, "en", ZONE)["sentence"]
    )
