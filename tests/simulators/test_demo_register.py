"""The demo's register: complete, in both languages, and what the simulators play."""

import pytest

from quotawatt.geography.fences import fence_of
from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.register.model import Organisation, Register
from quotawatt.rulebook.loader import load_rulebook
from simulators.cast import CHARGES_AT, DEMO_REGISTER, DIALECTS, FAULTS, MODELS, VEHICLES
from simulators.dispatching import station_of
from simulators.roads import station_at


@pytest.fixture(scope="module")
def register() -> Register:
    return read_csv_folder(DEMO_REGISTER)


def test_it_imports_and_has_the_cast(register: Register) -> None:
    assert len(register.organisations) == 3
    assert len(register.buildings) == 6
    assert 20 <= len(register.meters) <= 30
    assert len(register.pv_plants) == 1
    assert [v.energy for v in register.vehicles.values()].count("electric") == 2
    assert len(register.vehicles) == 6
    uses = [fence.use for fence in register.geofences.values()]
    assert (uses.count("parking"), uses.count("station"), uses.count("permitted")) == (3, 3, 1)
    assert {m.item for m in register.meters.values()} == {"", "A", "B", "C", "D"}
    assert {m.carrier for m in register.meters.values()} == {"electricity", "water", "heat"}


def test_names_are_in_both_languages(register: Register) -> None:
    for asset in register.assets.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in asset.name_zh), asset.code
        assert asset.name_en.isascii(), asset.code
        assert asset.name_en
        if isinstance(asset, Organisation):
            assert asset.owner_zh
            assert asset.owner_en


def test_the_upper_organisation_has_the_others_below_it(register: Register) -> None:
    assert set(register.sub_organisations("ORG-OAB")) == set(register.organisations)
    for organisation in register.organisations:
        assert register.buildings_of(organisation)
        assert register.vehicles_of(organisation)


def test_every_measured_asset_has_a_device(register: Register) -> None:
    measured = {*register.meters, *register.pv_plants, *register.vehicles, *register.sites}
    for code in measured:
        live = [b for b in register.bindings_of(code) if b.valid_until is None]
        assert len(live) == 1, code
        assert not live[0].device.startswith("asset:")


def test_base_values_are_there_for_all_and_say_that_they_are_invented(register: Register) -> None:
    held = {value.asset for value in register.base_values}
    assert held == {*register.organisations, *register.buildings}
    assert all("invented" in v.source and "虚构" in v.source for v in register.base_values)


def test_the_models_are_those_of_the_register(register: Register) -> None:
    assert set(MODELS) == set(register.buildings)
    assert set(VEHICLES) == set(register.vehicles)
    assert set(CHARGES_AT.values()) <= set(register.buildings)
    assert set(DIALECTS) <= set(register.meters)
    assert {fault.asset for fault in FAULTS} <= set(register.assets)
    for code, model in VEHICLES.items():
        vehicle = register.vehicles[code]
        assert model.electric == (vehicle.energy == "electric")
        assert model.store == (vehicle.battery_kwh if model.electric else vehicle.tank_l)


def test_vehicles_stand_in_the_car_park_that_the_register_says(register: Register) -> None:
    for code, model in VEHICLES.items():
        vehicle = register.vehicles[code]
        assert vehicle.home_area is not None
        assert vehicle.permitted_area == "GEO-CITY"
        base = model.base_latitude_deg, model.base_longitude_deg
        assert fence_of(register.geofences[vehicle.home_area]).contains(*base)
        station = fence_of(register.geofences[station_of(code)])
        assert station.contains(*station_at(*base))
        assert vehicle.quota_l_per_100km or vehicle.quota_kwh_per_100km


def test_rooms_equipment_and_norms_have_something_to_show(register: Register) -> None:
    assert {space.building for space in register.spaces.values()} <= set(register.buildings)
    assert {p.organisation for p in register.equipment.values()} == set(register.organisations)
    served = {m.serves for m in register.meters.values() if m.serves is not None}
    assert served == {"EQP-ARCHIVE-RH", "EQP-EDU-NET"}
    idle = [a.code for a in register.assets.values() if a.status == "idle"]
    assert idle == ["SPC-DRC-2-204", "EQP-DRC-COPIER-2"]
    kinds = set(load_rulebook().asset_kinds)
    assert {piece.kind for piece in register.equipment.values()} <= kinds
    quotas = {o.code: o.vehicle_quota for o in register.organisations.values()}
    held = {
        code: len([v for v in register.vehicles.values() if v.organisation == code])
        for code in quotas
    }
    assert [code for code, quota in quotas.items() if quota is not None and held[code] > quota] == [
        "ORG-EDU"
    ]
