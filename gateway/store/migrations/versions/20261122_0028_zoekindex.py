"""The index of the officer's search finds by subject under row security.

The statements stand in the .sql file beside it.

Forward only: a mistake is repaired by a next migration.
"""

from pathlib import Path

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Run the statements."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
