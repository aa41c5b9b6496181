"""One keep-alive connection with a client certificate to a gateway: the least a partner needs besides `schemas`.

TLS 1.3, the gateway's certificate checked against the given root. A connection that the gateway closed is opened anew by the
next request; a request is never repeated silently (that is the caller's decision: submissions are idempotent on their kenmerk).
"""

import http.client
import json
import ssl
from pathlib import Path
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """Status, headers (lower case) and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - a JSON value
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)


class Connection:
    """A connection of one partner; not for use by several threads at once."""

    def __init__(self, host: str, port: int, *, ca: Path, cert: Path, key: Path, timeout: float = 60) -> None:
        context = ssl.create_default_context(cafile=str(ca))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(cert, key)
        self._http = http.client.HTTPSConnection(host, port, context=context, timeout=timeout)

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """Send one request and read its answer. Raises OSError or http.client.HTTPException when the connection fails."""
        sent = {"Content-Type": "application/json"} if body is not None else {}
        try:
            self._http.request(method, path, body, {**sent, **(headers or {})})
            response = self._http.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        except (OSError, http.client.HTTPException):
            self._http.close()
            raise

    def post(self, path: str, value: object) -> Answer:
        """POST a JSON value."""
        return self.request("POST", path, json.dumps(value).encode())

    def get(self, path: str) -> Answer:
        """GET a resource."""
        return self.request("GET", path)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()
