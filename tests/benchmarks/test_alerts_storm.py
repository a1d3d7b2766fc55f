"""A small storm: the first at once, the rest in one digest a site and channel, every case listed."""

from pathlib import Path

from benchmarks.alerts_storm import storm
from quotawatt.storage.records import open_records


def test_a_storm_is_two_messages_a_site_and_channel_that_list_every_case(tmp_path: Path) -> None:
    records = open_records("sqlite", tmp_path)
    found = storm(records, tmp_path, sites=4, meters=25)
    records.dispose()
    assert (found.cases, found.missing, found.repeated) == (100, 0, 0)
    assert found.at_once == 4 * 2
    assert found.most_of_one == 2
    assert found.messages == 4 * 2 * 2
