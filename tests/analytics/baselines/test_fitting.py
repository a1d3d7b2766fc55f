"""From a series to its baseline, good data and bad."""

import json
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.baselines.fitted import MARGIN_C, FittedBaseline, Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.models import DEFAULT, MODELS
from analytics.baselines.series import Interval, UseSeries
from quotawatt.errors import InputError
from quotawatt.spans import Span
from tests.analytics.baselines.made import SHANGHAI, daily, office, with_use

OFFICE = office()


def fit(
    series: UseSeries, exclude: tuple[Span, ...] = (), candidates: tuple[str, ...] | None = None
) -> FittedBaseline:
    fitted = fit_baseline(series, exclude=exclude, candidates=candidates)
    assert isinstance(fitted, FittedBaseline)
    return fitted


FITTED = fit(OFFICE)


def test_an_office_by_the_hour() -> None:
    assert FITTED.kind == "towt"
    assert set(FITTED.compared) == {"calendar", "towt"}
    assert FITTED.cross_validated.cv_rmse_pct < FITTED.compared["calendar"].cv_rmse_pct
    assert FITTED.in_sample.cv_rmse_pct <= FITTED.cross_validated.cv_rmse_pct
    predicted = FITTED.predict(OFFICE)
    known = predicted.dropna().join(OFFICE.frame)
    assert len(known) == len(OFFICE.frame) - 17
    assert (predicted.dropna()["low"] <= predicted.dropna()["expected"]).all()
    inside = known["use"].between(known["low"], known["high"]).mean()
    assert inside == pytest.approx(0.9, abs=0.03)


def test_the_next_year_is_expected_beforehand() -> None:
    begin = (OFFICE.frame.index[-1] + pd.Timedelta(hours=1)).to_pydatetime()
    after = office(days=365, seed=9, begin=begin)
    predicted = FITTED.predict(after)
    known = predicted.dropna().join(after.frame)
    error = known["use"] - known["expected"]
    assert np.sqrt((error**2).mean()) / known["use"].mean() < 0.1
    assert known["use"].between(known["low"], known["high"]).mean() > 0.85


def test_days_and_the_whole_period_have_bands_of_their_own() -> None:
    predicted = FITTED.predict(OFFICE)
    local = pd.date_range("2023-03-01", "2023-04-01", freq="D", tz=SHANGHAI).tz_convert("UTC")
    days = FITTED.sum_interval(predicted, local)
    whole = FITTED.sum_interval(predicted, local[[0, -1]])
    assert days["expected"].sum() == pytest.approx(whole["expected"].iloc[0])
    assert (days["high"] - days["low"]).sum() > (whole["high"] - whole["low"]).iloc[0] > 0


def test_most_months_are_inside_their_band() -> None:
    local = pd.date_range("2023-02-01", "2024-01-01", freq="MS", tz=SHANGHAI).tz_convert("UTC")
    months = FITTED.sum_interval(FITTED.predict(OFFICE), local)
    use = OFFICE.frame["use"].groupby(np.searchsorted(local, OFFICE.frame.index, "right") - 1).sum()
    inside = (use.loc[0:10].to_numpy() >= months["low"]) & (
        use.loc[0:10].to_numpy() <= months["high"]
    )
    assert inside.sum() >= 9
    assert (months["high"] - months["low"]).max() < 0.1 * months["expected"].mean()


def test_a_sum_over_what_is_not_known_is_not_known() -> None:
    predicted = FITTED.predict(OFFICE)
    edges = pd.DatetimeIndex(
        ["2022-12-31 16:00", "2023-01-01 16:00", "2023-01-02 16:00"]
    ).tz_localize("UTC")
    sums = FITTED.sum_interval(
        predicted, edges.append(pd.DatetimeIndex(["2030-01-01"], tz="UTC")[:1])
    )
    assert np.isnan(sums["expected"].iloc[0])  # its first hours have no day before them
    assert np.isfinite(sums["expected"].iloc[1])
    later = pd.DatetimeIndex(["2029-01-01", "2029-01-02"], tz="UTC")
    assert FITTED.sum_interval(predicted, later).isna().all(axis=None)


def test_weather_that_was_never_seen_has_no_answer() -> None:
    assert FITTED.saw.temperature_c is not None
    highest = FITTED.saw.temperature_c[1]
    for beyond, answered in ((MARGIN_C - 0.5, True), (MARGIN_C + 0.5, False)):
        frame = OFFICE.frame.iloc[:72].assign(temperature_c=highest + beyond)
        assert np.isfinite(FITTED.predict(frame)["expected"].iloc[-1]) == answered


def test_it_survives_text_and_the_same_data_give_the_same() -> None:
    text = json.dumps(FITTED.to_document(), allow_nan=False)
    again = FittedBaseline.from_document(json.loads(text))
    pd.testing.assert_frame_equal(again.predict(OFFICE), FITTED.predict(OFFICE))
    assert again.saw == FITTED.saw
    assert again.compared == FITTED.compared
    assert json.dumps(fit(office()).to_document()) == text
    with pytest.raises(InputError, match="of format 2, got 1"):
        FittedBaseline.from_document(FITTED.to_document() | {"format": 1})
    with pytest.raises(InputError, match="level must be between 0 and 1, got 90"):
        FittedBaseline.from_document(FITTED.to_document() | {"level": 90})
    with pytest.raises(InputError, match="country must be an ISO 3166 code"):
        FittedBaseline.from_document(FITTED.to_document() | {"country": "Atlantis"})


@pytest.mark.parametrize("kind", list(MODELS))
def test_every_kind_survives_text(kind: str) -> None:
    at = np.random.default_rng(0).uniform(-5, 35, 60)
    series = daily(100 + 3 * np.abs(at - 15) + np.random.default_rng(1).normal(0, 1, 60), at)
    fitted = fit(series, candidates=(kind,))
    again = FittedBaseline.from_document(json.loads(json.dumps(fitted.to_document())))
    pd.testing.assert_frame_equal(again.predict(series), fitted.predict(series))
    assert again.kind == kind


def test_what_is_excluded_is_not_learned_from() -> None:
    start = OFFICE.frame.index[3000].to_pydatetime()
    span = Span(start, start + timedelta(days=20))
    spoiled = OFFICE.frame["use"].copy()
    spoiled[(spoiled.index >= span.start) & (spoiled.index < span.end)] = 5000.0
    kept, clean = (
        fit(with_use(OFFICE, use), exclude=(span,)) for use in (spoiled, OFFICE.frame["use"])
    )
    assert kept.saw == clean.saw
    assert kept.saw.excluded == (span,)
    assert kept.saw.n == FITTED.saw.n - 20 * 24
    pd.testing.assert_frame_equal(kept.predict(OFFICE), clean.predict(OFFICE))


def test_zeros_of_what_is_seldom_zero_are_outages() -> None:
    use = OFFICE.frame["use"].to_numpy().copy()
    use[4000:4100] = 0.0
    assert fit(with_use(OFFICE, use)).saw.n == FITTED.saw.n - 100
    often = np.where(OFFICE.frame["use"] < 25, 0.0, OFFICE.frame["use"])
    assert fit(with_use(OFFICE, often)).saw.n == FITTED.saw.n


def test_days_choose_among_change_points() -> None:
    at = np.random.default_rng(0).uniform(-5, 35, 365)
    noise = np.random.default_rng(1).normal(0, 2, 365)
    fitted = fit(daily(100 + 5 * np.maximum(at - 24, 0) + noise, at))
    assert fitted.kind == "3p_cooling"
    assert set(fitted.compared) == set(DEFAULT[Interval.DAY])
    assert fitted.in_sample.p == 3


def test_without_weather_the_week_alone_and_says_so() -> None:
    series = with_use(OFFICE, OFFICE.frame["use"])
    series.frame["temperature_c"] = np.nan
    fitted = fit(series)
    assert (fitted.kind, fitted.needs_weather) == ("calendar", False)
    assert fitted.saw.temperature_c is None
    assert fitted.predict(series).notna().all(axis=None)


@pytest.mark.parametrize(
    ("use", "code"),
    [
        (np.nan, "baseline_insufficient"),
        (np.inf, "baseline_insufficient"),
        (0.0, "series_constant"),
        (7.5, "series_constant"),
    ],
)
def test_what_says_nothing_is_a_finding(use: float, code: str) -> None:
    found = fit_baseline(with_use(OFFICE, use))
    assert isinstance(found, Insufficient)
    assert [f.code for f in found.findings] == [code]
    assert found.findings[0].subject == "B1"


def test_a_week_or_nothing_at_all_is_too_little() -> None:
    for days in (7, 27):
        found = fit_baseline(office(days=days))
        assert isinstance(found, Insufficient)
        assert found.findings[0].detail["needed_days"] == 28
        assert found.findings[0].detail["days_with_use"] == days
    empty = with_use(OFFICE, OFFICE.frame["use"])
    none = UseSeries("B1", "m", "kWh", SHANGHAI, "CN", Interval.HOUR, empty.frame.iloc[:0])
    assert isinstance(fit_baseline(none), Insufficient)


def test_callers_mistakes() -> None:
    with pytest.raises(InputError, match="level of a band must be above 0 and below 1, got 90"):
        fit_baseline(OFFICE, level=90)
    with pytest.raises(InputError, match=r"a model must be one of .*, got 'magic'"):
        fit_baseline(OFFICE, candidates=("magic",))


def test_one_place_two_clocks() -> None:
    """The same hours told by two zones are two calendars: working hours fall on other UTC hours."""
    london = UseSeries(
        "B1", "m", "kWh", OFFICE.zone.__class__("Europe/London"), "GB", Interval.HOUR, OFFICE.frame
    )
    assert fit(london).cross_validated.cv_rmse_pct > FITTED.cross_validated.cv_rmse_pct
