"""Overuse from the stores: parts, prices, factors and quotas are those that are kept."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from analytics.anomalies.event import Likely
from analytics.consumption.points import Wiring
from analytics.grid import Floats, Key
from analytics.jobs.overusing import Overuse, Overusing
from analytics.jobs.yearquotas import YearQuotas
from analytics.overuse.classes import HourClass
from analytics.overuse.explaining import REST
from analytics.totals.tree import Tree
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Building, Meter, Organisation, Register, Site
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from tests.analytics.overuse.offices import ELECTRICITY, FIRST, ZONE, office
from tests.api.scene import shipped_rulebook

DAYS = 84
BEGINS = 70  # the air conditioning is left on from this day
QUOTA = "BLD-1/db37t2672-city-b-electricity"

REGISTER = Register(
    organisations=[Organisation("ORG-1", "甲机关", "First Office", "party_government", "city")],
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[
        Building("BLD-1", "一号楼", "Building One", "SITE-1", "ORG-1", 1000.0),
        Building("BLD-2", "二号楼", "Building Two", "SITE-1", "ORG-1", 1000.0),
    ],
    meters=[
        Meter("E", "总表", "main", "BLD-1", "electricity"),
        Meter("E-A", "照明", "lighting", "BLD-1", "electricity", "A", "E"),
        Meter("E-B", "空调", "cooling", "BLD-1", "electricity", "B", "E"),
        Meter("W", "水表", "water", "BLD-1", "water"),
        Meter("E2", "总表", "main", "BLD-2", "electricity"),
    ],
)


def day(number: int) -> datetime:
    return local_midnight(FIRST + timedelta(days=number), ZONE)


def rows(subject: str, name: str, values: Floats) -> list[dict[str, object]]:
    first = day(0)
    return [
        {
            "subject": subject, "measure": name, "start": first + n * timedelta(hours=1),
            "value": float(value), "quality": "measured", "coverage": 1.0, "revision": 0,
            "withdrawn": False,
        }
        for n, value in enumerate(values.ravel())
    ]  # fmt: skip


@pytest.fixture(scope="module")
def store() -> MemorySeriesStore:
    """Twelve weeks of an office; in the last two its air conditioning runs through the nights."""
    lighting, cooling, rest = office(DAYS) * 0.5, office(DAYS, 2) * 0.3, office(DAYS, 3) * 0.2
    cooling[BEGINS:, :7] += 12
    cooling[BEGINS:, 19:] += 12
    whole = lighting + cooling + rest
    hours = [
        *rows("BLD-1", ELECTRICITY, whole),
        *rows("E", ELECTRICITY, whole),
        *rows("E-A", ELECTRICITY, lighting),
        *rows("E-B", ELECTRICITY, cooling),
        *rows("BLD-2", ELECTRICITY, office(DAYS, 4)),
        *rows("ORG-1", ELECTRICITY, whole + office(DAYS, 4)),
        *rows("BLD-1", "electricity_cost_cny", whole * 0.8),
        *rows("SITE-1", "outdoor_temperature_c", 20 + np.sin(np.arange(DAYS * 24) / 24)),
    ]
    limit = rows(QUOTA.partition("/")[0], "quota_limit_kwh", np.array([40_000.0]))
    limit[0] |= {"subject": QUOTA, "start": day(DAYS - 2)}
    series = MemorySeriesStore()
    series.write_results(Grain.HOUR, pa.Table.from_pylist(hours, RESULTS))
    series.write_results(Grain.DAY, pa.Table.from_pylist(limit, RESULTS))
    return series


@pytest.fixture(scope="module")
def overusing(
    store: MemorySeriesStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Overusing]:
    records = open_records("sqlite", tmp_path_factory.mktemp("overuse"))
    yield Overusing(store, records, Tree(Wiring(REGISTER), ZONE), shipped_rulebook())
    records.dispose()


SPAN = Span(day(BEGINS), day(DAYS))


@pytest.fixture(scope="module")
def found(overusing: Overusing) -> Overuse:
    return overusing.explain(Key("BLD-1", ELECTRICITY), SPAN, lambda _: True)


def test_the_sub_meter_and_the_nights_come_first(found: Overuse) -> None:
    assert found.explanation is not None
    top = found.explanation.ranking[0]
    assert (top.subject, top.hour_class) == ("E-B", HourClass.NIGHT)
    assert {p.subject for p in found.explanation.parts} == {"E-A", "E-B", REST}
    assert found.explanation.whole.amount == pytest.approx(14 * 12 * 12, rel=0.1)
    assert found.high < found.explanation.whole.use


def test_money_carbon_and_quota_are_those_that_are_kept(found: Overuse) -> None:
    assert found.explanation is not None
    whole = found.explanation.whole
    assert whole.cny == pytest.approx(0.8 * whole.amount)
    assert whole.quota_share == pytest.approx(whole.amount / 40_000)
    grid = shipped_rulebook().grid_factor("shandong", 2023)
    assert whole.kgco2 == pytest.approx(whole.amount * grid.kgco2_per_kwh)


def test_what_keeps_happening_is_told_of_the_sub_meter_alone(found: Overuse) -> None:
    (one,) = found.patterns
    assert (one.subject, one.likely, one.open) == ("E-B", Likely.NIGHT_RUNNING, True)
    context = found.contexts[Key("E-B", ELECTRICITY)]
    assert context.what["en"] == "the air conditioning of Building One"
    assert context.quota == 40_000
    assert context.cny_per_unit == pytest.approx(0.8)


def test_the_baseline_had_seen_nothing_of_the_span(found: Overuse) -> None:
    assert {basis.subject for basis in found.bases} == {"BLD-1", "E-A", "E-B"}
    assert all(basis.learnt_until < SPAN.start for basis in found.bases)
    assert all(basis.version is None for basis in found.bases)


def test_what_is_out_of_reach_is_in_the_rest(overusing: Overusing) -> None:
    found = overusing.explain(Key("BLD-1", ELECTRICITY), SPAN, lambda code: code != "E-B")
    assert found.explanation is not None
    assert {p.subject for p in found.explanation.parts} == {"E-A", REST}
    assert found.explanation.ranking[0].subject == REST


def test_an_organisation_is_expected_to_use_what_its_buildings_are(overusing: Overusing) -> None:
    found = overusing.explain(Key("ORG-1", ELECTRICITY), SPAN, lambda _: True)
    assert found.explanation is not None
    by_name = {part.subject: part.whole for part in found.explanation.parts}
    assert by_name[REST].amount == pytest.approx(0.0, abs=1e-6)
    assert found.explanation.ranking[0].subject == "BLD-1"
    assert np.isnan(found.high)


def test_too_little_from_before_is_said(overusing: Overusing) -> None:
    early = Span(day(10), day(20))
    found = overusing.explain(Key("BLD-1", ELECTRICITY), early, lambda _: True)
    assert found.explanation is None
    assert {f.code for f in found.findings} == {"baseline_insufficient"}


def test_what_was_never_measured_has_no_explanation(overusing: Overusing) -> None:
    found = overusing.explain(Key("BLD-1", "water_m3"), SPAN, lambda _: True)
    assert (found.explanation, found.patterns) == (None, ())


def test_quotas_in_the_unit_of_a_measure(store: MemorySeriesStore) -> None:
    book, now = shipped_rulebook(), datetime(2023, 6, 1, tzinfo=UTC)
    quotas = YearQuotas.read(store, REGISTER, book, now)
    assert quotas.quota_of(Key("E-B", ELECTRICITY)) == 40_000
    assert quotas.quota_of(Key("BLD-1/item:B", ELECTRICITY)) == 40_000
    assert quotas.quota_of(Key("BLD-2", ELECTRICITY)) is None
    assert quotas.quota_of(Key("BLD-1", "water_m3")) is None
    long_after = local_midnight(date(2024, 1, 1), ZONE)
    assert (
        YearQuotas.read(store, REGISTER, book, long_after).quota_of(Key("E", ELECTRICITY)) is None
    )
