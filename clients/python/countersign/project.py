"""Projects: find and make them, bring data in, take labels out."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterator, List, Mapping, Optional, Union, cast, overload

from ._api import Api, Ask, Progress, Region, Schema, TaskDetail, TaskRow
from ._api import Project as ProjectData
from ._transport import Stream
from .errors import Conflict, CountersignError, NotFound, Unavailable
from .job import Job
from .job import Progress as Report
from .upload import PathLike, Upload

_copy_block = 1 << 20
_export_tries = 3


class Project:
    """One project of the server. `data` is as it was last seen."""

    def __init__(self, api: Api, data: ProjectData) -> None:
        self._api = api
        self.data = data

    def __repr__(self) -> str:
        return f"<Project {self.id} {self.name!r}>"

    @property
    def id(self) -> str:
        return self.data["id"]

    @property
    def name(self) -> str:
        return self.data["name"]

    @property
    def schema(self) -> Schema:
        return self.data["schema"]

    def refresh(self) -> Project:
        self.data = self._api.get_project(self.id)
        return self

    def progress(self) -> Progress:
        """Counters: total, ready, done, drafted, accepted..."""
        return self._api.get_project_progress(self.id)

    def label_names(self, control: Optional[str] = None) -> List[str]:
        """Labels of a control, in the schema's order; control: left out, the first that has labels."""
        for row in self.schema["controls"]:
            if row["name"] == control or (control is None and row.get("labels")):
                return [label["name"] for label in row.get("labels", [])]
        raise NotFound(404, "not_found", f"{self.name} has no control {control or 'with labels'}.")

    def upload(self) -> Upload:
        """Somewhere to put files, for an import of many."""
        return Upload(self._api, self.id)

    def import_file(
        self,
        path: PathLike,
        *,
        format: str = "",
        labels_are_drafts: bool = False,
        text_column: str = "",
        id_column: str = "",
        label_column: str = "",
        fetch_media: bool = False,
        progress: Optional[Report] = None,
        wait: bool = True,
        resume: Optional[Upload] = None,
    ) -> Job:
        """Sends a file or a folder, and has it read; what is there already is not added twice.

        fetch_media: images that rows name by an http(s) URL are fetched by the server.
        wait: until every row is in; else the job is still at work. Raises Interrupted when the server is
        lost while files are sent: call again with resume=error.upload. Raises JobFailed when the file
        cannot be read at all; rows that were repaired or rejected are in the job's verdicts().
        """
        sent = (resume or self.upload()).send(path, progress=progress)
        job = sent.start(
            format=format,
            labels_are_drafts=labels_are_drafts,
            text_column=text_column,
            id_column=id_column,
            label_column=label_column,
            fetch_media=fetch_media,
        )
        return job.wait(progress) if wait else job

    def tasks(self, **filters: Ask) -> Iterator[TaskRow]:
        """Tasks, filtered as in docs/how/filters.md: filter="state:done label:person", sort="-decided"..."""
        filters.setdefault("limit", 200)
        return self._api.each_project_tasks(self.id, **filters)

    def task(self, task: str) -> TaskDetail:
        """One task with its drafts, annotations and comments."""
        return self._api.get_task(task)

    def jobs(self) -> Iterator[Job]:
        """Background jobs, newest first."""
        return (Job(self._api, data) for data in self._api.each_project_jobs(self.id, limit=200))

    @overload
    def export(
        self, format: str = ..., to: None = ..., *, decided: bool = ..., drafts: bool = ..., images: bool = ...
    ) -> Stream: ...

    @overload
    def export(
        self, format: str, to: PathLike, *, decided: bool = ..., drafts: bool = ..., images: bool = ...
    ) -> str: ...

    def export(
        self,
        format: str = "jsonl",
        to: Optional[PathLike] = None,
        *,
        decided: bool = True,
        drafts: bool = True,
        images: bool = False,
    ) -> Union[Stream, str]:
        """The project's labels in a format: as a stream, or into the file `to`, whose path is returned.

        The file is whole or it is not there. decided: only tasks with a label. drafts, images: with them,
        where the format carries them.
        """
        for attempt in range(1, _export_tries + 1):
            stream = self._api.get_project_export(
                self.id, format=format, decided=decided, drafts=drafts, images=images
            )
            if to is None:
                return stream
            try:
                return _write_whole(stream, os.fspath(to))
            except Unavailable:
                if attempt == _export_tries:
                    raise
        raise AssertionError("an export ends by its file or by an exception")

    def labels(self, *, drafts: bool = False, undecided: bool = False) -> Iterator[Dict[str, Any]]:
        """Countersigned labels as plain dicts, streamed: one for each answer that stands.

        Each has key, data, meta, image (or None), regions, person, action, created, flagged, comment; with
        drafts=True the task's drafts too. undecided=True: tasks without an answer as well, regions None.
        """
        stream = self.export("jsonl", decided=not undecided, drafts=drafts)
        for line in stream.lines():
            task = json.loads(line)
            row = {name: task.get(name) for name in ("id", "key", "data", "meta", "image")}
            if drafts:
                row["drafts"] = task.get("drafts", [])
            stands = [a for a in task.get("annotations", []) if a.get("current") and a.get("action") != "skipped"]
            for answer in stands:
                yield {**row, **_answer(answer)}
            if not stands and undecided:
                yield {**row, **_answer({})}

    def save(self, **changes: Any) -> Project:
        """Changes name, description, guideline, policy, schema or archived."""
        self.data = self._api.patch_project(self.id, cast(Any, changes))
        return self


class Projects:
    """The projects of a server."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def __iter__(self) -> Iterator[Project]:
        return self.list()

    def list(self, *, archived: bool = False) -> Iterator[Project]:
        return (Project(self._api, data) for data in self._api.each_projects(archived=archived, limit=200))

    def get(self, name: str) -> Project:
        """By id or by exact name; raises NotFound, or Conflict when several have the name."""
        if len(name) == 11 and name[0] == "p":
            try:
                return Project(self._api, self._api.get_project(name))
            except CountersignError as no:
                if not isinstance(no, NotFound):
                    raise
        found = [project for project in self.list() if project.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            raise Conflict(409, "conflict", f"{len(found)} projects are called {name!r}: give the id.")
        raise NotFound(404, "not_found", f"There is no project {name!r}.")

    def create(
        self,
        name: str,
        *,
        template: Optional[str] = None,
        schema: Optional[Union[Schema, Mapping[str, Any]]] = None,
        guideline: Optional[str] = None,
        description: str = "",
    ) -> Project:
        """A new project from a template of the server, or from a schema."""
        if (template is None) == (schema is None):
            raise ValueError("a project is made from a template or from a schema: give one of them")
        if template is not None:
            from_template = next((t for t in self._api.get_templates()["items"] if t["name"] == template), None)
            if not from_template:
                raise NotFound(404, "not_found", f"There is no template {template!r}.")
            schema = from_template["schema"]
            guideline = from_template["guideline"] if guideline is None else guideline
        body = {"name": name, "description": description, "schema": schema, "guideline": guideline or ""}
        return Project(self._api, self._api.post_projects(cast(Any, body)))


def _answer(annotation: Mapping[str, Any]) -> Dict[str, Any]:
    fields = ("person", "action", "created", "flagged", "comment")
    regions = cast(Optional[List[Region]], annotation.get("regions"))
    return {"regions": regions, **{field: annotation.get(field) for field in fields}}


def _write_whole(stream: Stream, path: str) -> str:
    part = path + ".part"
    try:
        with stream, open(part, "wb") as file:
            while piece := stream.read(_copy_block):
                file.write(piece)
        os.replace(part, path)
        return path
    except BaseException:
        if os.path.exists(part):
            os.remove(part)
        raise
