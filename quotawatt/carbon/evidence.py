"""Evidence of scorecards: what a person confirmed for an item, by which document. The latest counts."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from quotawatt.errors import InputError
from quotawatt.ledger import Ledger
from quotawatt.storage.carbon_tables import scorecard_evidence


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was confirmed of one item.

    met
        Share of the item that is met, 0 (not at all) to 1 (wholly).
    document
        What shows it: a number, title or file name that an auditor finds it by.
    """

    asset: str
    scorecard: str
    item: str
    year: int
    met: float
    document: str
    note: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""


def confirm(conn: Connection, given: Evidence, actor: str, at: datetime) -> None:
    """Put evidence down, in the place of what was confirmed of the item before.

    Raises InputError for a share outside 0 to 1, and where no document is named.
    """
    if not 0 <= given.met <= 1:
        raise InputError(f"met must lie in 0 to 1, got {given.met}")
    if not given.document.strip():
        raise InputError("evidence must name its document, got none")
    before = evidence_of(conn, given.asset, given.scorecard, given.year).get(given.item)
    row = asdict(given) | {"confirmed_at": at, "confirmed_by": actor}
    conn.execute(insert(scorecard_evidence).values(row))
    detail = {name: getattr(given, name) for name in ("scorecard", "item", "year", "document")}
    Ledger(conn.engine).append(
        conn,
        at=at,
        actor=actor,
        action="scorecard_confirmed",
        subject=given.asset,
        detail={**detail, "note": given.note},
        before=None if before is None else {"met": before.met, "document": before.document},
        after={"met": given.met, "document": given.document},
    )


def evidence_of(conn: Connection, asset: str, scorecard: str, year: int) -> dict[str, Evidence]:
    """The latest evidence of each item of a scorecard that any was given for, by item."""
    table = scorecard_evidence.c
    query = (
        select(scorecard_evidence)
        .where(table.asset == asset, table.scorecard == scorecard, table.year == year)
        .order_by(table.id)
    )
    names = Evidence.__dataclass_fields__
    rows = conn.execute(query).mappings()
    return {row["item"]: Evidence(**{name: row[name] for name in names}) for row in rows}
