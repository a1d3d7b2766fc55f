"""The demo's supply contracts fit its register and the rulebook, and all of them are marked as made up."""

from pathlib import Path

import simulators
from quotawatt.money.contracts import problems_of
from quotawatt.money.files import read_contracts_file
from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.rulebook.loader import load_rulebook

HERE = Path(simulators.__file__).parent


def test_the_demos_contracts_are_sound_and_marked_invented() -> None:
    rulebook = load_rulebook()
    register = read_csv_folder(HERE / "demo_register")
    data = (HERE / "demo_contracts" / "contracts.csv").read_bytes()
    found = read_contracts_file("contracts.csv", data, rulebook)
    assert found.problems == ()
    assert problems_of(found.drafts, (), register, rulebook) == []
    contracts = [draft.contract for draft in found.drafts]
    assert {rulebook.tariffs[c.tariff].trust.value for c in contracts} == {"invented"}
    assert all("虚构" in c.note and "invented" in c.note for c in contracts)
    powered = {c.subject for c in contracts if c.measure == "electricity_import_kwh"}
    assert powered == set(register.buildings)
