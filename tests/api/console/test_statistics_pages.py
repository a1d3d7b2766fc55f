"""The statistics of cases: by the grouping asked for, within reach, with a span of days."""

from datetime import date

import pytest

from alerts.cases.acts import acknowledge, close
from alerts.cases.model import Act
from api.console.statistics_view import StatisticsFilter, year_back
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.spans import DAY, HOUR
from tests.api.case_world import add_case
from tests.api.console.desk import Desk, identifiers, said
from tests.api.scene import NOW, ZONE, Scene, build_scene


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Two cases of ORG-2, one closed in time and one overdue, and one of ORG-1; nothing changes them."""
    home = tmp_path_factory.mktemp("statistics")
    made = build_scene(home, records_url=f"sqlite:///{home / 'records.sqlite'}")
    june = NOW - 200 * DAY
    due_on = (june + 9 * DAY).date()
    closed = add_case(made, rule="meter-silent", opened_at=june, due_on=due_on)
    with made.records.begin() as conn:
        acknowledge(conn, closed, Act("li", june + 2 * HOUR))
        close(conn, closed, Act("wang", june + DAY, "更换了电表"))
    add_case(made, rule="quota-exhausted", opened_at=NOW - DAY, due_on=date(2023, 12, 31))
    add_case(made, rule="meter-silent", organisation="ORG-1", asset="BLD-1", opened_at=NOW - DAY)
    return made


@pytest.fixture(scope="module")
def manager(scene: Scene) -> Desk:
    return Desk(scene, "wang", Grant(Role.MANAGER))


def test_the_last_twelve_months_by_organisation(manager: Desk) -> None:
    page = said(manager.page("/cases/statistics"))
    assert "事项 3 未结 2，仍在触发 3" in page
    assert "按期办结 50.0 % 逾期 1" in page
    assert "签收用时（中位） 2.0 小时" in page
    assert "办结用时（中位） 24.0 小时" in page
    assert "甲机关 3" in page
    assert "乙机关 2" in page


def test_a_row_leads_to_its_own_part_with_the_filters_kept(manager: Desk) -> None:
    page = manager.page("/cases/statistics?first=2023-12-01")
    assert 'href="/cases/statistics?first=2023-12-01&amp;organisation=ORG-2"' in page
    part = said(manager.page("/cases/statistics?first=2023-12-01&organisation=ORG-2"))
    assert "事项 1 未结 1" in part


@pytest.mark.parametrize(
    ("by", "words"),
    [("rule", "年度定额已用完"), ("clause", "公共机构节能条例 17"), ("month", "2023-06")],
)
def test_other_groupings(manager: Desk, by: str, words: str) -> None:
    assert words in said(manager.page(f"/cases/statistics?by={by}"))


def test_the_last_day_is_included(manager: Desk) -> None:
    opened = (NOW - 200 * DAY).astimezone(ZONE).date()
    one_day = f"first={opened}&last={opened}"
    assert "事项 1 未结 0" in said(manager.page(f"/cases/statistics?{one_day}"))
    empty = manager.page("/cases/statistics?first=2023-01-01&last=2023-01-31")
    assert "这一期间没有产生事项" in said(empty)


@pytest.mark.parametrize(
    "query", ["first=nonsense", "last=9999-12-31", "first=2023-02-01&last=2023-01-01", "last=x"]
)
def test_a_span_that_is_none_is_refused_on_the_page(manager: Desk, query: str) -> None:
    answer = manager.get(f"/cases/statistics?{query}")
    assert answer.status_code == 422
    assert "未能完成" in said(answer.text)
    assert 'name="first"' in answer.text


def test_only_what_is_within_reach_is_counted(scene: Scene) -> None:
    officer = Desk(scene, "li", Grant(Role.OFFICER, "ORG-2"))
    page = officer.page("/cases/statistics")
    assert "事项 2 未结 1" in said(page)
    assert "organisation=ORG-1" not in page
    assert officer.get("/cases/statistics?organisation=ORG-1").status_code == 404


def test_twelve_calendar_months() -> None:
    assert year_back(date(2024, 1, 31)) == date(2023, 2, 1)
    assert year_back(date(2024, 12, 1)) == date(2024, 1, 1)
    assert StatisticsFilter(last="2023-12-31").end() == "2024-01-01"
    assert StatisticsFilter(last="9999-12-31").end() == "9999-12-31"
    assert StatisticsFilter().end() is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(manager: Desk, language: str) -> None:
    for by in ("organisation", "rule", "clause", "month"):
        page = manager.page(f"/cases/statistics?by={by}&lang={language}")
        assert identifiers(page) == set(), by
