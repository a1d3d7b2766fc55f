"""Uploads between preview and confirmation: one of each person, for an hour, within a bound."""

from datetime import UTC, datetime

from api.console.kept_uploads import KEPT_FOR, KeptUploads
from api.importing import Upload

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def upload(size: int = 10) -> Upload:
    return Upload("a.xlsx", b"x" * size)


def test_an_upload_is_found_by_its_owner_for_an_hour() -> None:
    kept = KeptUploads()
    name = kept.keep("ann", upload(), NOW)
    assert kept.find("ann", name, NOW) == upload()
    assert kept.find("bob", name, NOW) is None
    assert kept.find("ann", "other", NOW) is None
    assert kept.find("ann", name, NOW + KEPT_FOR) is None


def test_a_second_upload_takes_the_place_of_the_first() -> None:
    kept = KeptUploads()
    first, second = kept.keep("ann", upload(1), NOW), kept.keep("ann", upload(2), NOW)
    assert kept.find("ann", first, NOW) is None
    assert kept.find("ann", second, NOW) == upload(2)


def test_the_oldest_go_where_there_is_no_room() -> None:
    kept = KeptUploads(bytes_limit=25)
    names = [kept.keep(owner, upload(), NOW) for owner in ("ann", "bob", "eve")]
    found = [kept.find(o, n, NOW) for o, n in zip(("ann", "bob", "eve"), names, strict=True)]
    assert [one is not None for one in found] == [False, True, True]


def test_what_was_carried_out_is_forgotten() -> None:
    kept = KeptUploads()
    name = kept.keep("ann", upload(), NOW)
    kept.drop(name)
    kept.drop(name)
    assert kept.find("ann", name, NOW) is None
