"""The anomaly pages: the list, one event drawn, and who may call it ordinary."""

import re

import pytest
from sqlalchemy import select

from analytics.anomalies.event import Likely
from analytics.events.event import EventState
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.storage.analytics_tables import anomalies
from tests.api.anomaly_samples import add_anomaly, anomaly
from tests.api.console.desk import Desk, said
from tests.api.scene import REGISTER, Scene


@pytest.fixture
def officer(scene: Scene) -> Desk:
    return Desk(scene, "wang", Grant(Role.OFFICER))


@pytest.fixture
def number(scene: Scene) -> int:
    return add_anomaly(scene.records, REGISTER, anomaly("BLD-2"))


def state_of(scene: Scene, number: int) -> str:
    with scene.records.connect() as conn:
        chosen = select(anomalies.c.state).where(anomalies.c.id == number)
        return str(conn.execute(chosen).scalar_one())


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ["用能异常", "夜间未关", "持续中", "怎么办"]), ("en", ["Anomalies", "Goes on"])],
)
def test_the_list_in_both_languages(
    officer: Desk, number: int, language: str, words: list[str]
) -> None:
    page = said(officer.page(f"/anomalies?lang={language}"))
    for word in words:
        assert word in page


def test_the_list_is_filtered(scene: Scene, officer: Desk, number: int) -> None:
    add_anomaly(scene.records, REGISTER, anomaly("MTR-1", likely=Likely.JUMP))
    page = officer.page("/anomalies?likely=jump&lang=en")
    assert "MTR-1" in page
    assert "BLD-2" not in page
    nothing = officer.page("/anomalies?state=withdrawn&lang=en")
    assert "There is no anomaly of this kind" in said(nothing)


def test_one_event_is_drawn_with_its_hours_shaded(officer: Desk, number: int) -> None:
    page = officer.page(f"/anomalies/{number}?lang=en")
    assert '<polyline class="actual"' in page
    shaded = re.search(r'<rect class="event" x="([\d.]+)" width="([\d.]+)"', page)
    assert shaded is not None
    # Seven days of eighteen lie before it, nine are its own.
    assert [float(v) for v in shaded.groups()] == pytest.approx([700 / 18, 900 / 18], abs=0.1)


def test_an_event_of_which_no_hours_are_known_says_so(scene: Scene, officer: Desk) -> None:
    number = add_anomaly(scene.records, REGISTER, anomaly("MTR-2", measure="water_m3"))
    assert "Nothing is known of these hours" in said(officer.page(f"/anomalies/{number}?lang=en"))


def test_an_officer_calls_it_ordinary_and_takes_it_back(
    scene: Scene, officer: Desk, number: int
) -> None:
    answer = officer.send(f"/anomalies/{number}/ordinary", comment="night shift")
    assert answer.status_code == 303
    page = said(officer.page(answer.headers["location"]))
    assert "night shift" in page
    assert state_of(scene, number) == EventState.ORDINARY
    again = officer.send(f"/anomalies/{number}/ordinary", comment="again")
    assert again.status_code == 409
    assert officer.send(f"/anomalies/{number}/not-ordinary").status_code == 303
    assert state_of(scene, number) == EventState.OVER


def test_without_a_comment_it_stays(scene: Scene, officer: Desk, number: int) -> None:
    assert officer.send(f"/anomalies/{number}/ordinary", comment=" ").status_code == 422
    assert state_of(scene, number) == EventState.OPEN


def test_a_viewer_reads_and_decides_nothing(scene: Scene, number: int) -> None:
    viewer = Desk(scene, "zhao", Grant(Role.VIEWER))
    page = viewer.page(f"/anomalies/{number}")
    assert "not-ordinary" not in page
    assert "/ordinary" not in page
