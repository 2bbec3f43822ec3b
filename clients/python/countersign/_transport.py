"""One HTTP request, and trying it again: connection, token, timeouts, backoff, streams both ways.

Strategy. One connection a request, closed with its answer: a script that waits for people between two
requests never meets a connection that died meanwhile, and threads share nothing. A request is tried
again when that cannot do it twice: GET and PUT always, others with an idempotency key, and all of them
when the server said that it did nothing (429, 503) or when it could not be reached at all. Waits double
from half a second, with a random half off, and are never shorter than Retry-After.
"""

from __future__ import annotations

import http.client
import io
import json
import random
import socket
import ssl
import time
import urllib.parse
import uuid
import zlib
from typing import IO, Any, Callable, Dict, Iterator, Mapping, Optional, Union

from .errors import Refused, Unavailable, refusal

Data = Union[bytes, Callable[[], IO[bytes]]]
"""What an upload sends: bytes, or how to open what is read; a request that is tried again opens it again."""

Query = Mapping[str, Union[str, int, float, bool, None]]

_safe_methods = ("GET", "HEAD", "PUT", "DELETE")
_busy = (429, 503)
_longest_wait = 30.0
_block = 1 << 18  # bytes read and sent at a time


class Stream(io.RawIOBase):
    """The body of an answer as it comes, unpacked; close it, or use it in `with`."""

    def __init__(self, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> None:
        super().__init__()
        self._connection = connection
        self._answer = answer
        self.headers: Dict[str, str] = {name.lower(): value for name, value in answer.getheaders()}
        packed = self.headers.get("content-encoding") == "gzip"
        self._unpacker = zlib.decompressobj(31) if packed else None  # 31: gzip, largest window
        self._unpacked = b""

    def __enter__(self) -> Stream:
        return self

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            if self._unpacker is None:
                return self._receive(buffer)
            while not self._unpacked and not self._unpacker.eof:
                packed = bytearray(1 << 14)
                size = self._receive(packed)
                if size == 0:
                    raise Unavailable("The answer broke off before its end.")
                self._unpacked = self._unpacker.decompress(bytes(packed[:size]))
        except (OSError, http.client.HTTPException, zlib.error) as broken:
            raise Unavailable(f"The answer broke off: {broken}") from broken
        size = min(len(buffer), len(self._unpacked))
        buffer[:size] = self._unpacked[:size]
        self._unpacked = self._unpacked[size:]
        return size

    def _receive(self, buffer: Any) -> int:
        size = self._answer.readinto(buffer)
        if size == 0 and len(buffer) > 0 and self._answer.length:
            raise Unavailable(f"The answer broke off {self._answer.length} bytes before its end.")
        return size

    def text(self) -> bytes:
        """All of it."""
        return self.read() or b""

    def lines(self) -> Iterator[bytes]:
        """Line by line, in memory of one line."""
        with io.BufferedReader(self, 1 << 16) as buffered:
            yield from buffered

    def close(self) -> None:
        if not self.closed:
            self._answer.close()
            self._connection.close()
        super().close()


class Transport:
    """How requests reach one server.

    timeout: seconds that the server may be silent. tries: of one request, in all.
    """

    def __init__(self, url: str, token: Optional[str], *, timeout: float = 60.0, tries: int = 6,
                 context: Optional[ssl.SSLContext] = None, sleep: Callable[[float], None] = time.sleep) -> None:
        parts = urllib.parse.urlsplit((url if "://" in url else "http://" + url).rstrip("/"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a server: say http://HOST:PORT or https://HOST")
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self._parts = parts
        self._token = token
        self._timeout = timeout
        self._tries = max(1, tries)
        self._context = context
        self._sleep = sleep

    @staticmethod
    def fresh_key() -> str:
        return uuid.uuid4().hex

    @staticmethod
    def quoted(place: str) -> str:
        return urllib.parse.quote(place, safe="")

    def json(self, method: str, path: str, *, query: Optional[Query] = None, body: Any = None,
             data: Optional[Data] = None, idempotency_key: Optional[str] = None) -> Any:
        """The answer's JSON; None when it has no body."""
        with self.stream(method, path, query=query, body=body, data=data, idempotency_key=idempotency_key) as answer:
            text = answer.text()
        return json.loads(text) if text else None

    def send(self, method: str, path: str, *, query: Optional[Query] = None, body: Any = None,
             data: Optional[Data] = None, idempotency_key: Optional[str] = None) -> None:
        self.stream(method, path, query=query, body=body, data=data, idempotency_key=idempotency_key).close()

    def stream(self, method: str, path: str, *, query: Optional[Query] = None, body: Any = None,
               data: Optional[Data] = None, idempotency_key: Optional[str] = None) -> Stream:
        """The answer with its body still to be read. Raises Refused and Unavailable."""
        target = self._parts.path + path + _query_text(query or {})
        headers = self._headers(idempotency_key)
        content: Optional[Data] = data
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        elif data is not None:
            headers["Content-Type"] = "application/octet-stream"
        again = method in _safe_methods or idempotency_key is not None
        for attempt in range(1, self._tries + 1):
            last = attempt == self._tries
            try:
                return self._once(method, target, headers, content)
            except Refused as no:
                if last or no.status not in _busy:
                    raise
                self._wait(attempt, no.retry_after)
            except (OSError, http.client.HTTPException) as broken:
                unsent = isinstance(broken, (ConnectionRefusedError, socket.gaierror))
                if last or not (again or unsent):
                    raise Unavailable(f"No answer from {self.url} to {method} {path}: "
                                      f"{broken or type(broken).__name__}") from broken
                self._wait(attempt, None)
        raise AssertionError("a request ends by its answer or by an exception")

    def token_by_link(self, secret: str, name: str, days: int) -> str:
        """Signs in by the secret of a one-time link, as a browser does, and makes an API token."""
        link = json.dumps({"token": secret}).encode()
        as_json = {"Content-Type": "application/json"}
        with self._once("POST", self._parts.path + "/api/v1/session/link", as_json, link) as answer:
            session = json.loads(answer.text())
            cookie = answer.headers["set-cookie"].split(";")[0]
        signed_in = {**as_json, "Cookie": cookie, "X-CSRF-Token": session["csrf"]}
        body = json.dumps({"name": name, "days": days}).encode()
        with self._once("POST", self._parts.path + "/api/v1/tokens", signed_in, body) as answer:
            return str(json.loads(answer.text())["secret"])

    def _headers(self, idempotency_key: Optional[str]) -> Dict[str, str]:
        headers = {"User-Agent": "countersign-python", "Accept-Encoding": "gzip"}
        if self._token:
            headers["Authorization"] = "Bearer " + self._token
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        return headers

    def _once(self, method: str, target: str, headers: Dict[str, str], content: Optional[Data]) -> Stream:
        connection = self._connect()
        try:
            if callable(content):
                with content() as opened:
                    connection.request(method, target, body=opened, headers=headers)
            else:
                connection.request(method, target, body=content, headers=headers)
            answer = connection.getresponse()
            stream = Stream(connection, answer)
            if answer.status >= 400:
                with stream:
                    raise _refusal_of(answer.status, stream)
            return stream
        except BaseException:
            connection.close()
            raise

    def _connect(self) -> http.client.HTTPConnection:
        host, port = str(self._parts.hostname), self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=self._context,
                                               blocksize=_block)
        return http.client.HTTPConnection(host, port, timeout=self._timeout, blocksize=_block)

    def _wait(self, attempt: int, at_least: Optional[float]) -> None:
        backoff = min(_longest_wait, 0.5 * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)
        self._sleep(max(backoff, at_least or 0.0))


def _query_text(query: Query) -> str:
    said = [(name, str(int(value)) if isinstance(value, bool) else str(value))
            for name, value in query.items() if value is not None]
    return "?" + urllib.parse.urlencode(said) if said else ""


def _refusal_of(status: int, answer: Stream) -> Refused:
    try:
        problem = json.loads(answer.text())
    except ValueError:
        problem = {}
    after = answer.headers.get("retry-after", "")
    return refusal(status, problem if isinstance(problem, dict) else {},
                   float(after) if after.replace(".", "", 1).isdigit() else None)
