"""The operational log: one JSON line per event on standard error, for whoever is on call.

Only declared events with codes and type names go in; nothing of a request, a person or a partner's data. Not the processing log
(`gateway.privacylog`), which is evidence.
"""

import sys

import structlog


def configure() -> None:
    """Set the log up for this process; called once by the command line."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
