"""The day's signed head: made once, and put where whoever holds the record store does not reach."""

import logging
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from quotawatt.errors import StoreError
from quotawatt.ledger.book import Ledger
from quotawatt.ledger.heads import is_due, sign_head, write_head
from quotawatt.ledger.keys import signing_key
from quotawatt.settings import Settings

log = logging.getLogger(__name__)

HEADS_FOLDER = "ledger-heads"
"""Of the home folder: a copy of each head lies there, beside those outside."""


def place_head(records: Engine, settings: Settings, now: datetime) -> None:
    """Sign the ledger's head and put it into each folder that has none of the day yet; log it once.

    The folders are those of the settings and one in the home folder. Raises StoreError that names every
    folder that did not take it; the others have it then.
    """
    own, *others = head_folders(settings)
    own.mkdir(exist_ok=True)
    due = [folder for folder in (own, *others) if is_due(folder, now)]
    if not due:
        return
    key = signing_key(settings.home, settings.ledger_key_file)
    head = sign_head(Ledger(records).head(), now, key)
    if own in due:
        log.info("ledger head %s", head.as_json())
    failures = []
    for folder in due:
        try:
            write_head(head, folder)
        except StoreError as error:
            failures.append(str(error))
    if failures:
        raise StoreError("; ".join(failures))


def head_folders(settings: Settings) -> tuple[Path, ...]:
    """Where the signed heads of these settings lie."""
    return (settings.home / HEADS_FOLDER, *settings.ledger_heads)
