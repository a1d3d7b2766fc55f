"""Certificates of green power (绿证) in the record store: entering, cancelling, withdrawing, listing.

A certificate counts for the organisation it is entered for, and only once it is cancelled (核销): one that is
held may still be sold. Its number is there once among the entries that are not withdrawn, so that nobody uses
it twice. Every deed is in the ledger.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.carbon_tables import green_certificates

KINDS = ("gec", "green_power")
"""``gec``: a certificate bought by itself (GEC); ``green_power``: one that came with traded green power."""

MAX_ENERGY_MWH = 1e6
"""Of one entry; more is taken for a slip of unit."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate, or several that were entered as one.

    number
        As the issuer gave it, without blanks around it.
    organisation
        For whose use it counts.
    energy_mwh
        Power it stands for.
    generated_from, generated_until
        Local days of generation, ``[from, until)``.
    cancelled_on
        Local day on which it was cancelled; None: it is held only, and counts nothing.
    document
        What shows it: number or file name of the statement of cancellation.
    """

    number: str
    kind: str
    organisation: str
    energy_mwh: float
    generated_from: date
    generated_until: date
    cancelled_on: date | None = None
    document: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate in the book, under its entry's number; ``withdrawn_at`` where it was entered wrongly."""

    id: int
    certificate: Certificate
    entered_at: datetime
    entered_by: str
    withdrawn_at: datetime | None


def add_certificate(conn: Connection, given: Certificate, actor: str, at: datetime) -> Entry:
    """Enter a certificate.

    Raises InputError where a figure is out of its range, StateError where its number is in the book already.
    """
    certificate = replace(given, number=given.number.strip())
    _check(certificate)
    row = {
        **asdict(certificate),
        "live_number": certificate.number,
        "entered_at": at,
        "entered_by": actor,
    }
    try:
        with conn.begin_nested():
            number = conn.execute(insert(green_certificates).values(row)).inserted_primary_key
    except IntegrityError:
        raise StateError(
            f"a certificate must be entered once, got {certificate.number!r} again"
        ) from None
    entry = read_certificate(conn, int(number[0]) if number else 0)
    _tell(conn, "certificate_added", entry, actor, at, before=None)
    return entry


def cancel_certificate(
    conn: Connection, number: int, day: date, document: str, actor: str, at: datetime
) -> Entry:
    """Note that a certificate was cancelled for its organisation on a local day.

    Raises NotFoundError for an unknown entry, StateError where it was cancelled or withdrawn before, and
    InputError for a day before its power was generated.
    """
    before = _held(conn, number)
    if before.certificate.cancelled_on is not None:
        raise StateError(
            f"a certificate must be cancelled once, got {number} of {before.certificate.cancelled_on}"
        )
    _check(replace(before.certificate, cancelled_on=day))
    values = {"cancelled_on": day, "document": document or before.certificate.document}
    return _change(conn, before, values, "certificate_cancelled", actor, at)


def withdraw_certificate(
    conn: Connection, number: int, reason: str, actor: str, at: datetime
) -> Entry:
    """Take back an entry that was wrong; its number is free to be entered again.

    Raises NotFoundError for an unknown entry and StateError where it was withdrawn before.
    """
    before = _held(conn, number)
    values = {"live_number": None, "withdrawn_at": at, "note": reason}
    return _change(conn, before, values, "certificate_withdrawn", actor, at)


def read_certificate(conn: Connection, number: int) -> Entry:
    """The entry of this number. Raises NotFoundError where there is none."""
    query = select(green_certificates).where(green_certificates.c.id == number)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a certificate must exist by its entry's number, got {number}")
    return _entry(row)


def list_certificates(
    conn: Connection, organisations: Collection[str] | None = None, *, withdrawn: bool = False
) -> list[Entry]:
    """Entries in the order in which they were made, of these organisations (None: all).

    Those that were withdrawn are left out unless they are asked for.
    """
    query = select(green_certificates).order_by(green_certificates.c.id)
    if organisations is not None:
        query = query.where(green_certificates.c.organisation.in_(sorted(organisations)))
    if not withdrawn:
        query = query.where(green_certificates.c.withdrawn_at.is_(None))
    return [_entry(row) for row in conn.execute(query).mappings()]


def _check(certificate: Certificate) -> None:
    if not certificate.number:
        raise InputError("a certificate must have a number, got none")
    if certificate.kind not in KINDS:
        raise InputError(f"kind must be one of {', '.join(KINDS)}, got {certificate.kind!r}")
    if not 0 < certificate.energy_mwh <= MAX_ENERGY_MWH:
        raise InputError(
            f"energy_mwh must lie above 0 and at most at {MAX_ENERGY_MWH:g}, "
            f"got {certificate.energy_mwh}"
        )
    if certificate.generated_from >= certificate.generated_until:
        raise InputError(
            "generated_from must lie before generated_until, "
            f"got {certificate.generated_from} and {certificate.generated_until}"
        )
    day = certificate.cancelled_on
    if day is not None and day < certificate.generated_from:
        raise InputError(f"cancelled_on must not lie before the generation began, got {day}")


def _held(conn: Connection, number: int) -> Entry:
    """The entry, locked until the transaction ends. Raises StateError where it was withdrawn."""
    one = green_certificates.c.id == number
    conn.execute(select(green_certificates.c.id).where(one).with_for_update())
    entry = read_certificate(conn, number)
    if entry.withdrawn_at is not None:
        raise StateError(f"a certificate must not have been withdrawn, got {number}")
    return entry


def _change(
    conn: Connection,
    before: Entry,
    values: Mapping[str, object],
    action: str,
    actor: str,
    at: datetime,
) -> Entry:
    one = green_certificates.c.id == before.id
    conn.execute(update(green_certificates).where(one).values(values))
    entry = read_certificate(conn, before.id)
    _tell(conn, action, entry, actor, at, before=before)
    return entry


def _tell(
    conn: Connection, action: str, entry: Entry, actor: str, at: datetime, before: Entry | None
) -> None:
    Ledger(conn.engine).append(
        conn,
        at=at,
        actor=actor,
        action=action,
        subject=entry.certificate.organisation,
        detail={"entry": entry.id, "number": entry.certificate.number},
        before=None if before is None else _plain(before),
        after=_plain(entry),
    )


def _plain(entry: Entry) -> dict[str, object]:
    """A certificate as plain JSON."""
    values = asdict(entry.certificate) | {"withdrawn_at": entry.withdrawn_at}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _entry(row: RowMapping) -> Entry:
    names = Certificate.__dataclass_fields__
    return Entry(
        id=row["id"],
        certificate=Certificate(**{name: row[name] for name in names}),
        entered_at=row["entered_at"],
        entered_by=row["entered_by"],
        withdrawn_at=row["withdrawn_at"],
    )
