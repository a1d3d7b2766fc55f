"""The lines of results: two tags, fields that need no condition to be summed."""

from quotawatt.readings import Grain, Quality
from quotawatt.storage.influx_results import result_lines
from tests.quotawatt.storage.contract import result, results


def _lines(*rows: dict[str, object]) -> list[str]:
    return result_lines(Grain.DAY, results(rows)).decode().splitlines()


def test_a_result_has_two_tags_and_says_what_is_unsure_of_it() -> None:
    assert _lines(
        result(0, 1.5, "BLD 1", "heat_gj"),
        result(1, 0.1, quality=Quality.ESTIMATED, coverage=0.25),
    ) == [
        r'results_day,subject=BLD\ 1,measure=heat_gj value=1.5,unsure=0,quality="measured",'
        "coverage=1,revision=0i,withdrawn=f 1672531200000000",
        "results_day,subject=BLD-1,measure=electricity_import_kwh value=0.1,unsure=0.1,"
        'quality="estimated",coverage=0.25,revision=0i,withdrawn=f 1672534800000000',
    ]


def test_what_does_not_count_adds_nothing_to_a_sum() -> None:
    missing = result(0, None, quality=Quality.MISSING, coverage=0.0)
    for row in (missing, result(0, None, withdrawn=True), result(0, 7, withdrawn=True)):
        (line,) = _lines(row)
        assert " value=0,unsure=0," in line
