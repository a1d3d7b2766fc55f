"""Units and their conversion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.units import UNITS, canonical, conversion, unit
from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES


@pytest.mark.parametrize(
    ("value", "name", "quantity", "expected"),
    [
        (1500, "Wh", "electricity_import_kwh", 1.5),
        (60_000, "Wmin", "electricity_import_kwh", 1),
        (3.6, "MJ", "electricity_import_kwh", 1),
        (1000, "kWh", "heat_gj", 3.6),
        (2, "MWh", "cooling_gj", 7.2),
        (250, "W", "electricity_power_kw", 0.25),
        (74, "mA", "current_a", 0.074),
        (44, "%", "power_factor", 0.44),
        (0.55, "ratio", "battery_soc_pct", 55),
        (100, "°F", "temperature_c", 37.77777777777778),
        (32, "F", "outdoor_temperature_c", 0),
        (0, "K", "temperature_c", -273.15),
        (21.5, "C", "indoor_temperature_c", 21.5),
        (1000, "L", "water_m3", 1),
        (1, "ft3", "gas_m3", 0.028316846592),
        (1, "gal", "fuel_used_l", 3.785411784),
        (60, "L/min", "water_flow_m3h", 3.6),
        (10, "m/s", "speed_kmh", 36),
        (10, "knots", "speed_kmh", 18.52),
        (100, "mi", "odometer_km", 160.9344),
        (12_345, "m", "odometer_km", 12.345),
        (3, "t", "coal_kg", 3000),
        (2, "klx", "illuminance_lx", 2000),
        (50, "1/s", "engine_rpm", 3000),
        (5, "kvarh", "electricity_reactive_import_kvarh", 5),
    ],
)
def test_conversion(value: float, name: str, quantity: str, expected: float) -> None:
    found = conversion(name, quantity)
    assert found is not None
    assert value * found.factor + found.offset == pytest.approx(expected, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "quantity"),
    [("W", "electricity_import_kwh"), ("kWh", "electricity_power_kw"), ("var", "electricity_power_kw"),
     ("VA", "electricity_power_kw"), ("m3/h", "water_m3"), ("V", "current_a"), ("Hz", "engine_rpm"),
     ("VAh", "electricity_import_kwh"), ("dB", "rssi_dbm"), ("bar", "temperature_c")],
)  # fmt: skip
def test_a_unit_of_another_dimension_converts_nothing(name: str, quantity: str) -> None:
    assert conversion(name, quantity) is None


def test_an_unknown_unit_is_refused_with_the_rule_first() -> None:
    with pytest.raises(InputError, match=r"^a unit must be .*, got 'florps'"):
        conversion("florps", "water_m3")


@pytest.mark.parametrize(
    ("name", "same"),
    [("kwh", "kWh"), ("KW", "kW"), ("m³", "m3"), ("㎥", "m3"), ("m^3", "m3"), ("℃", "°C"), ("Kwh", "kWh"),
     (" V ", "V"), ("W·min", "Wmin"), ("千瓦时", "kWh"), ("M3/H", "m3/h")],
)  # fmt: skip
def test_other_spellings(name: str, same: str) -> None:
    assert unit(name) == unit(same) is not None


@pytest.mark.parametrize("name", ["MHZ", "mw" * 2, "", "度", "kmwh"])
def test_what_could_be_two_units_is_none(name: str) -> None:
    assert unit(name) is None
    assert unit("mW") != unit("MW")


def test_every_quantity_has_a_unit_that_leaves_it_as_it_is() -> None:
    for name, line in QUANTITIES.items():
        assert canonical(name).factor > 0
        assert conversion(line.unit, name) == (1.0, 0.0)


@given(st.sampled_from(sorted(UNITS)), st.floats(-1e9, 1e9))
def test_there_and_back(name: str, value: float) -> None:
    found = unit(name)
    assert found is not None
    base = value * float(found.factor) + float(found.offset)
    assert (base - float(found.offset)) / float(found.factor) == pytest.approx(
        value, rel=1e-9, abs=1e-6
    )


@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_none(name: str) -> None:
    assert unit(name) is None or unit(name) in UNITS.values()
