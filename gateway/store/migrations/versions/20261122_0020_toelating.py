"""Onboarding: the life cycle that the database holds to, what a partner has to show, and shadow deliveries.

The statements stand in the .sql file beside it.

Forward only: a mistake is repaired by a next migration.
"""

from pathlib import Path

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Run the statements."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
