"""A server and a person's token: where everything starts."""

from __future__ import annotations

import os
import ssl
import urllib.parse
from typing import Optional

from ._api import Api, GetAboutAnswer
from ._transport import Transport
from .job import Job
from .project import Project, Projects


class Client:
    """A server, spoken to with one person's API token.

    url, token: left out, $COUNTERSIGN_URL (http://127.0.0.1:8470) and $COUNTERSIGN_TOKEN. Tokens are made
    in the browser, under the account. timeout: seconds that the server may be silent. tries: of a request
    that may be repeated, in all. context: for a server whose certificate is your own.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        token: Optional[str] = None,
        *,
        timeout: float = 60.0,
        tries: int = 6,
        context: Optional[ssl.SSLContext] = None,
    ) -> None:
        url = url or os.environ.get("COUNTERSIGN_URL") or "http://127.0.0.1:8470"
        token = token or os.environ.get("COUNTERSIGN_TOKEN")
        self.transport = Transport(url, token, timeout=timeout, tries=tries, context=context)
        self.api = Api(self.transport)
        self.projects = Projects(self.api)

    @classmethod
    def by_link(cls, link: str, *, name: str = "python", days: int = 1) -> Client:
        """Uses up a one-time sign-in link (`countersign person link NAME`) for a token of that many days."""
        parts = urllib.parse.urlsplit(link)
        client = cls(f"{parts.scheme}://{parts.netloc}")
        return cls(client.transport.url, client.transport.token_by_link(parts.fragment, name, days))

    def project(self, name: str) -> Project:
        """By id or by exact name; raises NotFound."""
        return self.projects.get(name)

    def job(self, job: str) -> Job:
        return Job(self.api, self.api.get_job(job))

    def about(self) -> GetAboutAnswer:
        """Name, version and limits of the server."""
        return self.api.get_about()
