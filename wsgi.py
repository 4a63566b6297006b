"""The application for a WSGI server."""

from forum.app import create_app

app = create_app()
