"""What is never commanded, whatever a rule says."""

from dataclasses import replace

import pytest

from alerts.commanding.never import never, why_never
from quotawatt.register.model import Equipment, Meter, Organisation, Register, Space, Vehicle
from tests.alerts.commanding.scene import REGISTER


def with_meter(**changes: object) -> Register:
    return with_assets(meter=replace(REGISTER.meters["MTR-A"], code="X", **changes))  # type: ignore[arg-type]


def with_assets(
    meter: Meter | None = None,
    equipment: Equipment | None = None,
    space: Space | None = None,
    kind: str = "party_government",
) -> Register:
    return Register(
        organisations=[Organisation("ORG", "局", "Bureau", kind, "city")],
        sites=list(REGISTER.sites.values()),
        buildings=list(REGISTER.buildings.values()),
        spaces=[*REGISTER.spaces.values(), *([space] if space else [])],
        equipment=[*REGISTER.equipment.values(), *([equipment] if equipment else [])],
        meters=[*REGISTER.meters.values(), *([meter] if meter else [])],
        vehicles=[Vehicle("CAR", "车", "Car", "ORG", "鲁Z1", "car", "petrol")],
    )


def test_a_plug_of_sockets_and_cooling_may_be_told() -> None:
    assert why_never(REGISTER, "MTR-A", never()) == ""
    assert why_never(REGISTER, "MTR-B", never()) == ""
    assert why_never(REGISTER, "EQP", never()) == ""


@pytest.mark.parametrize("item", ["", "A", "A2", "C", "C1", "C2", "C3", "D1", "D1A"])
def test_whole_buildings_lifts_pumps_and_data_centres_may_not(item: str) -> None:
    assert "item of sub-metering" in why_never(with_meter(item=item), "X", never())


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("消防泵", "Plug 3"),
        ("插座", "Fire alarm panel"),
        ("插座", "ICU bed 2"),
        ("二号电梯机房", "Plug"),
        ("插座", "Emergency light"),
        ("疫苗冰箱", "Refrigerator"),
    ],
)
def test_what_is_called_so_may_not(zh: str, en: str) -> None:
    found = why_never(with_meter(name_zh=zh, name_en=en), "X", never())
    assert found.startswith("what is called so may not be commanded")


def test_words_in_latin_letters_stand_alone() -> None:
    register = with_meter(name_zh="插座", name_en="Wildfire and shoplifting exhibition")
    assert why_never(register, "X", never()) == ""


def test_a_meter_is_no_safer_than_what_it_serves() -> None:
    rack = Equipment("RACK", "机柜", "Rack", "server", "ORG", "BLD")
    meter = Meter("X", "插座", "Sockets", "BLD", "electricity", "A1", "MTR", serves="RACK")
    assert why_never(with_assets(meter, rack), "X", never()).endswith("got server")


def test_no_valve_no_machine_room_no_hospital_and_no_vehicle() -> None:
    assert "electricity" in why_never(with_meter(carrier="gas"), "X", never())
    room = Space("X", "房间", "Room", "BLD", "data_centre")
    assert "room of this use" in why_never(with_assets(space=room), "X", never())
    hospital = with_assets(kind="hospital")
    assert "kind of organisation" in why_never(hospital, "MTR-A", never())
    for code in ("CAR", "BLD", "nothing"):
        assert why_never(with_assets(), code, never()).endswith(f"got {code}")
