"""What is done with a return: filled, written over, submitted, sent back, accepted, reopened.

Accepting closes it as a snapshot; accepting it again after it was reopened issues a correction. Every
function works within the caller's transaction and notes the step in the ledger.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.issued import Draft, issue, issued_of
from quotawatt.ledger.entry import canonical_json
from quotawatt.register.model import Organisation
from quotawatt.returns import states
from quotawatt.returns.book import Act, Return, add_return, find_return, move, note, read_return
from quotawatt.returns.cells import (
    Cells,
    Override,
    Value,
    cells_to_json,
    figures,
    form_cells,
)
from quotawatt.returns.checks import Doubt
from quotawatt.returns.deriving import derived
from quotawatt.returns.periods import Period
from quotawatt.rulebook.forms import Form, FormRow
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.proposal import person_of

_LONGEST_TEXT = 200


def form_for(rulebook: Rulebook, form: str, period: Period) -> Form:
    """The version of a form that is in force on the last day of a period.

    Raises NotFoundError where there is none.
    """
    found = rulebook.as_of(period.last).forms.get(form)
    if found is None:
        raise NotFoundError(f"a form must be in force on {period.last}, got {form!r}")
    return found


def fill_return(
    conn: Connection, form: Form, organisation: str, period: Period, cells: Cells, act: Act
) -> Return:
    """Begin the return of an organisation and period, or fill it anew; what people wrote stays.

    Where an amended form no longer has a cell that somebody wrote, that is dropped, and said in the
    ledger. Raises StateError where the return is submitted or accepted.
    """
    kept = find_return(conn, form.id, organisation, period, lock=True)
    filled = {"cells": cells_to_json(cells), "filled_at": act.at, "version": form.version}
    if kept is None:
        made = add_return(
            conn,
            {
                "form": form.id,
                "organisation": organisation,
                "period": str(period),
                "state": states.DRAFT,
                "due": period.due(form),
                **filled,
            },
        )
        note(conn, made, states.FILL, act, {"cells": len(cells)})
        return made
    known = {name for name, _, _, _ in form_cells(form, period)}
    written = {name: one for name, one in kept.overrides.items() if name in known}
    detail = {"cells": len(cells), "dropped": sorted(kept.overrides.keys() - known)}
    more = {"overrides": cells_to_json(written), "sender": "", **filled}
    return move(conn, kept, states.FILL, act, detail, **more)


def set_cells(
    conn: Connection, number: int, form: Form, values: Mapping[str, Value], act: Act
) -> Return:
    """Write values over cells, with the reason in ``act.comment``; all of them or none.

    Raises InputError with everything that is wrong: an unknown cell, a value that is none of its row, a
    missing reason.
    """
    kept = read_return(conn, number, lock=True)
    rows = {name: row for name, _, _, row in form_cells(form, kept.period)}
    problems = [said for name, value in values.items() for said in _faults(name, value, rows)]
    if not act.comment.strip():
        problems.append("a cell must be written with a reason, got none")
    if problems or not values:
        raise InputError("\n".join(problems) or "at least one cell must be given, got none")
    at = act.at.isoformat()
    new = {name: Override(v, act.comment, act.actor, at) for name, v in values.items()}
    written = cells_to_json({**kept.overrides, **new})
    return move(conn, kept, states.SET, act, {"values": dict(values)}, overrides=written)


def clear_cells(conn: Connection, number: int, cells: Sequence[str], act: Act) -> Return:
    """Take back what was written over cells, so that what was filled in counts again."""
    kept = read_return(conn, number, lock=True)
    unknown = [name for name in cells if name not in kept.overrides]
    if unknown or not cells:
        raise InputError(
            f"what is cleared must have been written over, got {', '.join(unknown) or 'no cell'}"
        )
    left = {name: one for name, one in kept.overrides.items() if name not in cells}
    detail = {"cleared": sorted(cells)}
    return move(conn, kept, states.SET, act, detail, overrides=cells_to_json(left))


def submit(conn: Connection, number: int, doubts: Sequence[Doubt], act: Act) -> Return:
    """Hand a return in. One that is submitted already stays as it is: nothing is done twice.

    Raises InputError, naming every cell, where a check that blocks does not hold.
    """
    kept = read_return(conn, number, lock=True)
    if kept.state == states.SUBMITTED:
        return kept
    states.moved(kept.state, states.SUBMIT)
    blocking = [doubt for doubt in doubts if doubt.check.blocks]
    if blocking:
        raise InputError("\n".join(_said(doubt) for doubt in blocking))
    detail = {"doubts": [f"{doubt.check.id} {doubt.cell}" for doubt in doubts]}
    done = {"submitted_at": act.at, "submitted_by": act.actor, "comment": ""}
    return move(conn, kept, states.SUBMIT, act, detail, **done)


def send_back(conn: Connection, number: int, act: Act) -> Return:
    """Send a return back to whoever drew it up, with what is wrong. Raises InputError without that."""
    if not act.comment.strip():
        raise InputError("a return is sent back with a comment, got none")
    kept = read_return(conn, number, lock=True)
    decided = {"decided_at": act.at, "decided_by": act.actor, "comment": act.comment}
    return move(conn, kept, states.SEND_BACK, act, {}, submitted_at=None, **decided)


def accept(
    conn: Connection, number: int, form: Form, organisation: Organisation, act: Act
) -> Return:
    """Accept a return and close it as a snapshot of the form's kind; a correction where one was before.

    Raises StateError where it is not submitted, or whoever accepts it handed it in or wrote in a cell.
    """
    kept = read_return(conn, number, lock=True)
    states.moved(kept.state, states.ACCEPT)
    writers = {kept.submitted_by, *(one.by for one in kept.overrides.values())}
    if person_of(act.actor) in {person_of(writer) for writer in writers}:
        raise StateError(
            "a return must be accepted by somebody who neither handed it in nor wrote in it, "
            f"got {act.actor}"
        )
    content = snapshot_content(kept, form, organisation)
    standing = issued_of(conn, kept.issued) if kept.issued else None
    if standing is not None and canonical_json(standing.content) == canonical_json(content):
        made = standing
    else:
        period = str(kept.period)
        draft = Draft(form.id, kept.organisation, period, content, kept.issued, act.comment)
        made = issue(conn, draft, act.actor, act.at)
    decided = {"decided_at": act.at, "decided_by": act.actor, "comment": act.comment}
    detail = {"issued": made.number, "sha256": made.sha256}
    return move(conn, kept, states.ACCEPT, act, detail, issued=made.number, **decided)


def reopen(conn: Connection, number: int, act: Act) -> Return:
    """Open an accepted return for a correction; its snapshot stands until another is accepted.

    Raises InputError without a reason.
    """
    if not act.comment.strip():
        raise InputError("a return is reopened with a reason, got none")
    kept = read_return(conn, number, lock=True)
    return move(conn, kept, states.REOPEN, act, {}, submitted_at=None, comment=act.comment)


def snapshot_content(kept: Return, form: Form, organisation: Organisation) -> dict[str, Any]:
    """What is closed of a return: its figures as they print, and what was written by hand."""
    cells = derived(form, kept.period, kept.cells, kept.overrides)
    return {
        "form": {"id": form.id, "version": form.version, "code": form.code},
        "organisation": {
            name: getattr(organisation, name)
            for name in ("code", "name_zh", "name_en", "kind", "level")
        },
        "period": str(kept.period),
        "sender": kept.sender,
        "submitted_by": kept.submitted_by,
        "figures": figures(form, kept.period, cells),
        "by_hand": {name: one.reason for name, one in sorted(kept.overrides.items())},
    }


def require_form(kept: Return, form: Form) -> None:
    """Raise StateError where a return was filled on another version than is in force now."""
    if kept.version != form.version:
        raise StateError(
            f"a return must be on the form in force, {form.version}, and be filled anew, "
            f"got {kept.version}"
        )


def _faults(name: str, value: Value, rows: Mapping[str, FormRow]) -> list[str]:
    row = rows.get(name)
    if row is None:
        return [f"a cell must be one of the form, got {name!r}"]
    if value is None:
        return []
    if row.is_text:
        fits = isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT
        return [] if fits else [f"{name} must be a text, got {value!r}"]
    if isinstance(value, bool | str) or not math.isfinite(value) or not 0 <= value <= 1e15:
        return [f"{name} must be a number of at least 0 in {row.unit}, got {value!r}"]
    return []


def _said(doubt: Doubt) -> str:
    """A doubt as an error says it: the rule, then the value."""
    expected = "" if doubt.expected is None else f" (expected {doubt.expected:g})"
    got = "nothing" if doubt.value is None else f"{doubt.value:g}"
    return f"{doubt.cell}: check '{doubt.check.id}' must hold{expected}, got {got}"
