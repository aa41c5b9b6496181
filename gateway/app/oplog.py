"""The operational log: one JSON line per event on standard error, for whoever is on call.

Only declared events with codes and type names go in; nothing of a request, a person or a partner's data. Not the processing log
(`gateway.privacylog`), which is evidence.
"""

import logging
import sys

import structlog


def configure() -> None:
    """Set the log up for this process; called once by the command line. uvicorn says nothing: what it has to tell is ours to tell."""
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())  # noqa: TID251 - to silence it; no handler means standard error
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
