"""The WSGI application for gunicorn: `infra.wsgi:app`."""

from blueprints.app import create_app
from shopbell.logs import configure_logging
from shopbell.settings import Settings

configure_logging()
app = create_app(Settings.load())
