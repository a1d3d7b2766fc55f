"""Every stored hour of every subject is explained, and every book closes: on each kind of series store.

A small estate in which everything happens: a meter that is replaced, rolls over, falls silent, glitches and
is reset; phases; a power without a counter; a plant; readings by hand, bills and purchases; virtual meters,
rooms and items; a building that changes hands.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from analytics.jobs import Analyser
from quotawatt.hand.drafting import drafted
from quotawatt.hand.intake import Act, Wish, enter
from quotawatt.hand.setting import Setting
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Grain, Reading
from quotawatt.register.model import Binding, PvPlant, Register, Space, VirtualMeter
from quotawatt.register.problems import Where
from quotawatt.register.rows import Row as SheetRow
from quotawatt.register.rows import records_of
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.intake import store_readings
from quotawatt.storage.port import SeriesStore
from tests.analytics.builders import IMPORT, SHANGHAI, at, binding, meter, reading, register
from tests.api.scene import Client, Scene, build_scene

END = 60
"""Hours that are looked at."""

NOW = at(END) + timedelta(days=60)


def _estate() -> Register:
    bindings = [
        binding("old", multiplier=40.0, register_size=1000.0, valid_until=at(20.3)),
        Binding("new", "MTR-1", at(20.3), multiplier=20.0),
        binding("three", "MTR-2", channel="L1"),
        binding("three", "MTR-2", channel="L2"),
        binding("flow", "MTR-3", quantity="electricity_power_kw"),
        binding("roof", "PV-1"),
    ]
    meters = [
        meter(),
        meter("MTR-2", parent="MTR-1", item="A1", serves="R-1"),
        meter("MTR-3", parent="MTR-1", item="B"),
        meter("MTR-4", building="BLD-2"),
        meter("GAS-1", carrier="gas"),
        meter("GAS-2", carrier="gas", building="BLD-2"),
    ]
    plants = [PvPlant("PV-1", "光伏", "Plant", "BLD-1", 50.0)]
    base = register(*bindings, meters=meters, buildings=2, pv_plants=plants)
    more = {
        "spaces": [
            Space("R-1", "一", "One", "BLD-1", "office", 20.0),
            Space("R-2", "二", "Two", "BLD-1", "office", 60.0),
        ],
        "virtual_meters": [
            VirtualMeter("VM-1", "余", "Rest", "BLD-1", IMPORT, "MTR-1 - MTR-2 - 0.5*MTR-3"),
            VirtualMeter(
                "VM-2", "摊", "Share", "BLD-1", IMPORT, "share(VM-1, area, R-2)", serves="R-2"
            ),
        ],
    }
    return Register(**{**records_of(base), **more})


ESTATE = _estate()


def _readings() -> Iterator[Reading]:
    for n in range(82):
        shown = (990 + 0.25 * n) % 1000
        if not 30 <= n <= 45:
            yield reading(at(n / 4), 3.0 if n == 60 else shown, "old")
    yield reading(at(20.3), 10.4, "old")
    for n in range(120):
        reset = 500.0 if n < 70 else -30.0  # at n = 70 it starts again from 5
        yield reading(at(20.3 + n / 3), reset + 0.5 * n, "new")
    for n in range(4 * END):
        yield reading(at(n / 4 + 0.05), 100 + n, "three", channel="L1")
        if n % 40 < 30:
            yield reading(at(n / 4 + 0.1), 50 + n, "three", channel="L2")
        yield reading(at(n / 4), 6.0 - n / 20, "flow", "electricity_power_kw")
        yield reading(at(n / 4), 1000 + n / 8, "roof", "pv_generation_kwh")


def _entered(scene: Scene) -> None:
    local: ZoneInfo = SHANGHAI
    setting = Setting(ESTATE, local, NOW)
    days = {"first_day": date(2023, 3, 1), "last_day": date(2023, 3, 3)}
    entries: list[tuple[str, dict[str, Any]]] = [
        ("hand_bills", {"asset": "GAS-2", "amount": 90.0, **days}),
        ("hand_bills", {"asset": "MTR-4", "amount": 720.0, **days}),
        ("hand_purchases", {"asset": "ORG-LOW", "quantity": "coal_kg", "bought": 500.0, **days}),
        ("hand_bills", {"asset": "BLD-1", "quantity": "heat_gj", "amount": 12.0, **days}),
    ]
    for hour, value in ((1, 10.0), (17, 34.0), (41, 35.5)):
        cells = {"asset": "GAS-1", "time": datetime(2023, 3, 1, tzinfo=local), "value": value}
        cells["time"] += timedelta(hours=hour)
        entries.append(("hand_readings", cells))
    for form, cells in entries:
        wish = Wish(*drafted({form: [SheetRow(Where("test"), cells)]}, setting))
        enter(scene.services.series, scene.records, wish, setting, Act("test", NOW, {}))


@pytest.fixture
def scene(tmp_path: Path, empty_series: SeriesStore) -> Scene:
    """The estate with its results, in a series store of each kind."""
    made = build_scene(
        tmp_path,
        ESTATE,
        series=empty_series,
        clock=lambda: NOW,
    )
    store_readings(empty_series, made.records, list(_readings()))
    _entered(made)
    analyser = Analyser(empty_series, made.records, lambda: ESTATE, load_rulebook(), Settings())
    analyser.run(NOW)
    return made


def _ask(client: Client, verb: str, subject: str, measure: str, first: int, until: int) -> Any:
    query = {
        "subject": subject,
        "measure": measure,
        "from": at(first).isoformat(),
        "until": at(until).isoformat(),
    }
    answer = client.get(f"/api/v1/consumption/{verb}?{urlencode(query)}")
    assert answer.status_code == 200, (subject, measure, answer.text)
    return answer.json()


def _with_results(series: SeriesStore) -> list[tuple[str, str]]:
    """Every series of results of what passes."""
    table = series.sum_results(Grain.HOUR, None, sorted(COUNTERS), Span(at(0), at(END)))
    return sorted((row["subject"], row["measure"]) for row in table.to_pylist())


def test_every_stored_hour_is_explained_and_every_book_closes(scene: Scene) -> None:
    client = Client(scene.app, scene.bearer)
    found = _with_results(scene.services.series)
    subjects = {subject for subject, _ in found}
    assert {"BLD-1", "ORG-TOP", "R-1", "R-2", "VM-1", "VM-2", "PV-1", "GAS-1"} <= subjects
    assert {"BLD-1/item:A", "BLD-1/item:A1", "BLD-1/hand", "ORG-LOW/hand"} <= subjects
    assert ("MTR-3", "electricity_export_kwh") in found
    for subject, measure in found:
        hours = [
            hour
            for first, until in ((0, 40), (40, END))
            for hour in _ask(client, "explain", subject, measure, first, until)["hours"]
        ]
        assert len(hours) == END
        for hour in hours:
            _assert_explained((subject, measure, hour["start"]), hour)
        known = [hour["stored"]["value"] for hour in hours if hour["stored"]["value"] is not None]
        books = _ask(client, "audit", subject, measure, 0, END)
        assert books["hours"] == len(known), (subject, measure)
        assert books["hours_total"] == pytest.approx(sum(known), rel=1e-9)
        assert books["difference"] == pytest.approx(0, abs=1e-9 * max(abs(books["total"]), 1))


def _assert_explained(name: tuple[str, str, str], hour: dict[str, Any]) -> None:
    """The computed hour is the stored one, and its steps or parts add up to it."""
    stored = hour["stored"]
    if stored["value"] is None:
        assert hour["value"] is None, name
        return
    assert hour["value"] == pytest.approx(stored["value"], rel=1e-9, abs=1e-9), name
    assert hour["quality"] == stored["quality"], name
    steps = [step["use"] for step in hour["steps"] if step["use"] is not None]
    parts = [p["weight"] * p["value"] for p in hour["parts"] if p["value"] is not None]
    assert sum(steps) + sum(parts) == pytest.approx(stored["value"], rel=1e-9, abs=1e-9), name


def test_the_books_of_a_replaced_meter_name_its_devices_and_what_befell_them(scene: Scene) -> None:
    client = Client(scene.app, scene.bearer)
    old, new = _ask(client, "audit", "MTR-1", IMPORT, 0, END)["sections"]
    assert (old["device"], old["opening"]["shown"], old["closing"]["shown"]) == ("old", 990, 10.4)
    assert [event["step"]["rule"] for event in old["events"]] == ["rollover"]
    assert old["passed"] == pytest.approx(20.4 * 40)
    assert (new["device"], new["opening"]["shown"]) == ("new", 500)
    assert [event["step"]["rule"] for event in new["events"]] == ["reset"]
