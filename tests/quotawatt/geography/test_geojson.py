"""Geofences as files of GeoJSON, in and out."""

import json
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quotawatt.geography.datum import gcj02_to_wgs84
from quotawatt.geography.geojson import geojson_of, read_geojson
from quotawatt.register.fleet import Geofence
from quotawatt.register.found import Found
from quotawatt.register.kinds import Organisation
from quotawatt.register.model import Register
from quotawatt.register.planning import Options, Plan, plan_import
from quotawatt.register.uploads import read_upload
from tests.quotawatt.geography.given import YARD, box, outline

BUREAU = Organisation("ORG", "局", "Bureau", "party_government", "city")
LOT = Geofence(
    *("LOT", "停车场", "Car park", "ORG", "parking"),
    outline("Point", [117.02, 36.66]),
    radius_m=150.0,
)
CITY = Geofence(
    "CITY", "市区", "City", "ORG", "permitted", YARD, speed_limit_kmh=60.0, status="idle"
)
STORED = Register(organisations=[BUREAU], geofences=[LOT, CITY])
NONE_YET = Register(organisations=[BUREAU])


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    """A feature of the car park, with other properties."""
    told = {"code": "LOT", "name": "停车场", "organisation": "ORG", "use": "parking", "radius": 150}
    point = {"type": "Point", "coordinates": [117.02, 36.66]}
    return {"type": "Feature", "properties": {**told, **properties}, "geometry": geometry or point}


def file(*features: Any, **members: Any) -> bytes:
    """A file of them."""
    return json.dumps({"type": "FeatureCollection", **members, "features": features}).encode()


def read(data: bytes, **options: Any) -> Found:
    """What a file says."""
    return read_geojson("areas.geojson", data, lambda _: None, **options)


def plan_of(found: Found, remove: bool = False, stored: Register = NONE_YET) -> Plan:
    """What it would do with a register."""
    return plan_import(stored, found, Options(remove=remove), ZoneInfo("Asia/Shanghai"))


def problems(data: bytes) -> Sequence[str]:
    """What is wrong with a file."""
    return [problem.text() for problem in plan_of(read(data)).problems]


@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_what_is_given_out_is_taken_back_as_it_was(datum: Any) -> None:
    written = geojson_of([LOT, CITY], datum)
    plan = plan_of(read(written), stored=STORED)
    assert (plan.problems, dict(plan.difference)) == ((), {})
    moved = json.loads(written)["features"][0]["geometry"]["coordinates"] != [117.02, 36.66]
    assert moved == (datum == "gcj02")


def test_headings_and_the_id_are_understood() -> None:
    drawn = feature(id=7, stroke="#f00")
    del drawn["properties"]["code"]
    found = read(file({**drawn, "id": "NEW"}))
    plan = plan_of(found)
    assert plan.after is not None
    new = plan.after.geofences["NEW"]
    assert (new.name_zh, new.radius_m, new.use) == ("停车场", 150.0, "parking")
    assert sum("stroke" in note.text() for note in found.notes) == 1


def test_a_single_feature_is_a_file_too_whatever_its_name() -> None:
    found = read_upload("areas", b"\xef\xbb\xbf \n" + json.dumps(feature(code="NEW")).encode())
    after = plan_of(found).after
    assert after is not None
    assert set(after.geofences) == {"NEW"}


def test_positions_of_chinese_maps_are_converted_wherever_it_is_said() -> None:
    wanted = tuple(reversed(gcj02_to_wgs84(36.66, 117.02)))
    for data, options in (
        (file(feature(), datum="gcj02"), {}),
        (file(feature(datum="gcj02")), {}),
        (file(feature()), {"datum": "gcj02"}),
    ):
        after = plan_of(read(data, **options)).after
        assert after is not None
        middle = json.loads(after.geofences["LOT"].outline)["coordinates"]
        assert middle == pytest.approx(wanted, abs=1e-7)
    stays = plan_of(read(file(feature(datum="wgs84")), datum="gcj02")).after
    assert stays is not None
    assert stays.geofences["LOT"].outline == LOT.outline


def test_holes_parts_and_heights_come_in() -> None:
    boxes = [[box(117, 36, 118, 37)], [box(119, 36, 120, 37)]]
    parts = {"type": "MultiPolygon", "coordinates": boxes}
    high = {"type": "Polygon", "coordinates": [[[*place, 12.5] for place in box(1, 1, 2, 2)]]}
    made = [
        feature(parts, code="A", radius=None),
        feature(high, code="B", radius=None),
        feature(json.loads(YARD), code="C", radius=None),
    ]
    after = plan_of(read(file(*made))).after
    assert after is not None
    assert after.geofences["A"].outline == outline("MultiPolygon", boxes)
    assert after.geofences["B"].outline == outline("Polygon", [box(1, 1, 2, 2)])
    assert after.geofences["C"].outline == YARD


def test_an_empty_file_says_that_there_are_none() -> None:
    refused = plan_of(read(file()), stored=STORED)
    assert "what is stored must be in its sheet, unless it is to be" in refused.problems[0].text()
    emptied = plan_of(read(file()), remove=True, stored=STORED).after
    assert emptied is not None
    assert emptied.geofences == {}


POINT = {"type": "Point", "coordinates": [1, 2]}
LINE = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
LONG = {"type": "Polygon", "coordinates": [[[x / 7, 1.0] for x in range(1200)]]}
WEB = {"properties": {"name": "EPSG:3857"}}
NAMED = {"type": "Feature", "id": "X", "properties": {"name": "x"}, "geometry": POINT}
WRONG = {
    "no json": (b"{", ": a file of areas must be GeoJSON"),
    "a list": (b"[]", "must be GeoJSON: a FeatureCollection, or a Feature, in UTF-8, got 'list'"),
    "a geometry": (YARD.encode(), "got 'Polygon'"),
    "no features": (b'{"type":"FeatureCollection"}', "got 'FeatureCollection'"),
    "not utf-8": (file(feature()).replace(b"LOT", b"\xff"), "in UTF-8"),
    "an endless number": (file(feature(radius=float("inf"))), "a number must be finite"),
    "a large number": (file(feature(radius=10**400)), "a number must be finite"),
    "deep": (b'{"a":' * 9_000, "must be GeoJSON"),
    "a string": (file("x"), ":1: a member of features must be a Feature"),
    "no properties": (file({"type": "Feature"}), "must be a Feature with properties"),
    "another datum": (file(feature(), feature(datum="bd09")), ":2: datum must be wgs84 or gcj02"),
    "another system": (file(feature(), crs=WEB), "must be in WGS84"),
    "no place": (file({**feature(), "geometry": None}), ":1 outline: must not be empty"),
    "a line": (
        file(feature(LINE)),
        ":1 outline: must be a Polygon, a MultiPolygon, or a Point with",
    ),
    "a bow tie": (file(feature(BOW_TIE, radius=None)), ":1 outline: an area must not cross"),
    "too long": (file(feature(LONG)), ":1 outline: must have at most 20000 characters"),
    "a point alone": (file(feature(radius=None)), ":1 radius_m: must be filled where the outline"),
    "a radius too many": (
        file(feature(json.loads(YARD))),
        ":1 radius_m: must be empty where the outline is no Point, got 150.0",
    ),
    "an unknown use": (file(feature(use="zoo")), ":1 use: must be one of parking, permitted"),
    "nobody's": (file(feature(organisation="NIX")), ":1 organisation: must be a code of organis"),
    "a column missing": (file(NAMED), "a required column must be there: Organisation"),
}


@pytest.mark.parametrize(("data", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_feature_and_the_rule(data: bytes, said: str) -> None:
    told = problems(data)
    assert any(said in problem for problem in told), told


def test_names_that_no_file_can_hold_stay_out_of_what_is_said() -> None:
    notes = read(file(feature(**{"\ud800": 1}))).notes
    assert [note.text("zh").encode() for note in notes if "?" in note.text("zh")]
