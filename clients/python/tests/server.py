"""A real server on a free port and a data directory of its own."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
PROGRAM = os.environ.get("COUNTERSIGN_PROGRAM", os.path.join(ROOT, "build/release/countersign"))
sys.path.insert(0, os.path.dirname(HERE))


class Server:
    """Serves until stopped; `link` signs the first admin in, once."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="countersign-python-")
        self.port = 0
        self.start()

    def start(self):
        args = [PROGRAM, "serve", "--data", self.folder, "--listen", f"127.0.0.1:{self.port}", "--link"]
        self.log = open(os.path.join(self.folder, "server.log"), "a")
        self.process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.process.stdout:
            found = re.search(r"Sign in once with (\S+)", line)
            if found:
                self.link = found.group(1)
                self.port = int(re.search(r":(\d+)/", self.link).group(1))
                return
        raise RuntimeError(f"the server ended with {self.process.wait()}: see {self.log.name}")

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()
        self.log.close()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
