"""Geofences as a file of GeoJSON (RFC 7946): a FeatureCollection, or a single Feature, in and out.

A Feature is a row of the kind ``geofences``: its geometry the outline, its properties the other columns, by
their identifiers or by the headings that a sheet may have. A Feature without a property ``code`` has its
``id`` for it. Positions are WGS84; those of a file, or of a Feature, with the member or property ``datum`` of
``gcj02`` are converted, and so are all others where whoever hands the file in says so.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from quotawatt.geography.datum import gcj02_to_wgs84, wgs84_to_gcj02
from quotawatt.geography.outlines import Position, outline_of, parse_outline
from quotawatt.register.archive import FILE_LIMIT_BYTES
from quotawatt.register.fleet import Geofence
from quotawatt.register.found import Found, unreadable
from quotawatt.register.gathering import Gathering
from quotawatt.register.header_row import NumberedRow
from quotawatt.register.problems import CellError, Problem, Rule, Where
from quotawatt.register.reading import Raw
from quotawatt.register.rows import columns
from quotawatt.register.sheets import Grid, read_grid

Datum = Literal["wgs84", "gcj02"]

KIND = "geofences"

NOT_GEOJSON = Rule(
    "not_geojson",
    "a file of areas must be GeoJSON: a FeatureCollection, or a Feature, in UTF-8",
    "区域文件须为 UTF-8 编码的 GeoJSON：FeatureCollection 或单个 Feature",
)
TOO_LARGE = Rule(
    "geojson_too_large",
    f"a file of areas must have at most {FILE_LIMIT_BYTES // 10**6} MB",
    f"区域文件不得超过 {FILE_LIMIT_BYTES // 10**6} MB",
)
NO_FEATURE = Rule(
    "no_feature",
    'a member of features must be a Feature with properties: {"type": "Feature", ...}',
    'features 的每一项须为带 properties 的 Feature：{"type": "Feature", ...}',
)
DATUM = Rule("geojson_datum", "datum must be wgs84 or gcj02", "datum 须为 wgs84 或 gcj02")
OTHER_SYSTEM = Rule(
    "coordinate_system",
    "positions must be in WGS84 (convert the file; of GCJ-02 say datum)",
    "坐标须为 WGS84（请先转换；GCJ-02 请注明 datum）",
)

_PLACES_KEPT = 7
"""Decimals of a converted degree that is taken in: a centimetre."""
_PLACES_GIVEN = 9
"""Of one that is given out, so that the first are the same when it comes back."""
_MOST_DIGITS = 16
_WGS84_NAMES = ("crs84", "epsg:4326", "epsg::4326")


def read_geojson(
    name: str, data: bytes, step: Callable[[int], None], datum: Datum = "wgs84"
) -> Found:
    """Read the geofences of a file. Nothing is raised: what is wrong is among the problems.

    name
        Of the file, for messages. The rows of the problems count its features, from 1.
    datum
        Of positions of which the file says nothing.
    """
    where = Where(name)
    if len(data) > FILE_LIMIT_BYTES:
        return unreadable(Problem(where, TOO_LARGE, f"{len(data) / 1e6:.0f} MB"))
    try:
        text = data.decode("utf-8-sig")
        read = json.loads(text, parse_constant=_number, parse_float=_number, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        return unreadable(Problem(where, NOT_GEOJSON, str(error)))
    features = _features(read)
    if features is None:
        shown = read.get("type") if isinstance(read, dict) else type(read).__name__
        return unreadable(Problem(where, NOT_GEOJSON, shown))
    if (system := _other_system(read)) is not None:
        return unreadable(Problem(where, OTHER_SYSTEM, system))
    gathering = Gathering()
    gathering.sheets[KIND] = name
    told = read.get("datum", datum)
    rows = _rows(name, features, told, gathering.problems)
    gathering.take(KIND, name, read_grid(Grid(name, KIND, rows), step))
    return gathering.found()


def geojson_of(geofences: Iterable[Geofence], datum: Datum = "wgs84") -> bytes:
    """The file of these geofences, in either datum, as ``read_geojson`` takes it back."""
    lines = ",\n".join(
        json.dumps(feature_of(geofence, datum), ensure_ascii=False) for geofence in geofences
    )
    told = ' "datum": "gcj02",' if datum == "gcj02" else ""
    return f'{{"type": "FeatureCollection",{told} "features": [\n{lines}\n]}}\n'.encode()


def feature_of(geofence: Geofence, datum: Datum = "wgs84") -> Mapping[str, Any]:
    """A geofence as a Feature. Raises CellError where its outline is none."""
    outline = parse_outline(geofence.outline)
    if datum == "gcj02":
        outline = outline.moved(_to_gcj02)
    names = [column.name for column in columns(KIND) if column.name != "outline"]
    return {
        "type": "Feature",
        "id": geofence.code,
        "properties": {name: getattr(geofence, name) for name in names},
        "geometry": outline.geometry(),
    }


def _features(read: Any) -> Sequence[Any] | None:
    """The features of a file; None where it is no GeoJSON of features."""
    if not isinstance(read, dict):
        return None
    if read.get("type") == "Feature":
        return [read]
    features = read.get("features")
    is_collection = read.get("type") == "FeatureCollection" and isinstance(features, list)
    return features if is_collection else None


def _other_system(read: Mapping[str, Any]) -> str | None:
    """The coordinate system that a file of the standard before (2008) names; None: WGS84, or none."""
    if read.get("crs") is None:
        return None
    said = json.dumps(read["crs"])
    return None if any(name in said.casefold() for name in _WGS84_NAMES) else said


def _rows(
    name: str, features: Sequence[Any], datum: Any, problems: list[Problem]
) -> list[NumberedRow]:
    """The names of all properties, then a row a feature."""
    read = []
    for number, feature in enumerate(features, start=1):
        try:
            read.append((number, _cells(feature, datum)))
        except CellError as error:
            problems.append(Problem(Where(name, number), error.rule, _short(feature)))
    names = list(dict.fromkeys(["code", *(key for _, cells in read for key in cells)]))
    if not read:  # a file that says that there are none
        names = [column.name for column in columns(KIND)]
    rows: list[NumberedRow] = [(0, [_writable(key) for key in names])]
    return rows + [(number, [cells.get(key) for key in names]) for number, cells in read]


def _writable(text: str) -> str:
    """A text without the halves of signs that JSON can name and no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _number(text: str) -> float:
    """A number that is one. Raises ValueError for NaN, Infinity and what becomes it."""
    if not math.isfinite(value := float(text)):
        raise ValueError(f"a number must be finite, got {text[:20]}")
    return value


def _whole(text: str) -> int | float:
    """A whole number, as it is where it is short, as others are of whole numbers."""
    return int(text) if len(text) < _MOST_DIGITS else _number(text)


def _cells(feature: Any, datum: Any) -> Mapping[str, Raw]:
    """The cells of a feature by the names of its properties. Raises CellError where it is none."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise CellError(NO_FEATURE)
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        raise CellError(NO_FEATURE)
    datum = properties.get("datum", datum)
    if datum not in ("wgs84", "gcj02"):
        raise CellError(DATUM)
    cells = {key: _raw(value) for key, value in properties.items() if key != "datum"}
    if feature.get("id") is not None:
        cells.setdefault("code", _raw(feature["id"]))
    return {**cells, "outline": _outline_text(feature.get("geometry"), datum)}


def _outline_text(geometry: Any, datum: Datum) -> str | None:
    """The text of a geometry, converted; one that is none stays as it is, and is told of as a cell."""
    if geometry is None:
        return None
    try:
        outline = outline_of(geometry)
    except CellError:
        return json.dumps(geometry)
    return (outline.moved(_to_wgs84) if datum == "gcj02" else outline).text()


def _raw(value: Any) -> Raw:
    """A property as a cell of a sheet would hold it."""
    if value is None or isinstance(value, str | bool):
        return value
    return float(value) if isinstance(value, int | float) else json.dumps(value)


def _to_wgs84(place: Position) -> Position:
    latitude, longitude = gcj02_to_wgs84(place[1], place[0])
    return round(longitude, _PLACES_KEPT), round(latitude, _PLACES_KEPT)


def _to_gcj02(place: Position) -> Position:
    latitude, longitude = wgs84_to_gcj02(place[1], place[0])
    return round(longitude, _PLACES_GIVEN), round(latitude, _PLACES_GIVEN)


def _short(feature: Any) -> str:
    return json.dumps(feature)[:200]
