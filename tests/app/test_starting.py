"""What a start tells the ledger of settings."""

import json
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine, select

from quotawatt.app.starting import note_settings
from quotawatt.ledger import Ledger
from quotawatt.settings import Settings
from quotawatt.storage.tables import state

AT = datetime(2024, 1, 2, tzinfo=UTC)
SECRET = "hunter2-hunter2"


def test_changed_settings_are_named_and_nothing_of_them_is_told(
    records: Engine, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    note_settings(records, settings, "one", AT)
    note_settings(records, settings, "one", AT)
    changed = {"webhook_secret": SecretStr(SECRET), "analyse_every_s": 77.0}
    note_settings(records, settings.model_copy(update=changed), "one", AT)
    note_settings(records, settings, "two", AT)
    found = [e for e in Ledger(records).entries() if e.action == "settings_changed"]
    assert [e.subject for e in found] == ["one", "one", "two"]
    details = [json.loads(e.detail) for e in found]
    assert details[0] == {"first": True, "changed": []}
    assert details[1] == {"first": False, "changed": ["analyse_every_s", "webhook_secret"]}
    with records.connect() as conn:
        kept = repr(conn.execute(select(state)).all())
    assert SECRET not in kept + repr(found)
    assert "77" not in repr(details)
    assert Ledger(records).verify() == []
