"""What a start tells the ledger: settings that are not as they were."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from pydantic import SecretStr
from sqlalchemy import Engine

from quotawatt.ledger import Ledger
from quotawatt.ledger.keys import SigningKey, signing_key
from quotawatt.settings import Settings
from quotawatt.storage.facts import read_fact
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import state

ACTOR = "system"


def note_settings(records: Engine, settings: Settings, instance: str, at: datetime) -> None:
    """Tell the ledger which settings changed since the last start of this instance, by name only."""
    key = signing_key(settings.home, settings.ledger_key_file)
    _note_settings(records, _digests(settings, key), instance, at)


def _digests(settings: Settings, key: SigningKey) -> Mapping[str, str]:
    """Of each setting something that changes with it and tells nothing of it."""
    # The key never leaves the machine, so that nobody can try secrets against what is stored.
    secret = key.sign("settings of this installation").encode()
    values = {name: getattr(settings, name) for name in type(settings).model_fields}
    return {
        name: hmac.new(secret, f"{name}\0{_text(value)}".encode(), sha256).hexdigest()
        for name, value in values.items()
    }


def _text(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else repr(value)


def _note_settings(
    records: Engine, digests: Mapping[str, str], instance: str, at: datetime
) -> None:
    name = f"settings:{sha256(instance.encode()).hexdigest()[:32]}"
    with records.begin() as conn:
        known = read_fact(conn, name, None)
        changed = sorted(
            n for n in {*digests, *(known or {})} if digests.get(n) != (known or {}).get(n)
        )
        if not changed:
            return
        upsert(conn, state, [{"name": name, "value": dict(digests)}], ["name"], ["value"])
        Ledger(records).append(
            conn,
            at=at,
            actor=ACTOR,
            action="settings_changed",
            subject=instance,
            detail={"first": known is None, "changed": changed if known is not None else []},
        )
