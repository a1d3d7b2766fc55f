"""Returns that come from platforms below: taken in once, and then decided on like any other."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from quotawatt.errors import InputError, StateError
from quotawatt.exchange.documents import ReturnDocument
from quotawatt.exchange.making import cells_of
from quotawatt.register.model import Organisation
from quotawatt.returns import states
from quotawatt.returns.book import Act, Return, add_return, find_return, move, note
from quotawatt.returns.cells import cells_to_json
from quotawatt.returns.periods import parse_period
from quotawatt.rulebook.forms import Form
from quotawatt.storage.returns_tables import exchange_inbox


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a document was taken in: the return that it made. ``again``: it had come before."""

    number: str
    sha256: str
    return_number: int
    received_at: datetime
    again: bool


def receive(
    conn: Connection,
    document: ReturnDocument,
    form: Form,
    organisation: Organisation,
    sender: str,
    act: Act,
    today: date,
) -> Receipt:
    """Take in a return from another platform, as submitted. The same document again changes nothing.

    Raises InputError with everything that does not fit the form or the register, and StateError where
    the number came with another content, the return is accepted already, or was drawn up here.
    """
    known = _known(conn, document, sender)
    if known is not None:
        return known
    cells = cells_to_json(_checked(document, form, organisation, today))
    period = parse_period(document.period)
    kept = find_return(conn, form.id, organisation.code, period, lock=True)
    values = {
        "cells": cells,
        "overrides": {},
        "sender": sender,
        "version": form.version,
        "filled_at": act.at,
        "submitted_at": act.at,
        "submitted_by": act.actor,
    }
    said = {"sender": sender, "document": document.number, "sha256": document.sha256}
    if kept is None:
        row = {
            "form": form.id,
            "organisation": organisation.code,
            "period": document.period,
            "due": period.due(form),
            "state": states.SUBMITTED,
            **values,
        }
        kept = add_return(conn, row)
        note(conn, kept, states.RECEIVE, act, said)
    else:
        _require_theirs(kept, sender)
        kept = move(conn, kept, states.RECEIVE, act, said, **values)
    return _receipt(conn, document, sender, kept, act)


def _known(conn: Connection, document: ReturnDocument, sender: str) -> Receipt | None:
    t = exchange_inbox.c
    chosen = select(exchange_inbox).where(t.sender == sender, t.number == document.number)
    row = conn.execute(chosen).one_or_none()
    if row is None:
        return None
    if row.sha256 != document.sha256:
        raise StateError(
            "a number must name one content, and a correction have a number of its own, "
            f"got {document.number} with another"
        )
    return Receipt(row.number, row.sha256, row.return_id, row.received_at, again=True)


def _checked(
    document: ReturnDocument, form: Form, organisation: Organisation, today: date
) -> dict[str, Any]:
    period = parse_period(document.period)
    if document.form.version != form.version:
        raise InputError(
            f"a return of {period} must be on version {form.version} of the form, "
            f"got {document.form.version!r}"
        )
    if period.first > today:
        raise InputError(f"a period must have begun, got {period}")
    if document.organisation.kind != organisation.kind:
        raise InputError(
            f"the kind of {organisation.code} must be that of the register, {organisation.kind}, "
            f"got {document.organisation.kind!r}"
        )
    return dict(cells_of(document, form))


def _require_theirs(kept: Return, sender: str) -> None:
    """What people here have drawn up is not overwritten from outside."""
    if kept.sender != sender and kept.state != states.ACCEPTED:
        raise StateError(
            f"a return must come from who sent it first, {kept.sender or 'this platform'}, "
            f"got {sender}"
        )


def _receipt(
    conn: Connection, document: ReturnDocument, sender: str, kept: Return, act: Act
) -> Receipt:
    row = {
        "sender": sender,
        "number": document.number,
        "sha256": document.sha256,
        "return_id": kept.id,
        "received_at": act.at,
        "received_by": act.actor,
    }
    conn.execute(insert(exchange_inbox).values(row))
    return Receipt(document.number, document.sha256, kept.id, act.at, again=False)
