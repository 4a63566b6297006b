"""What the forum writes for who keeps it running: one JSON object a line, with its moment in UTC."""

import structlog


def init_logs() -> None:
    """Write each event as one line that no text of others can break in two."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
