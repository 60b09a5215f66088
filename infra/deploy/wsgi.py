"""The WSGI application behind one reverse proxy: `infra.deploy.wsgi:app`.

Sign-in attempts are counted by address, so the visitor's must be known. The last proxy's word is taken for it and for
https; without a proxy in front use `infra.wsgi:app`, or anybody could claim to be anybody.
"""

from werkzeug.middleware.proxy_fix import ProxyFix

from infra.wsgi import app

app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]

__all__ = ["app"]
