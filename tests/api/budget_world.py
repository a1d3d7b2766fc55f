"""The small world for budgets, targets and explanations: built once a module, emptied for each test."""

from sqlalchemy import delete

from quotawatt.storage.assigned_tables import assigned_figures, overrun_explanations
from quotawatt.storage.tables import findings
from tests.api.asking import answer_as_asked
from tests.api.scene import Scene


def emptied(scene: Scene) -> Scene:
    """The world with nothing assigned, explained or found yet, asked by whoever holds its token."""
    with scene.records.begin() as conn:
        for table in (assigned_figures, overrun_explanations, findings):
            conn.execute(delete(table))
    answer_as_asked(scene.app)
    return scene
