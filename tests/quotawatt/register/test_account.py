"""What the ledger keeps of a change of the register."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine

from quotawatt.ledger import Ledger
from quotawatt.ledger.selection import Selection
from quotawatt.register.model import Binding, Building, Headcount, Organisation, Register, Site
from quotawatt.register.repository import save_register

AT = datetime(2024, 1, 2, tzinfo=UTC)


def _register(area_m2: float, people: float) -> Register:
    return Register(
        organisations=[Organisation("ORG-1", "机关", "Office", "party_government", "city")],
        headcounts=[Headcount("ORG-1", "in_post", people, date(2023, 1, 1))],
        sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
        buildings=[
            Building("BLD-1", "楼", "Building", "SITE-1", "ORG-1", area_m2),
            Building("BLD-2", "楼", "Building", "SITE-1", "ORG-1", 7.0),
        ],
        bindings=[Binding("dev-1", "BLD-1", AT)],
    )


def test_every_record_that_differs_is_kept_before_and_after(records: Engine) -> None:
    save_register(records, _register(1000.0, 40), "li", AT)
    save_register(records, _register(1200.0, 40), "wu", AT)
    first, second = Ledger(records).entries()
    told = Ledger(records).detail_of(second)
    assert set(told["before"]) == set(told["after"]) == {"buildings"}
    (before,), (after,) = told["before"]["buildings"], told["after"]["buildings"]
    assert (before["code"], before["gross_area_m2"], after["gross_area_m2"]) == (
        "BLD-1",
        1000.0,
        1200.0,
    )
    assert Ledger(records).detail_of(first)["after"]["bindings"][0]["valid_from"] == AT.isoformat()
    assert Ledger(records).verify() == []


def test_a_change_is_found_by_the_assets_that_it_changed(records: Engine) -> None:
    save_register(records, _register(1000.0, 40), "li", AT)
    save_register(records, _register(1200.0, 40), "wu", AT)
    save_register(records, _register(1200.0, 41), "li", AT)
    found = {
        code: [entry.seq for entry in Ledger(records).find(Selection(subject=code))]
        for code in ("BLD-1", "BLD-2", "ORG-1")
    }
    assert found == {"BLD-1": [1, 2], "BLD-2": [1], "ORG-1": [1, 3]}
