"""Files on their way into a project: sent one by one, and gone on with after a break."""

from __future__ import annotations

import os
from typing import IO, Any, Iterator, List, Optional, Set, Tuple, Union, cast

from ._api import Api, ImportOptions
from .errors import Interrupted, Unavailable
from .job import Job, Progress

PathLike = Union[str, "os.PathLike[str]"]


class Upload:
    """A folder on the server that files are put into, and that one import then reads.

    It remembers which files arrived: after a break, `send` with the same paths sends only the rest.
    """

    def __init__(self, api: Api, project: str) -> None:
        self._api = api
        self._project = project
        self.id = api.post_project_uploads(project)["upload"]
        self.sent: Set[str] = set()

    def send(self, *paths: PathLike, progress: Optional[Progress] = None) -> Upload:
        """Sends files, and what is in folders; raises Interrupted when the server is lost meanwhile."""
        files = [pair for path in paths for pair in _files_of(os.fspath(path))]
        meter = _Meter(sum(os.path.getsize(path) for _, path in files), progress)
        for name, path in files:
            if name in self.sent:
                meter.add(os.path.getsize(path))
                continue
            try:
                self._put(name, path, meter)
            except Unavailable as broken:
                raise Interrupted(broken.reason, self) from broken
            self.sent.add(name)
        return self

    def _put(self, name: str, path: str, meter: _Meter) -> None:
        before = meter.done

        def open_again() -> IO[bytes]:
            meter.done = before
            return cast(IO[bytes], _Counted(path, meter))

        self._api.put_project_upload_files(self._project, self.id, open_again, name=name)

    def start(self, **options: Any) -> Job:
        """Starts the import of what was sent. Options are those of ImportOptions."""
        body = cast(ImportOptions, options)
        return Job(self._api, self._api.post_project_imports(self._project, {"upload": self.id, "options": body}))


class _Meter:
    def __init__(self, total: int, progress: Optional[Progress]) -> None:
        self.done, self.total, self._progress = 0, total, progress

    def add(self, size: int) -> None:
        self.done += size
        if self._progress:
            self._progress("Sending", self.done, self.total)


class _Counted:
    """A file that says how much of it was read."""

    def __init__(self, path: str, meter: _Meter) -> None:
        self._file = open(path, "rb")
        self._meter = meter

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        if piece:
            self._meter.add(len(piece))
        return piece


def _files_of(path: str) -> Iterator[Tuple[str, str]]:
    """(name on the server, path here), in a fixed order; hidden files stay at home."""
    if not os.path.isdir(path):
        yield os.path.basename(path), path
        return
    base = os.path.dirname(os.path.abspath(path))
    found: List[str] = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [os.path.join(folder, name) for name in sorted(names) if not name.startswith(".")]
    for file in found:
        yield os.path.relpath(os.path.abspath(file), base).replace(os.sep, "/"), file
