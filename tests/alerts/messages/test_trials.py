"""The tests of templates as data: the shipped ones pass, and what fails is named with its place."""

from pathlib import Path

import pytest

from alerts.messages.checking import load_templates
from alerts.messages.templates import FORMS, LANGUAGES, shipped_templates
from alerts.messages.trials import Outcome, run_trials, samples_of

_CASE = """\
      number: 7
      rule: r
      title: {zh: 标题, en: title}
      severity: warning
      state: open
      firing: true
      subject: BLD-1
      asset: {code: BLD-1, name: {zh: 主楼, en: Main building}}
      began_at: 2023-06-01T16:00:00Z
      zone: Asia/Shanghai
"""
_HEAD = "- name: one\n  at: 2023-06-05T01:00:00Z\n  cases:\n    - events: [opened]\n" + _CASE


@pytest.mark.parametrize("outcome", run_trials(shipped_templates()), ids=lambda o: o.place)
def test_shipped(outcome: Outcome) -> None:
    assert outcome.failure == ""


def test_the_shipped_trials_ask_for_every_form_in_both_languages() -> None:
    asked = {text for trial in samples_of(shipped_templates()) for text in trial.expect}
    wanted = {f"{form}.{language}" for form in FORMS for language in LANGUAGES}
    assert asked == wanted


def _failure(tmp_path: Path, text: str) -> Outcome:
    (tmp_path / "cases").mkdir(exist_ok=True)
    (tmp_path / "cases" / "mine.yaml").write_text(text, encoding="utf-8")
    (outcome,) = run_trials(shipped_templates(), tmp_path)
    return outcome


def test_a_line_that_is_not_there_is_named(tmp_path: Path) -> None:
    found = _failure(tmp_path, _HEAD + "  expect: {short.zh: [nothing of the kind]}\n")
    assert (found.place, found.name) == ("mine.yaml:1", "one")
    assert found.failure.startswith("short.zh must hold the line 'nothing of the kind', got [")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_HEAD + "  expect: {mail.zh: [x]}\n", "an expectation must be of one of"),
        (_HEAD + "      colour: red\n", "a case must have known fields, got colour"),
        (_HEAD.replace("en: title", "en: title, fr: titre"), "got title.fr"),
        (_HEAD.replace("number: 7", "number: seven"), "number"),
        (_HEAD + "  wanted: {}\n", "wanted: Extra inputs are not permitted"),
        (_HEAD + "  zone: Nowhere/Else\n", "Nowhere/Else"),
        ("- name: one\n  at: now\n  cases: []\n", "cases: List should have at least 1 item"),
        ("name: one\n", "a file of trials must be a list, got dict"),
        ("- [", "a file of trials must be YAML"),
    ],
)
def test_a_trial_that_is_wrong_says_so(tmp_path: Path, text: str, said: str) -> None:
    assert said in _failure(tmp_path, text).failure


def test_trials_of_ones_own_run_with_ones_own_templates(tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / f"short.{language}.j2").write_text("{{ message.case.code }}", encoding="utf-8")
    (tmp_path / "cases").mkdir()
    trial = _HEAD + "  expect: {short.zh: [BLD-1]}\n"
    (tmp_path / "cases" / "mine.yaml").write_text(trial, encoding="utf-8")
    templates = load_templates(tmp_path)
    assert run_trials(templates, tmp_path) == [Outcome("mine.yaml:1", "one")]
    assert samples_of(templates)[0].name == "one"
