"""Trying again, on a server that answers as it is told."""

import http.server
import io
import json
import threading
import unittest

import server  # noqa: F401  the package's folder on the path
from countersign import Refused, Unavailable
from countersign._transport import Transport


class Told(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size) if size else self.chunks()
        told = self.server.told.pop(0)
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        if told == "hang up":
            self.connection.close()
            self.close_connection = True
            return
        status, headers, text = told
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        self.close_connection = True

    do_GET = do_POST = do_PUT = answer

    def chunks(self):
        whole = b""
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                whole += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        return whole

    def log_message(self, *_):
        pass


def problem(status, code, **headers):
    return status, headers, json.dumps({"status": status, "code": code, "detail": "Say it again."}).encode()


class Retries(unittest.TestCase):
    def setUp(self):
        self.told = http.server.HTTPServer(("127.0.0.1", 0), Told)
        self.told.told, self.told.seen = [], []
        self.thread = threading.Thread(target=self.told.serve_forever, args=(0.01,))
        self.thread.start()
        self.waits = []
        url = f"http://127.0.0.1:{self.told.server_port}/under"
        self.transport = Transport(url, "secret", tries=4, timeout=5, sleep=self.waits.append)

    def tearDown(self):
        self.told.shutdown()
        self.thread.join()
        self.told.server_close()

    def test_a_busy_server_is_asked_again_not_sooner_than_it_says(self):
        self.told.told = [problem(429, "too_many", **{"Retry-After": "7"}), problem(503, "unavailable"), (200, {}, b"[1]")]
        self.assertEqual(self.transport.json("POST", "/x", body={}), [1])
        self.assertEqual(self.waits[0], 7.0)
        self.assertTrue(0.5 <= self.waits[1] <= 1.0)

    def test_it_gives_up_with_the_last_refusal(self):
        self.told.told = [problem(503, "unavailable")] * 4
        with self.assertRaises(Refused) as refused:
            self.transport.json("GET", "/x")
        self.assertEqual((refused.exception.code, refused.exception.detail), ("unavailable", "Say it again."))
        self.assertEqual(len(self.waits), 3)

    def test_a_lost_answer_is_asked_for_again_only_when_that_cannot_do_it_twice(self):
        self.told.told = ["hang up", (200, {}, b"1"), "hang up", "hang up", (200, {}, b"2")]
        self.assertEqual(self.transport.json("GET", "/x"), 1)
        with self.assertRaises(Unavailable):
            self.transport.json("POST", "/x", body={})
        self.assertEqual(self.transport.json("POST", "/x", body={}, idempotency_key="k"), 2)
        self.assertEqual([seen[2].get("Idempotency-Key") for seen in self.told.seen[-2:]], ["k", "k"])

    def test_an_upload_is_read_from_its_start_again(self):
        self.told.told = ["hang up", (200, {}, b"")]
        self.transport.send("PUT", "/x", data=lambda: io.BytesIO(b"abc" * 100000))
        self.assertEqual([len(seen[3]) for seen in self.told.seen], [300000, 300000])

    def test_a_refusal_that_stands_is_not_repeated(self):
        self.told.told = [problem(422, "invalid")]
        with self.assertRaises(Refused):
            self.transport.json("GET", "/x", query={"flag": True, "left_out": None, "text": "a&b"})
        self.assertEqual(self.told.seen[0][1], "/under/x?flag=1&text=a%26b")
        self.assertEqual(self.told.seen[0][2]["Authorization"], "Bearer secret")

    def test_a_body_that_ends_early_is_no_answer(self):
        self.told.told = [(200, {"Content-Length": "10"}, b"12345")]
        with self.assertRaises(Unavailable), self.transport.stream("GET", "/x") as stream:
            stream.read()

    def test_nobody_at_home_is_said_with_the_address(self):
        lost = Transport("127.0.0.1:1", None, tries=2, sleep=self.waits.append)
        with self.assertRaisesRegex(Unavailable, "http://127.0.0.1:1"):
            lost.json("POST", "/x", body={})
        self.assertEqual(len(self.waits), 1)


if __name__ == "__main__":
    unittest.main()
