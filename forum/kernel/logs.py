"""What the forum writes for who keeps it running: one JSON object a line, with its moment in UTC."""

import sys

import structlog


def init_logs() -> None:
    """Write each event to stderr as one line that no text of others can break in two.

    Not to stdout: what a command answers must stay readable for the program that called it.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_names: structlog.WriteLogger(sys.stderr),
    )
