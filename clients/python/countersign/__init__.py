"""Countersign from Python: projects, imports, exports and labels of a running server.

    from countersign import Client

    client = Client("http://127.0.0.1:8470", token)
    project = client.projects.create("Street scenes", template="image-boxes")
    project.import_file("photos/", progress=print)
    for label in project.labels():
        print(label["key"], label["regions"])

Standard library only. Every route is also a typed method of `client.api`.
"""

from ._transport import Stream
from .client import Client
from .errors import (
    Conflict,
    CountersignError,
    Interrupted,
    JobFailed,
    NotAllowed,
    NotFound,
    Refused,
    SignInFirst,
    Unavailable,
)
from .job import Job
from .project import Project, Projects
from .upload import Upload

__all__ = [
    "Client",
    "Conflict",
    "CountersignError",
    "Interrupted",
    "Job",
    "JobFailed",
    "NotAllowed",
    "NotFound",
    "Project",
    "Projects",
    "Refused",
    "SignInFirst",
    "Stream",
    "Unavailable",
    "Upload",
]
