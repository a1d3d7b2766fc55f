"""How much of a site is silent."""

from datetime import UTC, datetime, timedelta

from alerts.engine.samples import Sample
from alerts.engine.site_silence import LEAST_ASSETS, SILENT_AFTER, site_silence_samples
from quotawatt.register.model import Building, Meter, Organisation, Register, Site
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.spans import HOUR

NOW = datetime(2026, 11, 3, tzinfo=UTC)
REGISTER = Register(
    organisations=[Organisation("ORG", "局", "Bureau", "party_government", "city")],
    sites=[Site(f"S{n}", "院", "Court", "Asia/Shanghai", "shandong", "B") for n in (1, 2)],
    buildings=[Building(f"B{n}", "楼", "Block", f"S{n}", "ORG") for n in (1, 2)],
    meters=[
        Meter(f"M{building}-{n}", "表", "Meter", f"B{building}", "electricity")
        for building in (1, 2)
        for n in range(4)
    ],
)


def silent_for(asset: str, hours: float | None) -> Sample:
    return Sample(asset, asset, hours, NOW - timedelta(hours=hours or 0))


def test_the_share_is_of_the_site_s_own_assets() -> None:
    hours = (30.0, 23.5, 1.0, 2.0)
    samples = [silent_for(f"M1-{n}", h) for n, h in enumerate(hours)]
    samples += [silent_for(f"M2-{n}", 0.1) for n in range(4)]
    first, second = site_silence_samples(samples, REGISTER)
    assert (first.subject, first.asset, first.value) == ("S1", "S1", 50.0)
    assert first.time == NOW - HOUR
    assert (first.evidence["silent_assets"], first.evidence["assets"]) == (2.0, 4.0)
    assert second.value == 0.0


def test_a_share_of_few_and_of_what_stands_nowhere_says_nothing() -> None:
    few = [silent_for(f"M1-{n}", 30) for n in range(LEAST_ASSETS - 1)]
    assert site_silence_samples(few, REGISTER) == []
    unknown = [silent_for("gone", 30), silent_for("M1-3", None)]
    assert site_silence_samples([*few, *unknown], REGISTER) == []


def test_a_site_is_known_as_off_line_before_any_of_its_meters_is_told_of() -> None:
    # All fall silent within the hour; when the first has been for a day, all have been for 23 hours.
    book = load_rulebook()
    single, whole = book.rules["meter-silent"], book.rules["site-offline"]
    assert single.threshold - SILENT_AFTER / HOUR >= 1
    first_told = [single.threshold + 0.01, *(single.threshold - n / 4 for n in range(1, 4))]
    samples = [silent_for(f"M1-{n}", hours) for n, hours in enumerate(first_told)]
    (site,) = site_silence_samples(samples, REGISTER)
    assert site.value is not None
    assert site.value > whole.threshold
    assert not whole.for_
