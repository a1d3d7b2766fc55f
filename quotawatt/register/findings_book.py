"""The findings that stand, in the record store: found, seen again, cleared, accepted, opened again.

A finding goes by (code, subject, key); no two sources share a code. Its states:

``open``
    It stands, and somebody should act.
``accepted``
    Somebody has said with a reason that it may stand. It stays accepted however often it is seen again,
    whatever its figures. Only where it was gone for ``GONE_FOR_GOOD`` and comes back is it a new one.
``cleared``
    A check that reports its whole set did not find it any more. Seen again it is open again, with its
    first day where it was gone for less than ``GONE_FOR_GOOD``.

What reports as it goes (the analyser, the collectors) uses ``note_findings`` and clears nothing; what lasts
while it is reported fades when it is not any more (``fade_findings``). A check that looks at everything each
time uses ``report_findings``, of all that its source finds or of some codes. What people decide about one is
in ``findings_decisions``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from quotawatt.findings import Finding, finding_key, finding_span
from quotawatt.register.finding_texts import finding_texts, severity_of
from quotawatt.register.model import Register
from quotawatt.storage.tables import findings

OPEN, ACCEPTED, CLEARED = "open", "accepted", "cleared"
STATES = (OPEN, ACCEPTED, CLEARED)

GONE_FOR_GOOD = timedelta(days=30)
"""What comes back after so long is another case of the same fault, and opens anew."""

_CHUNK = 500
_BY_NUMBER = update(findings).where(findings.c.id == bindparam("number"))

_Key = tuple[str, str, str]
_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BookReport:
    """What a report changed: findings that were opened, went on, or were cleared; how many are accepted."""

    opened: int
    standing: int
    cleared: int
    accepted: int


def note_findings(
    conn: Connection, source: str, found: Iterable[Finding], register: Register, at: datetime
) -> int:
    """List what was found; what is listed already was seen again at ``at``. Returns how many there were."""
    return len(_enter(conn, source, found, register, at))


def report_findings(
    conn: Connection,
    source: str,
    found: Iterable[Finding],
    register: Register,
    at: datetime,
    codes: Collection[str] | None = None,
) -> BookReport:
    """Make the list of a source what its check has found: the whole set, not what is new of it.

    ``conn`` comes from ``engine.begin()``. Of ``codes`` alone where they are given: the set is whole of
    these, and what the source has found besides stays as it is.
    """
    listed = _of_source(conn, source)
    before = {key: row for key, row in listed.items() if codes is None or row["code"] in codes}
    rows = _enter(conn, source, found, register, at)
    gone = [row for key, row in before.items() if key not in rows]
    _clear(conn, gone, at)
    states = [row["state"] for row in rows.values()]
    stood = {key for key, row in before.items() if row["state"] == OPEN}
    opened = sum(row["state"] == OPEN and key not in stood for key, row in rows.items())
    return BookReport(
        opened=opened,
        standing=states.count(OPEN) - opened,
        cleared=sum(row["state"] == OPEN for row in gone),
        accepted=states.count(ACCEPTED),
    )


def accepted_keys(conn: Connection, source: str) -> frozenset[_Key]:
    """(code, subject, key) of what is accepted of a source."""
    rows = _of_source(conn, source)
    return frozenset(key for key, row in rows.items() if row["state"] == ACCEPTED)


def _enter(
    conn: Connection, source: str, found: Iterable[Finding], register: Register, at: datetime
) -> dict[_Key, dict[str, Any]]:
    """Write what was found; the rows as they stand now, by key."""
    by_key = {(f.code, f.subject, finding_key(f)): f for f in found}
    known = _known(conn, by_key)
    rows: dict[_Key, dict[str, Any]] = {}
    for key, finding in by_key.items():
        fresh = _fresh(source, key, finding, register, at)
        rows[key] = _seen_again(known[key], fresh, at) if key in known else fresh
    new = [row for key, row in rows.items() if key not in known]
    again = [{**row, "number": known[key]["id"]} for key, row in rows.items() if key in known]
    if new:
        conn.execute(insert(findings), sorted(new, key=_identity))
    if again:
        conn.execute(_BY_NUMBER, [_only(row) for row in sorted(again, key=_identity)])
    return rows


_CHANGING = (
    "detail", "first_seen", "last_seen", "source", "organisation", "severity", "span_start",
    "span_end", "state", "cleared_at", "accepted_at", "accepted_by", "reason",
)  # fmt: skip


def _only(row: _Row) -> dict[str, Any]:
    return {name: row[name] for name in (*_CHANGING, "number")}


def _identity(row: _Row) -> _Key:
    """By which rows are written in order, so that two writers lock them in the same order."""
    return row["code"], row["subject"], row["key"]


def _fresh(
    source: str, key: _Key, finding: Finding, register: Register, at: datetime
) -> dict[str, Any]:
    span = finding_span(finding)
    return {
        "code": key[0],
        "subject": key[1],
        "key": key[2],
        "detail": dict(finding.detail),
        "first_seen": at,
        "last_seen": at,
        "source": source,
        "organisation": responsible_organisation(register, finding),
        "severity": severity_of(finding.code),
        "span_start": None if span is None else span.start,
        "span_end": None if span is None else span.end,
        "state": OPEN,
        "cleared_at": None,
        "accepted_at": None,
        "accepted_by": None,
        "reason": "",
    }


def _seen_again(known: _Row, fresh: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The row of a finding that is listed already and was found once more."""
    gone_since: datetime | None = known["cleared_at"]
    if gone_since is not None and at - gone_since >= GONE_FOR_GOOD:
        return fresh
    kept = {name: known[name] for name in ("first_seen", "accepted_at", "accepted_by", "reason")}
    state = ACCEPTED if known["state"] == ACCEPTED else OPEN
    return {**fresh, **kept, "state": state}


def fade_findings(conn: Connection, at: datetime) -> None:
    """Clear what is reported again and again while it lasts, and was not seen for its time."""
    for code, text in finding_texts().items():
        if text.fades_days is not None:
            last = at - timedelta(days=text.fades_days)
            old = and_(findings.c.code == code, findings.c.last_seen < last)
            statement = update(findings).where(old, findings.c.state == OPEN)
            conn.execute(statement.values(state=CLEARED, cleared_at=at))


def open_seen(conn: Connection, source: str, at: datetime) -> None:
    """Open again what was cleared and a source has seen at this very instant."""
    seen = and_(findings.c.source == source, findings.c.last_seen == at)
    statement = update(findings).where(seen, findings.c.state == CLEARED)
    conn.execute(statement.values(state=OPEN, cleared_at=None))


def assign_organisations(conn: Connection, register: Register) -> None:
    """Say of open findings that nobody answers for yet who does, where the register knows by now."""
    columns = [findings.c[name] for name in ("id", "code", "subject", "detail")]
    chosen = select(*columns).where(findings.c.state == OPEN, findings.c.organisation.is_(None))
    rows = [
        {"number": row.id, "organisation": organisation}
        for row in conn.execute(chosen)
        if (organisation := _responsible(register, row)) is not None
    ]
    if rows:
        conn.execute(_BY_NUMBER, rows)


def _responsible(register: Register, row: Any) -> str | None:
    return responsible_organisation(register, Finding(row.code, row.subject, row.detail))


def responsible_organisation(register: Register, finding: Finding) -> str | None:
    """Code of the organisation that answers for what a finding is about; None: the register does not say.

    It goes by the subject where that is an asset or ``ASSET/ACCOUNT``, else by the asset that the device
    feeds by its newest binding.
    """
    for code in (finding.subject, finding.subject.partition("/")[0]):
        if code in register.assets:
            return register.organisation_of(code)
    device = str(finding.detail.get("device") or finding.subject.partition("/")[0])
    channels = register.bound_channels.get(device, ())
    bindings = [b for channel in channels for b in register.bindings_on(device, channel)]
    newest = max(bindings, key=lambda b: b.valid_from, default=None)
    return None if newest is None else register.organisation_of(newest.asset)


def _known(conn: Connection, keys: Mapping[_Key, object]) -> dict[_Key, _Row]:
    """The rows that are there of these keys."""
    subjects = sorted({subject for _, subject, _ in keys})
    found: dict[_Key, _Row] = {}
    for start in range(0, len(subjects), _CHUNK):
        some = subjects[start : start + _CHUNK]
        chosen = select(findings).where(findings.c.subject.in_(some)).with_for_update()
        for row in map(dict, conn.execute(chosen).mappings()):
            if _identity(row) in keys:
                found[_identity(row)] = row
    return found


def _of_source(conn: Connection, source: str) -> dict[_Key, _Row]:
    """What a source has found and is not cleared."""
    chosen = select(findings).where(findings.c.source == source, findings.c.state != CLEARED)
    return {_identity(row): row for row in map(dict, conn.execute(chosen).mappings())}


def _clear(conn: Connection, gone: Iterable[_Row], at: datetime) -> None:
    """Note of findings that they are not found any more; what is accepted stays accepted."""
    rows = [
        {
            "number": row["id"],
            "state": CLEARED if row["state"] == OPEN else row["state"],
            "cleared_at": at,
        }
        for row in gone
        if row["cleared_at"] is None
    ]
    if rows:
        conn.execute(_BY_NUMBER, rows)
