"""A customer's callback address that keeps what it is told."""

from infra.devtools.web import Request, Response, WebServer


class Listener:
    """`failures` posts are answered 503 before it listens. Numbers of posts that came while it failed are kept too."""

    def __init__(self, *, failures: int = 0) -> None:
        self.failures = failures
        self.heard: list[Request] = []
        self._server = WebServer("127.0.0.1", 0, self._answer)
        self._server.start()
        self.url = f"http://127.0.0.1:{self._server.port}/hook"

    def _answer(self, request: Request) -> Response:
        self.heard.append(request)
        if self.failures:
            self.failures -= 1
            return Response(503)
        return Response(200, b'{"code":0,"msg":"ok","result":0,"errmsg":"OK"}', "application/json")

    def about(self, number: str) -> list[Request]:
        """What it was told about one number: a text of the test before may still be reported on here."""
        return [request for request in self.heard if number.encode() in request.body]

    def close(self) -> None:
        self._server.close()
