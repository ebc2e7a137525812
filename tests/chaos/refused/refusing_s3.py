"""A proxy before S3 that answers for chosen objects as AWS does where it refuses one, and passes everything else on.

No server of the tests has archive classes, keys of KMS or permissions for single objects.
"""

from __future__ import annotations

import http.client
import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of S3. ``said`` is how the report names it."""

    status: int
    code: str
    message: str
    said: str


REFUSALS = {
    "archived": Refusal(403, "InvalidObjectState", "not valid for the object's storage class", "archived"),
    "denied": Refusal(403, "AccessDenied", "not authorized to perform: s3:GetObject", "denied"),
    "key-denied": Refusal(403, "AccessDenied", "not authorized to perform: kms:Decrypt", "encrypted"),
    "key-disabled": Refusal(400, "KMS.DisabledException", "the key is disabled", "encrypted"),
    "customer-key": Refusal(
        400, "InvalidRequest", "stored using a form of Server Side Encryption", "encrypted"
    ),
    "refused": Refusal(400, "SomethingElse", "refused for a reason of its own", "unreadable"),
    "no-key": Refusal(404, "NoSuchKey", "the key does not exist", "gone"),
    "no-version": Refusal(404, "NoSuchVersion", "the version does not exist", "gone"),
    "delete-marker": Refusal(405, "MethodNotAllowed", "the version is a delete marker", "gone"),
}
"""By a word that the object's name begins with."""


@dataclass(slots=True)
class RefusingS3:
    """``address`` is where it listens; ``asked`` counts requests for objects that are refused, by that word."""

    address: str
    asked: Counter[str] = field(default_factory=Counter)


@contextmanager
def refusing_s3(upstream: str) -> Iterator[RefusingS3]:
    """A proxy before the server at ``upstream`` (host and port)."""
    proxy = RefusingS3("")

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            name = unquote(urlsplit(self.path).path).rsplit("/", 1)[-1]
            word = next((word for word in REFUSALS if name.startswith(f"{word}.")), None)
            if self.command == "GET" and word is not None:
                proxy.asked[word] += 1
                refusal = REFUSALS[word]
                text = f"<Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>"
                self._answer(refusal.status, [("Content-Type", "application/xml")], text.encode())
                return
            connection = http.client.HTTPConnection(upstream, timeout=30)
            try:
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for key, value in self.headers.items():
                    connection.putheader(key, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                self._answer(answer.status, answer.getheaders(), answer.read())
            finally:
                connection.close()

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_one

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            for key, value in headers:
                if key.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(key, value)
            given = {key.lower(): value for key, value in headers}.get("content-length")
            self.send_header("Content-Length", given if self.command == "HEAD" and given else str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
