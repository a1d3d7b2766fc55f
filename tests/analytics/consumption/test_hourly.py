"""Counter readings to hourly use, gauges to hourly means."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.consumption.cleaning import clean
from analytics.consumption.hourly import hourly_use
from analytics.consumption.points import Wiring
from analytics.grid import Key
from quotawatt.readings import Quality, readings_table
from quotawatt.register.model import PvPlant
from quotawatt.spans import Span
from tests.analytics.builders import (
    FAR,
    IMPORT,
    TEMPERATURE,
    at,
    binding,
    meter,
    reading,
    register,
    shuffled,
    use_of,
)


def test_hour_boundaries_are_interpolated() -> None:
    # 20 kWh between 00:30 and 01:30: 10 in each hour; each hour is known for its half.
    use, _ = use_of([reading(at(0.5), 100), reading(at(1.5), 120)], hours=2)
    assert use.value.tolist() == [[10.0, 10.0]]
    assert use.coverage.tolist() == [[0.5, 0.5]]
    assert not use.estimated.any()


def test_gap_is_spread_as_an_estimate_and_its_total_is_exact() -> None:
    use, _ = use_of([reading(at(0), 100), reading(at(5), 150), reading(at(6), 161)], hours=6)
    assert use.value[0].tolist() == [10.0] * 5 + [11.0]
    assert use.estimated[0].tolist() == [True] * 5 + [False]
    assert use.coverage[0].tolist() == [1.0] * 6


def test_hours_without_readings_have_no_result() -> None:
    use, _ = use_of([reading(at(2), 100), reading(at(3), 110)], hours=5)
    assert np.isnan(use.value[0]).tolist() == [True, True, False, True, True]
    assert use.coverage[0].tolist() == [0, 0, 1, 0, 0]


def test_zero_use_is_a_result() -> None:
    use, _ = use_of([reading(at(0), 100), reading(at(1), 100)], hours=1)
    assert use.value.tolist() == [[0.0]]


def test_multiplier_applies() -> None:
    # A CT of 40: 2 on the register are 80 kWh.
    of = register(binding(multiplier=40.0))
    use, _ = use_of([reading(at(0), 10), reading(at(1), 12)], hours=1, of=of)
    assert use.value.tolist() == [[80.0]]


def test_register_size_is_before_the_multiplier() -> None:
    # 9_998 -> 1 over 10_000 is 3 on the register: 30 kWh.
    of = register(binding(multiplier=10.0, register_size=10_000.0))
    values = [9_997, 9_998, 1, 2]
    use, _ = use_of([reading(at(h), v) for h, v in enumerate(values)], hours=3, of=of)
    assert use.value[0].tolist() == [10.0, 30.0, 10.0]


def test_suspect_and_superseded_readings_are_not_used() -> None:
    rows = [
        reading(at(0), 100),
        reading(at(0.5), 7_000, quality=Quality.SUSPECT),
        reading(at(1), 900),
        reading(at(1), 110, revision=1),
    ]
    use, found = use_of(rows, hours=1)
    assert use.value.tolist() == [[10.0]]
    assert found == []


def test_a_suspect_rival_does_not_displace_a_reading_and_a_suspect_correction_does() -> None:
    rows = [
        reading(at(0), 100),
        reading(at(1), 104),
        reading(at(1), 1e300, quality=Quality.SUSPECT),
        reading(at(2), 110),
        reading(at(2), -1, revision=1, quality=Quality.SUSPECT),
        reading(at(1), 1, "other", quality=Quality.SUSPECT),
        reading(at(1), 7, "third"),
    ]
    for order in (rows, rows[::-1]):
        held = clean(readings_table(order), FAR)
        assert [key.device for key in held.series] == ["dev", "third"]
        assert held.offsets.tolist() == [0, 2, 3]
        assert held.value.tolist() == [100, 104, 7]
    assert clean(readings_table(rows[5:6]), FAR).offsets.tolist() == [0]


def test_swap_with_end_and_start_readings_loses_nothing() -> None:
    # The old meter ends at 4 h with 140, the new one starts at 0 then.
    of = register(
        binding("old", valid_until=at(4)),
        binding("new", valid_from=at(4)),
    )
    old = [reading(at(h), 100 + 10 * h, "old") for h in range(5)]
    new = [reading(at(h), 3 * (h - 4), "new") for h in range(4, 8)]
    use, found = use_of([*old, *new], hours=7, of=of)
    assert use.value[0].tolist() == [10, 10, 10, 10, 3, 3, 3]
    assert use.coverage[0].tolist() == [1] * 7
    assert found == []


def test_swap_without_end_reading_invents_nothing() -> None:
    of = register(
        binding("old", valid_until=at(2.5)),
        binding("new", valid_from=at(2.5)),
    )
    rows = [reading(at(h), 10 * h, "old") for h in range(3)]
    rows += [reading(at(h), 5_000 + 4 * h, "new") for h in (3, 4, 5)]
    use, _ = use_of(rows, hours=5, of=of)
    assert use.value[0, :2].tolist() == [10, 10]
    assert np.isnan(use.value[0, 2])
    assert use.value[0, 3:].tolist() == [4, 4]


def test_phases_add_up_and_a_silent_one_shows_in_the_coverage() -> None:
    of = register(*(binding(channel=c) for c in "abc"))
    rows = [reading(at(h), 10 * h, channel=c) for h in range(3) for c in "abc"]
    use, _ = use_of(rows, hours=2, of=of)
    assert use.value[0].tolist() == [30, 30]
    assert use.coverage[0].tolist() == [1, 1]
    without = [r for r in rows if r.channel != "c"]
    use, _ = use_of(without, hours=2, of=of)
    assert use.value[0].tolist() == [20, 20]
    assert use.coverage[0] == pytest.approx([2 / 3, 2 / 3])


def test_binding_of_one_quantity_goes_before_one_of_all() -> None:
    # The device's import is the plant's generation; everything else is the meter's.
    of = register(
        binding(asset="MTR-1"),
        binding(asset="PV-1", quantity=IMPORT, point_quantity="pv_generation_kwh"),
        pv_plants=[PvPlant("PV-1", "伏", "PV", "BLD-1", 50.0)],
    )
    points = [Key("MTR-1", IMPORT), Key("PV-1", "pv_generation_kwh")]
    use, _ = use_of([reading(at(0), 1), reading(at(1), 6)], hours=1, of=of, points=points)
    assert np.isnan(use.value[0, 0])
    assert use.value[1, 0] == 5


def test_heat_meter_is_rated_in_kilowatts() -> None:
    # 100 kW are 0.36 GJ an hour; 2 GJ exceed 0.36 x 1.2 + 1 unit.
    of = register(binding(), meters=[meter(carrier="heat")])
    rows = [reading(at(h), v, quantity="heat_gj") for h, v in enumerate([10, 11, 13, 13.2])]
    _, found = use_of(rows, hours=3, of=of, points=[Key("MTR-1", "heat_gj")])
    assert [f.code for f in found] == ["counter_above_rating"]
    assert found[0].detail["heat_gj"] == 13
    assert found[0].detail["heat_gj_before"] == 11


def test_finding_names_asset_device_and_values() -> None:
    values = [100, 110, 3, 115]
    _, found = use_of([reading(at(h), v) for h, v in enumerate(values)], hours=3)
    assert len(found) == 1
    assert found[0].code == "counter_glitch"
    assert found[0].subject == "MTR-1"
    assert found[0].detail["device"] == "dev"
    assert found[0].detail["at"] == at(2).isoformat()
    assert found[0].detail[IMPORT] == 3
    assert found[0].detail[f"{IMPORT}_before"] == 110


def test_gauge_has_the_mean_of_its_hour() -> None:
    of = register(binding("weather", "SITE-1"))
    key = Key("SITE-1", TEMPERATURE)
    values = {0.0: 10, 0.25: 12, 1.0: 20, 3.5: 4}
    rows = [reading(at(h), v, "weather", TEMPERATURE) for h, v in values.items()]
    use, _ = use_of(rows, hours=4, of=of, points=[key])
    assert use.value[0, [0, 1, 3]].tolist() == [11, 20, 4]
    assert np.isnan(use.value[0, 2])
    assert use.coverage[0].tolist() == [1, 1, 0, 1]


def test_closing_gauge_reading_belongs_to_the_next_binding() -> None:
    of = register(binding("weather", "SITE-1", valid_until=at(1)))
    rows = [reading(at(h), 5, "weather", TEMPERATURE) for h in (0, 1)]
    use, _ = use_of(rows, hours=2, of=of, points=[Key("SITE-1", TEMPERATURE)])
    assert np.isnan(use.value[0]).tolist() == [False, True]


def test_nothing_in_nothing_out() -> None:
    use, found = use_of([], hours=3)
    assert np.isnan(use.value).all()
    assert found == []


instants = st.lists(st.integers(0, 10 * 24 * 60), min_size=2, max_size=40, unique=True).map(sorted)


@given(minutes=instants, data=st.data())
def test_totals_over_any_partition_agree(minutes: list[int], data: st.DataObject) -> None:
    steps = data.draw(st.lists(st.floats(0, 1), min_size=len(minutes), max_size=len(minutes)))
    values = 5_000 + np.cumsum(steps)
    rows = [reading(at(m / 60), float(v)) for m, v in zip(minutes, values, strict=True)]
    whole, _ = use_of(rows, hours=241)
    total = np.nansum(whole.value)
    assert total == pytest.approx(values[-1] - values[0], rel=1e-9, abs=1e-6 * 1e-3)
    cut = data.draw(st.integers(1, 240))
    before, _ = use_of(rows, hours=cut)
    after, _ = use_of(rows, hours=241, first=cut)
    parts = np.concatenate([before.value[0], after.value[0]])
    assert parts == pytest.approx(whole.value[0], rel=1e-9, nan_ok=True)


@given(
    st.permutations(range(12)),
    st.permutations([100, 110, 3, 140, 150, 9_000, 160, 5, 9, 12, 12, 20]),
)
def test_order_of_arrival_does_not_matter(order: list[int], values: list[int]) -> None:
    rows = readings_table([reading(at(h / 2), v) for h, v in enumerate(values)])
    wiring, span = Wiring(register()), Span(at(0), at(6))

    def result(table: object) -> list[float]:
        use, _ = hourly_use(clean(table, FAR), wiring, [Key("MTR-1", IMPORT)], span)  # type: ignore[arg-type]
        return np.nan_to_num(use.value[0], nan=-1).tolist()

    assert result(shuffled(rows, order)) == result(rows)


def test_readings_after_the_limit_are_not_seen() -> None:
    rows = readings_table([reading(at(h), 10 * h) for h in range(5)])
    held = clean(rows, at(2))
    assert len(held.value) == 3
    assert len(clean(rows, at(2) - timedelta(microseconds=1)).value) == 2
