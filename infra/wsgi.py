"""The WSGI application for gunicorn: `infra.wsgi:app`. With `--preload` its processes are forked ready to serve."""

from blueprints.app import create_app
from blueprints.rehearsal import rehearse
from shopbell.logs import configure_logging
from shopbell.settings import Settings

configure_logging()
app = create_app(Settings.load())
rehearse(app)
