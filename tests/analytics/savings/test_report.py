"""The report: complete in both languages, from plain JSON alone."""

import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from analytics.baselines.fitted import Insufficient
from analytics.savings.contents import contract_content, savings_content, settlement_content
from analytics.savings.normal import normal_year
from analytics.savings.option_c import reporting_model, savings, savings_agreed
from analytics.savings.report import savings_document
from analytics.savings.report_texts import savings_text
from analytics.savings.result import Savings
from analytics.savings.settlement import settle, worth_of
from quotawatt.documents.html import to_html
from quotawatt.documents.model import Language
from quotawatt.performance.values import (
    ContractKind,
    EventKind,
    NonRoutineEvent,
    PerformanceContract,
    YearTerms,
)
from tests.analytics.savings.synthetic import daily, with_use, years

EVENTS = [
    NonRoutineEvent(date(2023, 3, 1), date(2023, 4, 1), EventKind.AMOUNT, 12.0, "新增机房", "A-1"),
    NonRoutineEvent(date(2023, 5, 1), date(2023, 5, 8), EventKind.EXCLUDED, None, "检修 <停电>"),
]
CONTRACT = PerformanceContract(
    3,
    ContractKind.GUARANTEED,
    "BLD-1",
    "electricity_import_kwh",
    "照明改造",
    "机关",
    "公司",
    date(2023, 1, 1),
    date(2024, 1, 1),
    (YearTerms(50.0, 1000.0),),
    date(2022, 1, 1),
    date(2023, 1, 1),
)


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    before, after = years(0.9)
    found = savings(before, after, events=EVENTS)
    assert isinstance(found, Savings)
    assert found.learnt is not None
    model = reporting_model(found, after)
    assert not isinstance(model, Insufficient)
    normal = normal_year(found.learnt, model, before.frame[["temperature_c"]])
    worth = worth_of(found, np.full(365, 0.8))
    settled = settle(CONTRACT, date(2023, 1, 1), date(2024, 1, 1), found, worth)
    made = savings_content(found, {"zh": "一号楼", "en": "Block 1"}, EVENTS, normal)
    made |= {
        "contract": {**contract_content(CONTRACT), "last_day": "2023-12-31"},
        "settlement": settlement_content(settled),
    }
    kept: dict[str, Any] = json.loads(json.dumps(made, allow_nan=False))
    return kept


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_has_all_its_parts(content: dict[str, Any], language: Language) -> None:
    page = to_html(savings_document(content, language, "EPC-3-20230101-1"))
    for key in ("result", "contract", "baseline", "months", "uncertainty", "events", "normal"):
        assert savings_text(key, language) in page
    assert "EPC-3-20230101-1" in page
    assert "新增机房" in page
    assert "检修 &lt;停电&gt;" in page
    assert f"{content['total']['savings']:,.0f}" in page
    assert "2023-12" in page
    assert "{" not in page.split("</style>")[1]


def test_what_is_not_verified_says_so(content: dict[str, Any]) -> None:
    assert savings_document(content, "zh").number == "（未核证）"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_agreed_use_and_a_loss_are_told_plainly(language: Language) -> None:
    series = with_use(daily(date(2023, 1, 1), date(2023, 3, 1)), np.full(59, 120.0))
    made = savings_content(savings_agreed(series, 100.0), {})
    page = to_html(savings_document(json.loads(json.dumps(made)), language))
    assert savings_text("not_uncertain", language) in page
    assert "1,180" in page  # more than agreed
    assert "BLD-1" in page


def test_findings_are_told_in_words() -> None:
    before, after = years(0.9)
    holes = after.frame["use"].copy()
    holes.iloc[:200] = np.nan
    found = savings(before, with_use(after, holes))
    assert isinstance(found, Savings)
    page = to_html(savings_document(savings_content(found, {}), "zh"))
    assert "报告期数据不完整" in page
    assert "45.2" in page
