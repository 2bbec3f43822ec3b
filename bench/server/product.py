"""The product as a stranger sees it: a started server, an API token, and the command line."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("COUNTERSIGN_PROGRAM", os.path.join(ROOT, "build/release/countersign"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Product:
    """One installation in a folder of its own. `db` is a database URL; None: SQLite in the folder."""

    def __init__(self, folder=None, db=None, models=None, workers=1, flags=()):
        self.folder = folder or tempfile.mkdtemp(prefix="countersign-bench-")
        self.db, self.models, self.workers, self.flags = db, models, workers, flags
        self.process = self.token = None
        self.port = free_port()

    def _place(self):
        place = ["--data", self.folder]
        if self.db:
            place += ["--db", self.db]
        return place

    def command(self, *args, check=True, **more):
        return subprocess.run([PROGRAM, *args, *self._place()], check=check, capture_output=True, text=True, **more)

    def start(self):
        """Starts the server; returns the seconds until /healthz answered."""
        args = [PROGRAM, "serve", *self._place(), "--listen", f"127.0.0.1:{self.port}", "--workers", str(self.workers)]
        if self.models:
            args += ["--models", self.models]
        args += self.flags
        self.log = open(os.path.join(self.folder, "server.log"), "a+")
        began = time.perf_counter()
        self.process = subprocess.Popen(args, stdout=self.log, stderr=subprocess.STDOUT)
        while True:
            if self.process.poll() is not None:
                self.log.seek(0)
                raise RuntimeError("the server ended:\n" + self.log.read()[-2000:])
            try:
                if self.call("GET", "/healthz", raw=True)[0] == 200:
                    return time.perf_counter() - began
            except OSError:
                pass
            if time.perf_counter() - began > 60:
                raise RuntimeError("the server did not answer within a minute")
            time.sleep(0.005)

    def stop(self, how=signal.SIGTERM):
        if self.process:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None
            self.log.close()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _token_by_link(self, secret):
        status, headers, body = self.call("POST", "/api/v1/session/link", {"token": secret}, raw=True)
        if status != 200:
            raise RuntimeError(f"signing in by link: {status} {body}")
        cookie = headers["set-cookie"].split(";")[0]
        return self.call("POST", "/api/v1/tokens", {"name": "bench", "days": 1},
                         headers={"Cookie": cookie, "X-CSRF-Token": json.loads(body)["csrf"]})["secret"]

    def sign_in(self):
        """Signs in by the printed one-time link and makes an API token."""
        for _ in range(500):
            with open(os.path.join(self.folder, "server.log")) as log:
                links = re.findall(r"sign-in#([A-Za-z0-9_-]+)", log.read())
            if links:
                self.token = self._token_by_link(links[-1])
                return
            time.sleep(0.01)
        raise RuntimeError("the server printed no sign-in link")

    def annotators(self, count):
        """API tokens of `count` new annotators."""
        tokens = []
        for i in range(count):
            made = self.call("POST", "/api/v1/people", {"name": f"annotator-{i}", "display": f"Annotator {i}", "role": "annotator"})
            admin, self.token = self.token, None
            tokens.append(self._token_by_link(made["link"].split("#")[1]))
            self.token = admin
        return tokens

    def call(self, method, path, body=None, raw=False, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = dict(headers or {})
        if self.token and "Cookie" not in headers:
            headers["Authorization"] = "Bearer " + self.token
        data = body
        if isinstance(body, (dict, list)):
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if raw:
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]!r}")
        return json.loads(text) if text else None

    def memory_mb(self):
        """(resident now, highest so far) of the server, MB."""
        with open(f"/proc/{self.process.pid}/status") as f:
            found = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", f.read()))
        return int(found["VmRSS"]) / 1024, int(found["VmHWM"]) / 1024

    def project(self, name, schema):
        return self.call("POST", "/api/v1/projects",
                         {"name": name, "description": "", "schema": schema, "guideline": ""})["id"]

    def wait_for_job(self, job, seconds=1800):
        until = time.time() + seconds
        while time.time() < until:
            seen = self.call("GET", f"/api/v1/jobs/{job}")
            if seen["state"] in ("done", "dead", "cancelled"):
                return seen
            time.sleep(0.1)
        raise RuntimeError(f"job {job} did not end within {seconds} s")
