"""Files of measured energy become series, whatever clock, order and unit they were written in."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.baselines.series import Interval, UseSeries
from quotawatt.app.energy_csv import Layout, Read, read_series
from quotawatt.errors import InputError

PARIS = Layout(zone="Europe/Paris", country="FR")


def read(folder: Path, text: str, layout: Layout = PARIS) -> Read:
    path = folder / "meter.csv"
    path.write_text(text, encoding="utf-8")
    return read_series(path, layout)


def hours(first: str, values: list[object], heading: str = "time,kWh") -> str:
    times = pd.date_range(first, periods=len(values), freq="h").strftime("%Y-%m-%d %H:%M")
    rows = [f"{time},{value}" for time, value in zip(times, values, strict=True)]
    return "\n".join([heading, *rows]) + "\n"


def layout(**options: object) -> Layout:
    return Layout(**{"zone": "Europe/Paris", "country": "FR", **options})


def starts(series: UseSeries) -> list[str]:
    return [start.isoformat() for start in series.frame.index]


def test_hours_of_the_local_clock_are_instants(tmp_path: Path) -> None:
    series, findings = read(tmp_path, hours("2023-06-01 00:00", [1, 2.5, ""]))
    assert (series.interval, series.unit, series.subject) == (Interval.HOUR, "kWh", "meter")
    assert starts(series)[0] == "2023-05-31T22:00:00+00:00"
    assert series.frame["use"].tolist()[:2] == [1.0, 2.5]
    assert np.isnan(series.frame["use"].iloc[2])
    assert findings == ()


def test_times_in_utc_with_an_offset_and_at_the_end_of_the_hour(tmp_path: Path) -> None:
    text = hours("2023-06-01 00:00", [1, 2])
    in_utc = read(tmp_path, text, layout(times="utc")).series
    assert starts(in_utc)[0] == "2023-06-01T00:00:00+00:00"
    ending = read(tmp_path, text, layout(times="utc", edge="end")).series
    assert starts(ending)[0] == "2023-05-31T23:00:00+00:00"
    aware = text.replace(":00,", ":00+02:00,")
    assert starts(read(tmp_path, aware).series)[0] == "2023-05-31T22:00:00+00:00"


def test_quarter_hours_become_hours_and_power_becomes_energy(tmp_path: Path) -> None:
    times = pd.date_range("2023-06-01", periods=12, freq="15min").strftime("%Y-%m-%dT%H:%M")
    values = [1, 2, 3, 4, 1, "", "", 4, "", "", "", 9]
    text = "time,kWh\n" + "\n".join(f"{t},{v}" for t, v in zip(times, values, strict=True))
    use = read(tmp_path, text).series.frame["use"].to_numpy()
    assert use[:2].tolist() == [10.0, 10.0]  # of four parts two are known: their mean stands in
    assert np.isnan(use[2])
    as_power = read(tmp_path, text, layout(power=True)).series.frame["use"]
    assert as_power.tolist()[:2] == [2.5, 2.5]


def test_disorder_is_put_right_and_said(tmp_path: Path) -> None:
    text = hours("2023-06-01 00:00", [1, 2, 3, 4, 5])
    lines = text.splitlines()
    mixed = "\n".join([*lines[:3], lines[4], lines[3], "2023-06-01 03:00,9", lines[5]])
    series, findings = read(tmp_path, mixed)
    assert series.frame["use"].tolist() == [1, 2, 3, 4, 5]
    said = {finding.code: dict(finding.detail) for finding in findings}
    assert said["file_rows_unordered"] == {"count": 1, "line": 5}
    assert said["file_times_repeated"] == {"count": 1, "conflicts": 1, "line": 6}


def test_gaps_stay_gaps(tmp_path: Path) -> None:
    lines = hours("2023-06-01 00:00", [1, 2, 3, 4, 5]).splitlines()
    series = read(tmp_path, "\n".join([*lines[:3], *lines[5:]])).series
    assert series.frame["use"].isna().tolist() == [False, False, True, True, False]


def test_the_hour_that_exists_twice_comes_twice(tmp_path: Path) -> None:
    rows = ["2023-10-29 01:00,1", "2023-10-29 02:00,2", "2023-10-29 02:00,3", "2023-10-29 03:00,4"]
    series, findings = read(tmp_path, "\n".join(["time,kWh", *rows]))
    assert series.frame["use"].tolist() == [1, 2, 3, 4]
    assert starts(series)[-1] == "2023-10-29T02:00:00+00:00"
    assert findings == ()


def test_a_clock_that_knows_no_summer_time_is_noticed(tmp_path: Path) -> None:
    series, findings = read(tmp_path, hours("2023-03-26 00:00", [1, 2, 3, 4, 5]))
    assert series.frame["use"].tolist() == [1, 2, 4, 5]
    assert [dict(f.detail) for f in findings] == [{"skipped": 1, "single": 0}]
    series, findings = read(tmp_path, hours("2023-10-29 00:00", [1, 2, 3, 4, 5]))
    assert series.frame["use"].isna().sum() == 1
    assert [dict(f.detail) for f in findings] == [{"skipped": 0, "single": 1}]


def test_a_file_of_two_clocks_is_noticed_but_not_the_zones_own_summer_time(tmp_path: Path) -> None:
    text = hours("2023-06-01 00:00", [1, 2, 3]).replace(":00,", ":00+02:00,")
    mixed = read(tmp_path, text.replace("02:00+02:00", "02:00+00:00"))
    assert [f.code for f in mixed.findings] == ["file_two_clocks"]
    assert mixed.findings[0].detail == {"offsets": "+00:00, +02:00"}
    back = "t,kWh\n2023-10-29T02:00+02:00,1\n2023-10-29T02:00+01:00,2\n2023-10-29T03:00+01:00,3\n"
    assert read(tmp_path, back).findings == ()
    in_utc = text.replace("+02:00", "+00:00").replace("02:00+00:00", "02:00Z")
    assert read(tmp_path, in_utc).findings == ()


def test_an_only_column_without_a_value_is_taken_for_the_values(tmp_path: Path) -> None:
    series, _ = read(tmp_path, hours("2023-06-01", ["NaN,4", ",5"], "time,kWh,temp_c"))
    assert series.frame["use"].isna().all()
    assert series.frame["temperature_c"].tolist() == [4.0, 5.0]


def test_days_are_local_and_those_of_another_zone_are_said(tmp_path: Path) -> None:
    days = pd.date_range("2023-03-20", periods=14).strftime("%Y-%m-%d")
    text = "\n".join(["day,kWh", *(f"{day},{n}" for n, day in enumerate(days))])
    series, findings = read(tmp_path, text)
    assert series.interval is Interval.DAY
    assert starts(series)[6:8] == ["2023-03-25T23:00:00+00:00", "2023-03-26T22:00:00+00:00"]
    assert findings == ()
    series, findings = read(tmp_path, text, layout(times="utc"))
    assert [f.code for f in findings] == ["file_days_not_local"]
    assert series.frame["use"].tolist() == list(range(14))


@pytest.mark.parametrize("form", ["%Y-%m", "%Y-%m-%d", "%Y/%m/%d", "%Y年%m月"])
def test_months_in_many_spellings(tmp_path: Path, form: str) -> None:
    months = pd.date_range("2023-01-01", periods=14, freq="MS").strftime(form)
    text = "\n".join(["month,kWh", *(f"{month},{n}" for n, month in enumerate(months))])
    series = read(tmp_path, text).series
    assert series.interval is Interval.MONTH
    assert series.frame["use"].tolist() == list(range(14))
    assert starts(series)[6] == "2023-06-30T22:00:00+00:00"


def test_temperature_beside_in_either_scale_or_in_a_file_of_its_own(tmp_path: Path) -> None:
    both = hours("2023-06-01 00:00", ["1,50", "2,68"], "time,kWh,tempF")
    frame = read(tmp_path, both).series.frame
    assert frame["use"].tolist() == [1, 2]
    assert frame["temperature_c"].tolist() == pytest.approx([10, 20])
    weather = tmp_path / "weather.csv"
    rows = ["site,time,air", *(f"A,2023-06-01 0{n}:00,{n}" for n in range(3))]
    rows += [f"B,2023-06-01 0{n}:00,{10 * n}" for n in range(3)]
    weather.write_text("\n".join(rows), encoding="utf-8")
    use = hours("2023-06-01 00:00", [1, 2])
    beside = layout(temperature=weather, temperature_where="site=B")
    assert read(tmp_path, use, beside).series.frame["temperature_c"].tolist() == [0, 10]


def test_short_gaps_of_temperature_are_interpolated_and_said(tmp_path: Path) -> None:
    rows = ["1,10", "1,", "1,", "1,16"]
    series, findings = read(tmp_path, hours("2023-06-01 00:00", rows, "time,kWh,temp"))
    assert series.frame["temperature_c"].tolist() == pytest.approx([10, 12, 14, 16])
    assert [dict(f.detail) for f in findings] == [{"count": 2, "limit_h": 6}]


def test_chinese_headings_semicolons_and_packed_files(tmp_path: Path) -> None:
    path = tmp_path / "用电.csv.gz"
    text = "时间;用电量\n2023/6/1 0:00;3.5\n2023/6/1 1:00;4.5\n"
    path.write_bytes(gzip.compress(text.encode("gb18030")))
    series, _ = read_series(path, Layout(column="用电量"))
    assert series.subject == "用电量"
    assert series.frame["use"].tolist() == [3.5, 4.5]
    assert starts(series)[0] == "2023-05-31T16:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", {}, "a file must have headings and rows"),
        ("time,kWh\n2023-06-01 00:00,1\n", {}, "rows must be minutes of an hour"),
        ("time,kWh\n2023-06-01 00:00,1\n2023-06-01 05:00,1\n", {}, "got 0 days 05:00:00"),
        (hours("2023-06-01", [1, "n.a.?"]), {}, "meter.csv:3: kWh must be a number, got 'n.a.?'"),
        (hours("2023-06-01", [1, 2]).replace("01:00,2", "1h,2"), {}, "meter.csv:3: a time must be"),
        ("time,kWh\n2023-06-01 00:00Z,1\n2023-06-01 01:00,2\n", {}, "meter.csv:3: either every"),
        ("time,kWh\n01/02/2023 00:00,1\n01/02/2023 01:00,2\n", {}, "--time-format must say"),
        (hours("2023-06-01", [1, 2]), {"column": "m3"}, "must be one of time, kWh, got 'm3'"),
        (hours("2023-06-01", ["1,2", "2,3"], "t,a,b"), {}, "--column must name the values"),
        (hours("2023-06-01", [1, 2]), {"zone": "Mars/Base"}, "IANA"),
        (hours("2023-06-01", [1, 2]), {"country": "XX"}, "got 'XX'"),
        (hours("2023-06-01", [1, 2]), {"where": "site"}, "COLUMN=VALUE"),
        (hours("2023-06-01", [1, 2]), {"measure": "joy"}, "joy"),
        ("day,kWh\n2023-06-01,1\n2023-06-02,2\n", {"interval": Interval.HOUR}, "at least as long"),
        ("day,kWh\n2023-06-01,1\n2023-06-02,2\n", {"power": True}, "by the hour or finer"),
        ("m,kWh\n2023-01-12,1\n2023-02-12,2\n2023-03-12,2\n", {}, "calendar months"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(
    tmp_path: Path, text: str, options: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, layout(**options))
    assert said in str(caught.value)


def test_a_file_that_is_not_there_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must be readable"):
        read_series(tmp_path / "none.csv", PARIS)
    (tmp_path / "x.csv.gz").write_bytes(b"not packed")
    with pytest.raises(InputError, match="must be readable"):
        read_series(tmp_path / "x.csv.gz", PARIS)
