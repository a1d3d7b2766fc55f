"""What devices announced outlives the process, and reaches other collectors."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select, update

from collectors.announced import Announced, AnnouncedRow
from collectors.announcements import OthersAnnouncements, announcements_in, write_announcements
from quotawatt.storage.tables import announcements, counters

NOW = datetime(2023, 7, 1, tzinfo=UTC)
ROW = AnnouncedRow("sparkplug_b", "edge/pump", "7", "Energy", "kWh", NOW)


def write(records: Engine, *rows: AnnouncedRow) -> None:
    with records.begin() as conn:
        write_announcements(conn, rows)


def test_the_latest_of_a_key_is_fetched_by_device(records: Engine) -> None:
    first = AnnouncedRow("sparkplug_b", "edge/pump", "7", "Energy", "kWh", NOW)
    other = AnnouncedRow("sparkplug_b", "edge/fan", "7", "Speed", "", NOW)
    write(records, first, other)
    write(records, first._replace(unit="MWh"))
    write(records)
    assert announcements_in(records)("edge/pump") == [first._replace(unit="MWh")]
    assert announcements_in(records)("nobody") == []


def test_texts_that_a_store_refuses_are_mended(records: Engine) -> None:
    write(records, AnnouncedRow("p", "d", "k\0", "电\ud800", "\0"))
    assert announcements_in(records)("d") == [AnnouncedRow("p", "d", "k\ufffd", "电?", "\ufffd")]


def test_what_came_before_what_is_stored_does_not_replace_it(records: Engine) -> None:
    write(records, ROW)
    older = ROW._replace(name="Power", unit="W", arrived=NOW - timedelta(hours=1))
    write(records, older)
    assert announcements_in(records)("edge/pump") == [ROW]
    write(records, ROW._replace(unit="MWh"), older)
    assert announcements_in(records)("edge/pump") == [ROW._replace(unit="MWh")]


def test_what_an_older_version_stored_gives_way(records: Engine) -> None:
    write(records, ROW)
    with records.begin() as conn:
        conn.execute(update(announcements).values(arrived=None))
    (known,) = announcements_in(records)("edge/pump")
    assert known.arrived.year == 1970
    write(records, ROW._replace(unit="MWh"))
    assert announcements_in(records)("edge/pump") == [ROW._replace(unit="MWh")]


def test_another_collector_learns_that_an_alias_stands_for_something_else(records: Engine) -> None:
    """Devices share their messages among collectors: a birth reaches only one of them."""
    write(records, ROW)
    other = Announced(announcements_in(records))
    news = OthersAnnouncements(records, other)
    news.take_in()
    assert other.find(*ROW[:3], NOW) == ("Energy", "kWh")
    write(records, ROW._replace(name="Power", unit="W", arrived=NOW + timedelta(minutes=1)))
    assert other.find(*ROW[:3], NOW + timedelta(minutes=2)) == ("Energy", "kWh")
    news.take_in()
    assert other.find(*ROW[:3], NOW + timedelta(minutes=2)) == ("Power", "W")
    assert other.take_changes() == []


def test_what_strangers_announce_does_not_pile_up(records: Engine) -> None:
    def row(device: str, key: int, hour: int) -> AnnouncedRow:
        at = NOW + timedelta(hours=hour)
        return ROW._replace(device=device, key=str(key), arrived=at)

    rows = [row("known", 1, 0), row("old", 1, 1), row("old", 2, 1), row("new", 1, 2)]
    with records.begin() as conn:
        write_announcements(conn, rows, {"known"}, limit=3)
        totals = dict(conn.execute(select(counters.c.name, counters.c.total)).all())
    stored = {device: announcements_in(records)(device) for device in ("known", "old", "new")}
    assert stored == {"known": [rows[0]], "old": [], "new": [rows[3]]}
    assert totals == {"announcements_written": 4, "announcements_dropped": 2}
