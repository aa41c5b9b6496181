"""A municipality's code is free again once its participant ended; a profile of who is live waits for a second person.

The statements stand in the .sql file beside it.

Forward only: a mistake is repaired by a next migration.
"""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Run the statements."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
