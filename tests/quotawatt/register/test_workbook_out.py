"""What is exported is imported as it was, workbooks in both languages and folders; the template."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotawatt.errors import InputError
from quotawatt.register.csvfolder import write_csv_folder
from quotawatt.register.kinds import (
    BaseValue,
    Binding,
    Building,
    Equipment,
    FormerValue,
    Headcount,
    Meter,
    Organisation,
    Site,
    Vehicle,
)
from quotawatt.register.model import Register
from quotawatt.register.rows import column_of, parse_cell, records_of
from quotawatt.register.uploads import read_path, read_upload
from quotawatt.register.workbook_out import template_workbook, workbook_of
from quotawatt.settings import Language
from tests.quotawatt.register.books import ZONE, planned

_TEXT = st.text(
    st.sampled_from("Aa1-+=@'_x0041（） 主楼在用电\"&<")
    | st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
    min_size=1,
    max_size=20,
).map(str.strip).filter(bool)  # fmt: skip
_NAMES = _TEXT.filter(lambda t: parse_cell(column_of("sites", "name_zh"), t) == t)
_FREE = _TEXT.map(lambda t: parse_cell(column_of("equipment", "kind"), t)).filter(bool)
_CODES = st.text("ABab019-_.", min_size=1, max_size=8)
_DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
_INSTANTS = st.datetimes(
    datetime.fromisoformat("1990-01-01"),
    datetime.fromisoformat("2200-01-01"),
    timezones=st.just(UTC),
)
_NUMBERS = st.floats(1e-300, 1e300)
_AREAS = st.none() | st.floats(1, 1e9)


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Right registers with odd names, codes, numbers and days."""
    codes = iter(draw(st.lists(_CODES, min_size=6, max_size=6, unique=True)))
    cars = draw(st.none() | st.integers(0, 99))
    org = Organisation(
        next(codes), draw(_NAMES), draw(_NAMES), draw(_FREE), "city", vehicle_quota=cars
    )
    site = Site(next(codes), draw(_NAMES), draw(_NAMES), "Asia/Urumqi", draw(_FREE), "B", -36.5)
    building = Building(
        next(codes), draw(_NAMES), draw(_NAMES), site.code, org.code, draw(_AREAS), status="idle"
    )
    thing = Equipment(
        next(codes), draw(_NAMES), draw(_NAMES), draw(_FREE), org.code, acquired=draw(_DAYS)
    )
    meter = Meter(next(codes), draw(_NAMES), draw(_NAMES), building.code, "electricity")
    car = Vehicle(
        next(codes), draw(_NAMES), draw(_NAMES), org.code, draw(_FREE), draw(_FREE), "electric",
        driver_pool=draw(_FREE), tracking_exempt=draw(st.booleans()),
    )  # fmt: skip
    device = draw(_NAMES)
    bound = Binding(
        device, meter.code, draw(_INSTANTS), multiplier=draw(_NUMBERS), register_size=draw(_NUMBERS)
    )
    return Register(
        organisations=[org],
        headcounts=[Headcount(org.code, "in_post", draw(st.floats(0, 1e7)), draw(_DAYS))],
        sites=[site],
        buildings=[building],
        equipment=[thing],
        meters=[meter],
        vehicles=[car],
        bindings=[bound],
        base_values=[
            BaseValue(org.code, "carbon_kgco2_per_m2", 2020, draw(_NUMBERS), draw(_NAMES))
        ],
        former_values=[
            FormerValue(car.code, "driver_pool", draw(_FREE), draw(_DAYS)),
            FormerValue(building.code, "status", "planned", draw(_DAYS)),
        ],
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(registers(), st.sampled_from(["zh", "en"]))
def test_a_workbook_comes_back_as_it_was(register: Register, language: Language) -> None:
    data = workbook_of(register, language, ZONE)
    plan = planned(read_upload("x.xlsx", data))
    assert plan.problems == ()
    assert plan.notes == ()
    assert plan.after is not None
    assert records_of(plan.after) == records_of(register)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(registers())
def test_a_folder_comes_back_as_it_was(register: Register) -> None:
    with TemporaryDirectory() as folder:
        write_csv_folder(register, Path(folder))
        plan = planned(read_path(Path(folder)))
    assert plan.problems == ()
    assert plan.after is not None
    assert records_of(plan.after) == records_of(register)


def test_the_same_register_gives_the_same_bytes() -> None:
    one, other = (template_workbook("zh") for _ in range(2))
    assert one == other


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_is_right_as_it_is_and_empty(language: Language) -> None:
    plan = planned(read_upload("t.xlsx", template_workbook(language)))
    assert (plan.problems, plan.notes, plan.difference) == ((), (), {})


def test_the_template_has_drop_downs_notes_and_a_guide() -> None:
    archive = zipfile.ZipFile(io.BytesIO(template_workbook("zh")))
    book = archive.read("xl/workbook.xml").decode()
    assert '<sheet name="填写说明" sheetId="1"' in book
    assert 'name="_lists" sheetId="18" state="hidden"' in book
    buildings = archive.read("xl/worksheets/sheet5.xml").decode()
    assert "建筑面积 (m²)" in buildings
    assert "<formula1>'院区'!$A$2:$A$10000</formula1>" in buildings
    assert buildings.count("<dataValidation ") == 5  # site, organisation, class, heating, status
    assert 'topLeftCell="B2"' in buildings
    notes = "".join(archive.read(n).decode() for n in archive.namelist() if "comments" in n)
    assert "空白为不详，不可填 0。" in notes.replace(",", "，")


def test_what_does_not_fit_into_a_cell_is_not_cut() -> None:
    site = Site("SITE-1", "长" * 40_000, "Long", "Asia/Shanghai", "shandong", "B")
    with pytest.raises(InputError, match="a cell holds at most 32767 signs"):
        workbook_of(Register(sites=[site]), "zh", ZONE)
