"""Virtual meters, rooms and items through the analyser: late data, changes of the register and of clocks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from analytics.jobs import Analyser
from analytics.jobs.loading import series_with_readings
from analytics.jobs.reconciling import Reconciler
from quotawatt.measures import MEASURES
from quotawatt.readings import Grain, Reading, SeriesKey
from quotawatt.register.model import Register, Space, VirtualMeter
from quotawatt.register.operations import change
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.register.rows import records_of
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.intake import store_readings
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.tables import findings
from tests.analytics.builders import IMPORT, binding, meter, reading, register

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2023, 1, 31, 16, tzinfo=UTC)  # 1 February in Shanghai
EVER = Span(datetime(2010, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
KW = {"M": 10.0, "A": 4.0, "B": 3.0}

Rows = dict[tuple[str, str, datetime], tuple[float, str, float]]


def virtual(code: str, formula: str, serves: str | None = None) -> VirtualMeter:
    return VirtualMeter(code, code, code, "BLD-1", IMPORT, formula, serves)


def house(*virtuals: VirtualMeter, zone: str = "Asia/Shanghai") -> Register:
    """A main meter of 10 kW, sub-meters of 4 kW (item A1, serves R-1) and 3 kW (item B), two rooms."""
    meters = [
        meter("M"),
        meter("A", parent="M", item="A1", serves="R-1"),
        meter("B", parent="M", item="B"),
    ]
    base = register(*(binding(f"d-{m.code}", m.code) for m in meters), meters=meters, zone=zone)
    rooms = [
        Space("R-1", "一", "One", "BLD-1", "office", 20.0),
        Space("R-2", "二", "Two", "BLD-1", "office", 60.0),
    ]
    return Register(**{**records_of(base), "spaces": rooms, "virtual_meters": list(virtuals)})


USUAL = (
    virtual("REST", "M - A - B"),
    virtual("SHARE", "share(REST, area, R-2)", "R-2"),
    virtual("GHOST", "M - NOBODY"),
)


@dataclass
class Bench:
    """Stores and what works on them."""

    series: SeriesStore
    records: Engine

    def save(self, book: Register) -> None:
        save_register(self.records, book, actor="test", at=START)

    def analyser(self, zone: str = "Asia/Shanghai") -> Analyser:
        source = RegisterSource(self.records, check_every_s=0)
        return Analyser(self.series, self.records, source, Rulebook(), Settings(timezone=zone))

    def take_in(self, readings: Iterable[Reading]) -> None:
        store_readings(self.series, self.records, list(readings))

    def rows(self, grain: Grain) -> Rows:
        table = self.series.read_results(grain, None, list(MEASURES), EVER)
        return {
            (r["subject"], r["measure"], r["start"]): (r["value"], r["quality"], r["coverage"])
            for r in table.to_pylist()
        }

    def days(self, subject: str) -> list[float]:
        return [v[0] for (s, m, _), v in sorted(self.rows(Grain.DAY).items()) if s == subject]

    def checked(self, now: datetime) -> set[str]:
        """What the check of the books says is below zero."""
        source = RegisterSource(self.records, check_every_s=0)
        Reconciler(self.series, self.records, source, Rulebook(), Settings()).run(now)
        told = select(findings).where(findings.c.code == "virtual_negative")
        with self.records.connect() as conn:
            return {r.subject for r in conn.execute(told.where(findings.c.state == "open"))}


@pytest.fixture
def bench(records: Engine) -> Bench:
    return Bench(MemorySeriesStore(), records)


def hourly(
    first: int, until: int, of: Iterable[str] = KW, start: datetime = START
) -> list[Reading]:
    """Counters at full hours, from one hour after ``start`` to another, both included."""
    return [
        reading(start + n * HOUR, 100 + KW[code] * n, f"d-{code}")
        for code in of
        for n in range(first, until + 1)
    ]


def assert_same(one: dict[Grain, Rows], other: dict[Grain, Rows]) -> None:
    for grain in Grain:
        assert one[grain].keys() == other[grain].keys()
        for key, (value, quality, coverage) in one[grain].items():
            assert other[grain][key][0] == pytest.approx(value, rel=1e-12, abs=1e-9), key
            assert other[grain][key][1:] == (quality, pytest.approx(coverage)), key


def everything(bench: Bench) -> dict[Grain, Rows]:
    return {grain: bench.rows(grain) for grain in Grain}


def test_all_of_them_have_hours_days_and_months(bench: Bench) -> None:
    bench.save(house(*USUAL))
    bench.take_in(hourly(0, 48))
    bench.analyser().run(START + 2 * DAY)
    for subject, kw in (
        ("REST", 3.0), ("SHARE", 2.25), ("R-2", 2.25), ("R-1", 4.0),
        ("BLD-1/item:A", 4.0), ("BLD-1/item:A1", 4.0), ("BLD-1/item:B", 3.0), ("BLD-1", 10.0),
    ):  # fmt: skip
        assert bench.days(subject) == pytest.approx([24 * kw, 24 * kw]), subject
        assert bench.rows(Grain.MONTH)[subject, IMPORT, START][0] == pytest.approx(48 * kw)
    assert bench.days("GHOST") == []


def test_late_data_reaches_them_and_recomputing_says_the_same(bench: Bench) -> None:
    bench.save(house(*USUAL))
    analyser = bench.analyser()
    bench.take_in(hourly(0, 72, of=("M", "A")))
    analyser.run(START + 3 * DAY)
    # Nothing is left of a difference while a meter in it has said nothing.
    assert bench.days("REST") == []
    for day in (2, 0, 1):
        bench.take_in(hourly(24 * day, 24 * day + 24, of=("B",)))
        analyser.run(START + 3 * DAY)
    assert bench.days("REST") == pytest.approx([72.0] * 3)
    increments = everything(bench)
    analyser.recompute(Span(START - 9 * DAY, START + 9 * DAY), START + 3 * DAY)
    assert_same(increments, everything(bench))
    other = MemorySeriesStore()
    other.write_readings(bench.series.read_readings(_all_series(bench), EVER))
    fresh = Bench(other, bench.records)
    fresh.analyser().recompute(Span(START - 9 * DAY, START + 9 * DAY), START + 3 * DAY)
    assert_same(increments, everything(fresh))


def _all_series(bench: Bench) -> list[SeriesKey]:
    return series_with_readings(bench.series, START + 99 * DAY)


@pytest.mark.parametrize(
    ("edit", "subject", "expected"),
    [
        (lambda b: change(b, "REST", {"formula": "M - A"}, date(2023, 2, 2)), "REST", [72, 144]),
        (lambda b: change(b, "R-1", {"area_m2": 60.0}, date(2023, 2, 2)), "SHARE", [54, 36]),
        (lambda b: change(b, "A", {"serves": "R-2"}, date(2023, 2, 2)), "R-2", [54, 150]),
        (lambda b: change(b, "A", {"serves": "R-2"}, date(2023, 2, 2)), "R-1", [96]),
        (lambda b: change(b, "A", {"item": "C"}, date(2023, 2, 2)), "BLD-1/item:A", [96]),
        (lambda b: change(b, "REST", {"status": "disposed"}, date(2023, 2, 2)), "SHARE", [54]),
        (lambda b: change(b, "GHOST", {"formula": "2*B"}, date(2023, 2, 2)), "GHOST", [144]),
    ],
)
def test_a_change_of_the_register_recomputes_what_rests_on_it(
    bench: Bench, edit: Callable[[Register], Register], subject: str, expected: list[float]
) -> None:
    book = house(*USUAL)
    bench.save(book)
    analyser = bench.analyser()
    bench.take_in(hourly(0, 48))
    analyser.run(START + 2 * DAY)
    bench.save(edit(book))
    analyser.run(START + 2 * DAY)
    assert bench.days(subject) == pytest.approx(expected)
    increments = everything(bench)
    analyser.recompute(Span(START - DAY, START + 2 * DAY), START + 2 * DAY)
    assert_same(increments, everything(bench))


def test_a_virtual_meter_that_comes_has_the_past_and_one_that_goes_has_none(bench: Bench) -> None:
    bench.save(house())
    analyser = bench.analyser()
    bench.take_in(hourly(0, 48))
    analyser.run(START + 2 * DAY)
    assert bench.days("REST") == []
    bench.save(house(*USUAL))
    analyser.run(START + 2 * DAY)
    assert bench.days("REST") == pytest.approx([72, 72])
    bench.save(house())
    analyser.run(START + 2 * DAY)
    assert (bench.days("REST"), bench.days("R-2")) == ([], [])
    assert bench.days("R-1") == pytest.approx([96, 96])


def test_a_room_that_a_device_feeds_itself_keeps_what_it_says(bench: Bench) -> None:
    book = house(*USUAL)
    fed = Space("R-3", "三", "Three", "BLD-1", "office")
    direct = binding("d-R", "R-3")
    records = {**records_of(book), "spaces": [*book.spaces.values(), fed]}
    bench.save(Register(**{**records, "bindings": [*book.bindings, direct]}))
    bench.take_in([*hourly(0, 48), *(reading(START + n * HOUR, 2.0 * n, "d-R") for n in range(49))])
    analyser = bench.analyser()
    analyser.run(START + 2 * DAY)
    assert bench.days("R-3") == pytest.approx([48, 48])
    increments = everything(bench)
    analyser.recompute(Span(START - DAY, START + 2 * DAY), START + 2 * DAY)
    assert_same(increments, everything(bench))


def test_a_day_below_zero_stays_and_is_told(bench: Bench) -> None:
    bench.save(house(virtual("WRONG", "B - A"), virtual("NEAR", "A + B - 0.701*M")))
    bench.take_in(hourly(0, 48))
    bench.analyser().run(START + 2 * DAY)
    assert bench.days("WRONG") == pytest.approx([-24, -24])
    assert bench.days("NEAR") == pytest.approx([-0.24, -0.24])
    assert bench.checked(START + 2 * DAY) == {"WRONG"}


def test_a_virtual_meter_below_zero_is_told_until_it_is_mended(bench: Bench) -> None:
    book = house(virtual("WRONG", "B - A"))
    bench.save(book)
    bench.take_in(hourly(0, 72))
    bench.analyser().run(START + 2 * DAY)
    assert bench.checked(START + 2 * DAY) == {"WRONG"}
    # From the second day on the formula is right: the first day stays as it was, and is told for a week.
    bench.save(change(book, "WRONG", {"formula": "A - B"}, date(2023, 2, 2)))
    bench.analyser().run(START + 2 * DAY)
    assert bench.days("WRONG") == pytest.approx([-24, 24])
    assert bench.checked(START + 3 * DAY) == {"WRONG"}
    assert bench.checked(START + 8 * DAY) == set()
    # Right from the beginning: nothing is left to tell.
    bench.save(house(virtual("WRONG", "A - B")))
    bench.analyser().run(START + 3 * DAY)
    assert bench.checked(START + 3 * DAY) == set()


@pytest.mark.parametrize(
    ("first", "lengths"),
    [(date(2023, 3, 25), [24, 23, 24]), (date(2023, 10, 28), [24, 25, 24])],
)
def test_days_are_local_when_clocks_change(bench: Bench, first: date, lengths: list[int]) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    bench.save(house(*USUAL, zone="Europe/Berlin"))
    start = local_midnight(first, berlin)
    bench.take_in(hourly(0, sum(lengths), start=start))
    analyser = bench.analyser("Europe/Berlin")
    for day in range(1, 4):
        analyser.run(local_midnight(first + day * DAY, berlin))
    starts = [local_midnight(first + day * DAY, berlin) for day in range(3)]
    for subject, kw in (
        ("M", 10.0), ("BLD-1", 10.0), ("ORG-TOP", 10.0), ("REST", 3.0), ("SHARE", 2.25),
        ("R-2", 2.25), ("BLD-1/item:A", 4.0),
    ):  # fmt: skip
        found = {
            s: v for (x, m, s), v in bench.rows(Grain.DAY).items() if (x, m) == (subject, IMPORT)
        }
        assert sorted(found) == starts, subject
        values, covered = zip(*((found[s][0], found[s][2]) for s in starts), strict=True)
        assert list(values) == pytest.approx([kw * hours for hours in lengths]), subject
        assert list(covered) == pytest.approx([1.0] * 3), subject
    increments = everything(bench)
    analyser.recompute(Span(start - DAY, start + 9 * DAY), start + 3 * DAY + HOUR)
    assert_same(increments, everything(bench))


def test_every_store_keeps_them_whatever_their_codes(
    empty_series: SeriesStore, records: Engine
) -> None:
    bench = Bench(empty_series, records)
    room = Space("一层-101室", "一", "One", "BLD-1", "office", 20.0)
    rest = virtual("虚拟.其余_1", "M － A − B", "一层-101室")
    book = house(*USUAL, rest)
    bench.save(Register(**{**records_of(book), "spaces": [*book.spaces.values(), room]}))
    bench.take_in(hourly(0, 48))
    analyser = bench.analyser()
    analyser.run(START + 2 * DAY)
    for subject, kw in (
        ("虚拟.其余_1", 3.0), ("一层-101室", 3.0), ("R-1", 4.0), ("BLD-1/item:A1", 4.0), ("REST", 3.0),
    ):  # fmt: skip
        assert bench.days(subject) == pytest.approx([24 * kw, 24 * kw]), subject
        (total,) = empty_series.sum_results(Grain.MONTH, [subject], [IMPORT], EVER).to_pylist()
        assert total["value"] == pytest.approx(48 * kw)
    increments = everything(bench)
    analyser.recompute(Span(START - DAY, START + 9 * DAY), START + 2 * DAY)
    assert_same(increments, everything(bench))
