"""The overview board: who is over, the chosen building's load, carbon, and the state of the data."""

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models import dashboard as models

from grafana.account_panels import (
    carbon_course,
    carbon_projected,
    quota_course,
    quota_projected,
    quota_share,
)
from grafana.boards.variables import variables
from grafana.data_panels import coverage, newest_readings
from grafana.load_panels import excess, load, sub_meters
from quotawatt.errors import InputError
from quotawatt.rulebook.model import Text

LANGUAGES = ("zh", "en")

TITLE = Text("Quotawatt 总览", "Quotawatt overview")
_DESCRIPTION = Text(
    "能耗定额、碳目标、建筑负荷与数据状况。由程序生成，请勿在此修改。",
    "Quotas, carbon targets, load of buildings and state of the data. Generated; don't edit it here.",
)
_OTHER_LANGUAGE = Text("English", "中文")


def uid(language: str) -> str:
    """The board's stable UID: links and publishing go by it."""
    return f"quotawatt-overview-{language}"


def board(language: str, timezone: str) -> dashboard.Dashboard:
    """The board in ``zh`` or ``en``; days and the year begin at midnight of ``timezone``.

    The zone is that of the accounts and not the browser's: a result's day is a local day, and a
    reader elsewhere would see it begin at another hour, or "this year" begin on another day.
    """
    if language not in LANGUAGES:
        raise InputError(f"a board's language must be zh or en, got {language!r}")
    made = (
        dashboard.Dashboard(TITLE.in_language(language))
        .uid(uid(language))
        .description(_DESCRIPTION.in_language(language))
        .tags(["quotawatt", language])
        .timezone(timezone)
        .time("now/y", "now/y")
        .week_start("monday")
        .refresh("5m")
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .readonly()
        .variables(variables(language))
        .link(_link(language))
    )
    number = 0
    for title, panels in _layout(language):
        number += 1
        made = made.with_row(dashboard.Row(title.in_language(language)).id(number))
        for panel in panels:
            number += 1
            made = made.with_panel(panel.id(number))
    return made


def _link(language: str) -> dashboard.DashboardLink:
    other = "en" if language == "zh" else "zh"
    return (
        dashboard.DashboardLink(_OTHER_LANGUAGE.in_language(language))
        .type(models.DashboardLinkType.LINK)
        .url(f"/d/{uid(other)}")
        .include_vars(True)
        .keep_time(True)
    )


def _layout(language: str) -> list[tuple[Text, list[dashboard.Panel]]]:
    return [
        (
            Text("年度定额账户", "Yearly quota accounts"),
            [quota_share(language), quota_projected(language), quota_course(language)],
        ),
        (
            Text("建筑负荷", "Load of the building"),
            [load(language), excess(language), sub_meters(language)],
        ),
        (
            Text("碳目标", "Carbon target"),
            [carbon_projected(language), carbon_course(language)],
        ),
        (
            Text("数据状况", "State of the data"),
            [coverage(language), newest_readings(language)],
        ),
    ]
