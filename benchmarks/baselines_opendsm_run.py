"""Runs in OpenDSM's environment: its daily model fitted to each case of a CSV, and what it expects.

Usage: ``python baselines_opendsm_run.py GIVEN.csv FOUND.csv``. Nothing of ours is imported here.
"""

import logging
import sys
import warnings

import pandas as pd
from opendsm.eemeter import DailyBaselineData, DailyModel, DailyReportingData


def main(given: str, found: str) -> None:
    """Read, fit, write."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    table = pd.read_csv(given, parse_dates=["day", "first", "last"])
    parts = [_expected(days).assign(case=case) for case, days in table.groupby("case")]
    pd.concat(parts).to_csv(found)


def _expected(days: pd.DataFrame) -> pd.DataFrame:
    electricity = bool(days["electricity"].iloc[0])
    frame = days.set_index("day").asfreq("D")
    local = pd.DatetimeIndex(frame.index).tz_localize(str(days["zone"].iloc[0]))
    frame.index = local
    first, last = (days[n].iloc[0].tz_localize(local.tz) for n in ("first", "last"))
    lesson = DailyBaselineData(
        frame.loc[first:last, ["temperature", "observed"]], is_electricity_data=electricity
    )
    model = DailyModel().fit(lesson, ignore_disqualification=True)
    weather = DailyReportingData(frame[["temperature"]], is_electricity_data=electricity)
    expected = pd.DataFrame(model.predict(weather, ignore_disqualification=True)[["predicted"]])
    expected.index = pd.DatetimeIndex(expected.index).tz_localize(None).rename("day")
    return expected


if __name__ == "__main__":
    main(*sys.argv[1:])
