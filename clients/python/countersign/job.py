"""A background job of the server: watch it, wait for it, stop it."""

from __future__ import annotations

import time
from typing import Any, Callable, Iterator, Optional

from ._api import Api, RowVerdict
from ._api import Job as JobData
from .errors import CountersignError, JobFailed

Progress = Callable[[str, int, int], Any]
"""progress(what, done, total): bytes while files are sent, rows or tasks while a job works; total 0: unknown."""

_ended = ("done", "dead", "cancelled")


class Job:
    """What the server does meanwhile. `data` is as it was last seen."""

    def __init__(self, api: Api, data: JobData) -> None:
        self._api = api
        self.data = data

    def __repr__(self) -> str:
        return f"<Job {self.id} {self.data['kind']} {self.state} {self.data['done']}/{self.data['total']}>"

    @property
    def id(self) -> str:
        return self.data["id"]

    @property
    def state(self) -> str:
        """queued, running, done, cancelled or dead."""
        return self.data["state"]

    @property
    def result(self) -> Any:
        """What it reports once it is done; of an import, an ImportReport."""
        return self.data["result"]

    def refresh(self) -> Job:
        self.data = self._api.get_job(self.id)
        return self

    def wait(self, progress: Optional[Progress] = None, *, timeout: Optional[float] = None) -> Job:
        """Until it has ended; raises JobFailed when that is not by being done. timeout: seconds, else no end."""
        until = None if timeout is None else time.monotonic() + timeout
        pause = 0.05
        while True:
            if progress:
                progress(self.data["title"], self.data["done"], self.data["total"])
            if self.state in _ended:
                break
            if until is not None and time.monotonic() > until:
                raise CountersignError(f"Job {self.id} is still {self.state} after {timeout:g} s: wait again.")
            time.sleep(pause)
            pause = min(2.0, pause * 1.5)
            self.refresh()
        if self.state != "done":
            raise JobFailed(dict(self.data))
        return self

    def cancel(self) -> Job:
        self.data = self._api.post_job_cancel(self.id)
        return self

    def retry(self) -> Job:
        """Runs a dead or cancelled job again, from where it came to."""
        self.data = self._api.post_job_retry(self.id)
        return self

    def verdicts(self) -> Iterator[RowVerdict]:
        """Rows that an import repaired or rejected, and why."""
        return self._api.each_job_verdicts(self.id, limit=200)
