"""The part of the register that somebody reaches, as a workbook goes out and comes in again."""

from dataclasses import replace
from typing import Any

from api.access import Permit
from api.contact_views import seen
from api.register_keys import owner_of
from quotawatt.register.editing import rows_of
from quotawatt.register.found import Found
from quotawatt.register.merging import key_of_row
from quotawatt.register.model import Register
from quotawatt.register.rows import records_of


def reached(register: Register, permit: Permit) -> Register:
    """The register without the records that are out of reach, all of their past included.

    Addresses of people are cut for who may not change the register; an import refuses them as they are.
    """
    duties = seen(permit, register.duties)
    if permit.everywhere and duties == list(register.duties):
        return register
    mine: dict[str, Any] = {
        kind: [record for record in records if permit.sees(owner_of(kind, record))]
        for kind, records in {**records_of(register), "duties": duties}.items()
    }
    adopted = [binding for binding in register.adopted if permit.sees(binding.asset)]
    return Register(**mine, adopted=adopted)


def with_unreached(found: Found, stored: Register, permit: Permit) -> Found:
    """What was read, with the stored records that are out of reach beside it.

    A workbook that went out to somebody does not have them; that it lacks them is no wish to remove them.
    """
    if permit.everywhere:
        return found
    all_rows, records = rows_of(stored), records_of(stored)
    rows = {}
    for kind, read in found.rows.items():
        said = {key_of_row(kind, row) for row in read}
        both = zip(records[kind], all_rows[kind], strict=True)
        others = [row for record, row in both if not permit.sees(owner_of(kind, record))]
        rows[kind] = [*read, *(row for row in others if key_of_row(kind, row) not in said)]
    return replace(found, rows=rows)
