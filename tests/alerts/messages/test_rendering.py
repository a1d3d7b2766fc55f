"""Whole messages: their forms by channel, digests, and what stands in where a template fails."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alerts.cases.model import Case, CaseEvent
from alerts.channels.base import ChannelKind
from alerts.messages.checking import load_templates
from alerts.messages.impact import Impact
from alerts.messages.rendering import render
from alerts.messages.summarising import summarise
from alerts.messages.templates import environment
from alerts.messages.writing import Writing
from alerts.people.recipients import Recipient, of_channel
from alerts.people.telling import Telling
from quotawatt.errors import TemplateError
from tests.alerts.messages.scene import (
    ENGLISH_OFFICER,
    NOW,
    OFFICER,
    Bundle,
    Notice,
    case,
    telling,
)

_RAISED = CaseEvent.SEVERITY_RAISED.value


def _body(
    cases: Sequence[Case],
    notices: Sequence[Notice] = (Notice(12),),
    kind: str = ChannelKind.EMAIL,
    recipient: Recipient | None = OFFICER,
    told: Telling | None = None,
) -> dict[str, Any]:
    told = told or telling()
    summaries = summarise(cases, told, NOW)
    return render(Bundle(tuple(notices)), summaries, recipient, kind, told, NOW)


def test_a_message_is_plain_json_of_version_2() -> None:
    body = _body([case()])
    assert json.loads(json.dumps(body)) == body
    assert {name: body[name] for name in ("version", "key", "language", "kind", "link")} == {
        "version": 2,
        "key": "key-1",
        "language": "zh",
        "kind": "single",
        "link": "https://energy.example/cases/12",
    }
    (one,) = body["cases"]
    assert one["asset"] == {"code": "BLD-1", "name": "主楼"}
    assert one["events"] == ["opened"]
    assert (one["value"], one["threshold"], one["due"]) == (104.25, 100, "2023-06-19")
    assert one["since"] == "2023-06-01T16:00:00+00:00"
    assert len(one["clauses"]) == 2


@pytest.mark.parametrize(
    ("kind", "forms"),
    [
        (ChannelKind.EMAIL, {"text", "html"}),
        (ChannelKind.SMS, {"short"}),
        (ChannelKind.WECOM, {"text", "markdown", "short"}),
        (ChannelKind.APPRISE, {"text", "markdown", "short"}),
        (ChannelKind.WEBHOOK, {"text", "short"}),
        (ChannelKind.INBOX, {"text", "short"}),
        (ChannelKind.LOG, {"text", "short"}),
    ],
)
def test_a_channel_gets_the_forms_that_it_takes(kind: str, forms: set[str]) -> None:
    body = _body([case()], kind=kind)
    assert {form for form in ("text", "html", "markdown", "short") if body[form]} == forms
    assert body["title"] == "【警告】关于主楼“规则quota-projected-over”的通知"


def test_a_message_is_in_the_recipients_language_and_addresses_them() -> None:
    assert _body([case()])["text"].startswith("能源管理员：\n")
    english = _body([case()], recipient=ENGLISH_OFFICER)
    assert english["language"] == "en"
    assert english["text"].startswith("To: Energy officer\n")
    assert english["cases"][0]["organisation"]["name"] == "Education Bureau"


@pytest.mark.parametrize("recipient", [None, of_channel("webhook")])
def test_a_channel_that_is_nobodys_own_is_not_addressed(recipient: Recipient | None) -> None:
    assert _body([case()], recipient=recipient)["text"].startswith("主楼（BLD-1）")


def test_a_digest_lists_every_case_once_the_gravest_first() -> None:
    cases = [
        case(1, "meter-silent", subject="MTR-1", figures={}),
        case(2, "quota-exhausted", severity="critical"),
        case(3, "meter-silent", subject="MTR-1", figures={}),
    ]
    notices = [Notice(1), Notice(2), Notice(2, _RAISED), Notice(3, "closed")]
    body = _body(cases, notices)
    assert body["kind"] == "digest"
    assert [one["number"] for one in body["cases"]] == [2, 1, 3]
    assert body["cases"][0]["events"] == ["opened", _RAISED]
    assert "clauses" not in body["cases"][0]
    assert "新增 2 件、升级 1 件、办结 1 件" in body["title"]
    assert body["link"] == "https://energy.example/cases"
    assert body["text"].count("第 1 号") == 1


def test_of_equal_severity_what_wastes_most_comes_first() -> None:
    impacts = {1: Impact(1.0, "kgce", kgce=1.0), 2: Impact(9.0, "kgce", kgce=9.0)}
    body = _body(
        [case(1), case(2)], [Notice(1), Notice(2)], told=telling(impacts=lambda _: impacts)
    )
    assert [one["number"] for one in body["cases"]] == [2, 1]


def test_without_a_public_address_there_is_no_link() -> None:
    body = _body([case()], told=telling(public_url=""))
    assert body["link"] == ""
    assert "第 12 号事项" in body["text"]
    assert "href" not in body["html"]


def test_names_cannot_break_out_of_html() -> None:
    told = telling()
    summaries = summarise([case()], told, NOW)
    summaries[12] = replace(
        summaries[12], title=replace(summaries[12].title, zh="<script>alert(1)</script>")
    )
    html = render(Bundle((Notice(12),)), summaries, OFFICER, "email", told, NOW)["html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def _own(tmp_path: Path, source: str) -> Telling:
    for language in ("zh", "en"):
        (tmp_path / f"short.{language}.j2").write_text(source, encoding="utf-8")
    return telling(templates=load_templates(tmp_path))


def test_a_template_of_ones_own_stands_in_for_the_shipped_one(tmp_path: Path) -> None:
    told = _own(tmp_path, "{{ message.case.asset }}!\n\n{{ message.case.due }}")
    body = _body([case()], kind="sms", told=told)
    assert body["short"] == "主楼! 2023-06-19"  # one line, whatever the template's
    assert body["title"].startswith("【警告】")


def test_where_a_template_of_ones_own_fails_the_shipped_one_goes_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = _own(tmp_path, "{{ 1 // (message.count - 1) }}")
    assert _body([case()], kind="sms", told=told)["short"].startswith("警告通知：主楼")
    assert "the shipped template stands in: short.zh.j2" in caplog.text


@pytest.mark.parametrize(
    "source",
    [
        "{{ message.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ message.case.nothing_of_the_kind }}",
        "{% for n in range(1000000) %}x{% endfor %}",
    ],
)
def test_a_template_cannot_leave_its_sandbox(tmp_path: Path, source: str) -> None:
    (tmp_path / "short.zh.j2").write_text(source, encoding="utf-8")
    unchecked = replace(telling().writing.templates, environment=environment(tmp_path))
    with pytest.raises(TemplateError, match=r"short\.zh\.j2: a template must render"):
        _body([case()], kind="sms", told=replace(telling(), writing=Writing(templates=unchecked)))


def test_a_storm_is_listed_in_full() -> None:
    cases = [case(n, "meter-silent", subject="MTR-1", figures={}) for n in range(1, 1001)]
    body = _body(cases, [Notice(n) for n in range(1, 1001)])
    assert len(body["cases"]) == 1000
    assert all(f"第 {n} 号" in body["html"] for n in range(1, 1001))
    assert len(body["html"]) < 1_000_000


def test_of_very_many_cases_each_takes_one_line() -> None:
    numbers = range(1, 1002)
    cases = [case(n, "meter-silent", subject="MTR-1", figures={}) for n in numbers]
    body = _body(cases, [Notice(n) for n in numbers])
    assert len(body["cases"]) == 1001
    assert all(f"第 {n} 号" in body["text"] for n in numbers)
    assert "没有读数" not in body["text"] + body["html"]
    # So that one of 10,000 stays below 10 MB.
    assert len((body["text"] + body["html"]).encode()) / 1001 < 900
