"""Which commands a case offers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from alerts.cases.book import read_case
from alerts.commanding.model import Offered
from alerts.commanding.offering import assets_near, offers_of
from quotawatt.devicecommands import KINDS
from quotawatt.register.model import Binding, Register
from quotawatt.rulebook.alert_rules import COMMANDS
from quotawatt.storage.tables import device_families
from tests.alerts.commanding.scene import LONG_AGO, NOW, REGISTER, Scene


def offered(scene: Scene, case: int | None = None, at: datetime = NOW) -> list[Offered]:
    with scene.records.connect() as conn:
        return offers_of(conn, read_case(conn, case or scene.case), scene.ground, at)


def places(found: list[Offered]) -> list[tuple[str, str]]:
    return [(one.command, one.device) for one in found]


def test_a_building_offers_what_its_rule_names_for_what_is_in_it(scene: Scene) -> None:
    found = offered(scene)
    # Neither the main meter nor the lift; the plug has no set point.
    assert places(found) == [("switch_off", "plug"), ("switch_off", "ac"), ("set_point", "ac")]
    plug, _, cooling = found
    assert (plug.topic, plug.payload, plug.family) == ("cmnd/plug/POWER", "OFF", "tasmota")
    assert (plug.present, plug.low, plug.value) == (1.0, None, None)
    assert (cooling.present, cooling.value, cooling.low, cooling.high) == (26.0, 28.0, 10.0, 32.0)
    assert '"value":28' in cooling.payload


def test_a_case_offers_for_what_its_asset_has(scene: Scene) -> None:
    room, meter = scene.open_case("SPC"), scene.open_case("MTR-A")
    assert {d for _, d in places(offered(scene, room))} == {"ac"}
    assert places(offered(scene, meter)) == [("switch_off", "plug")]
    assert assets_near(REGISTER, "SPC") == ("EQP", "MTR-B", "SPC")
    assert assets_near(REGISTER, "EQP") == ("EQP", "MTR-B")


def test_a_case_without_a_rule_in_force_offers_nothing(scene: Scene) -> None:
    assert offered(scene, scene.open_case("BLD", "finding:stuck")) == []


def test_what_is_so_already_is_not_offered(scene: Scene) -> None:
    scene.hears("plug", 0.0, NOW)
    scene.hears("ac", 28.0, NOW, "temperature_setpoint_c")
    assert places(offered(scene)) == [("switch_off", "ac")]


def test_a_device_that_is_not_heard_is_not_commanded(scene: Scene) -> None:
    later = NOW + timedelta(hours=25)
    assert offered(scene, at=later) == []
    scene.hears("plug", 1.0, later)
    assert places(offered(scene, at=later)) == [("switch_off", "plug")]


def test_nobody_guesses_which_of_two_families_a_device_obeys(scene: Scene) -> None:
    with scene.records.begin() as conn:
        conn.execute(insert(device_families), [{"device": "plug", "profile": "esphome"}])
        conn.execute(insert(device_families), [{"device": "ac", "profile": "csv"}])
    assert {device for _, device in places(offered(scene))} == {"ac"}


def test_only_the_channel_that_is_bound_now_is_told(scene: Scene) -> None:
    bindings = [
        Binding("plug", "MTR-A", LONG_AGO, channel="1", valid_until=NOW),
        Binding("plug", "MTR-A", NOW, channel="2"),
        Binding("ac", "MTR-B", LONG_AGO, quantity="electricity_import_kwh"),
    ]
    register = Register(
        **{kind: list(getattr(REGISTER, kind).values()) for kind in ("organisations", "sites")},
        **{kind: list(getattr(REGISTER, kind).values()) for kind in ("buildings", "meters")},
        bindings=bindings,
    )
    scene.ground = replace(scene.ground, register=register)
    scene.hears("plug", 1.0, NOW, channel="1")
    assert offered(scene) == []
    scene.hears("plug", 1.0, NOW, channel="2")
    assert [(one.device, one.topic) for one in offered(scene)] == [("plug", "cmnd/plug/POWER2")]


def test_rules_offer_what_there_is() -> None:
    assert set(COMMANDS) == set(KINDS)


@pytest.mark.parametrize("name", list(KINDS))
def test_every_command_can_be_taken_back(name: str) -> None:
    back = KINDS[KINDS[name].undo]
    assert back.quantity == KINDS[name].quantity
    assert KINDS[back.undo].name == name
