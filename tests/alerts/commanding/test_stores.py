"""A command from beginning to end on each record store."""

from datetime import timedelta

from sqlalchemy import Engine

from alerts.cases.model import Act
from alerts.commanding import acts
from alerts.commanding.book import live_commands
from alerts.commanding.states import CommandState
from quotawatt.devicecommands import Catalogue
from tests.alerts.commanding.scene import MINUTE, NOW, Scene


def test_asked_sent_answered_undone(records: Engine, known: Catalogue) -> None:
    scene = Scene(records, known)
    made = scene.sent()
    scene.hears("plug", 0.0, NOW + MINUTE / 6)
    scene.watch(NOW + MINUTE / 3)
    assert scene.read(made.id).state is CommandState.ANSWERED
    with records.begin() as conn:
        back, _ = acts.undo(conn, made.id, scene.ground, Act("li", NOW + MINUTE))
    with records.begin() as conn:
        assert [one.id for one in live_commands(conn, "plug", lock=True)] == [back.id]
        acts.withdraw(conn, back.id, Act("li", NOW + MINUTE))
    with records.connect() as conn:
        assert live_commands(conn) == []
    assert scene.read(made.id).answered_at == NOW + timedelta(seconds=10)
