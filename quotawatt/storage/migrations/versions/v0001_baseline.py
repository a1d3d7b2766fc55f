"""The tables before their versions were counted; a store from that time gets what it lacks of them."""

from alembic import op

from quotawatt.storage.migrations.baseline import metadata
from quotawatt.storage.upgrade import add_what_is_missing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what is not there."""
    add_what_is_missing(op.get_bind(), metadata)
