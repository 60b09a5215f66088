"""Logging: one line per event on standard error, with the time in UTC."""

from __future__ import annotations

import logging
import os
import time


def configure_logging() -> None:
    """Set up the process's log; SHOPBELL_LOG_LEVEL (default WARNING) says how much."""
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=os.environ.get("SHOPBELL_LOG_LEVEL", "WARNING"), handlers=[handler], force=True)
