"""The client against the real server: what a person's script does, from the first import to the labels."""

import json
import os
import tempfile
import time
import unittest

from server import Server

import countersign
from countersign import Client

SCHEMA = {
    "modality": "text",
    "source": "text",
    "controls": [{"name": "topic", "kind": "choices", "labels": [{"name": "card"}, {"name": "cash"}]}],
}


class WithServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.client = Client.by_link(cls.server.link)
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()
        cls.folder.cleanup()

    def file(self, name, text):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def project(self, rows, **options):
        project = self.client.projects.create(self.id(), schema=SCHEMA, guideline="Say what it is about.")
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        project.import_file(self.file(f"{project.id}.jsonl", lines), **options)
        return project

    def test_a_file_goes_in_and_its_labels_come_out(self):
        seen = []
        rows = [{"id": f"r{i}", "text": f"text {i} \N{GRINNING FACE}", "label": ("card", "cash")[i % 2]} for i in range(250)]
        project = self.project(rows, progress=lambda *step: seen.append(step))
        self.assertEqual(seen[0][0], "Sending")
        self.assertEqual(seen[-1][1], seen[-1][2])
        labels = list(project.labels())
        self.assertEqual([row["key"] for row in labels], [row["id"] for row in rows])
        self.assertEqual([row["regions"][0]["labels"] for row in labels], [[row["label"]] for row in rows])
        self.assertEqual(labels[3]["data"]["text"], "text 3 \N{GRINNING FACE}")

    def test_lists_go_on_over_pages_and_filters_are_sent(self):
        rows = [{"id": f"r{i:03}", "text": f"word{i}", "label": "card"} if i < 230 else {"text": "open"} for i in range(235)]
        project = self.project(rows)
        self.assertEqual(len(list(project.tasks())), 235 - 4)  # the same text five times is one task
        self.assertEqual(len(list(project.tasks(limit=7, filter="state:done"))), 230)
        self.assertEqual([row["task"]["key"] for row in project.tasks(filter="text:word17", limit=2)][0], "r017")
        self.assertIn(project.id, [p.id for p in self.client.projects])
        self.assertEqual(self.client.project(project.name).id, project.id)

    def test_an_import_says_what_it_did_with_each_row(self):
        project = self.client.projects.create("verdicts", schema=SCHEMA)
        job = project.import_file(self.file("rows.jsonl", '{"text": "a"}\n{"text": \n{"text": "b", "label": "zebra"}\n'))
        self.assertEqual(job.result["rejected"], 1)
        self.assertEqual(sorted(row["verdict"] for row in job.verdicts()), ["rejected", "repaired"])
        self.assertEqual([job.id for job in project.jobs() if job.data["kind"] == "import"], [job.id])

    def test_a_folder_keeps_its_names_and_an_upload_sends_a_file_once(self):
        project = self.client.projects.create("folder", schema=SCHEMA)
        path = self.file("texts/a.txt", "one\ntwo\n")
        self.file("texts/more/b.txt", "three\n")
        self.file("texts/.hidden", "no")
        upload = project.upload().send(os.path.dirname(path))
        self.assertEqual(upload.sent, {"texts/a.txt", "texts/more/b.txt"})
        calls = []
        upload._api = None  # nothing may be sent again
        upload.send(os.path.dirname(path), progress=lambda what, done, total: calls.append((done, total)))
        self.assertEqual(calls[-1][0], calls[-1][1])

    def test_an_export_is_a_whole_file(self):
        project = self.project([{"id": "a", "text": "x", "label": "card"}])
        path = os.path.join(self.folder.name, "out.csv")
        self.assertEqual(project.export("csv", to=path), path)
        with open(path, encoding="utf-8") as file:
            self.assertIn("card", file.read())
        self.assertEqual([name for name in os.listdir(self.folder.name) if name.endswith(".part")], [])

    def test_refusals_carry_the_code_and_the_sentence(self):
        with self.assertRaises(countersign.NotFound):
            self.client.project("nobody has this name")
        with self.assertRaises(countersign.Refused) as refused:
            self.client.projects.create("", schema=SCHEMA)
        self.assertEqual((refused.exception.status, refused.exception.code), (422, "invalid"))
        self.assertTrue(refused.exception.detail.endswith("."))
        with self.assertRaises(countersign.SignInFirst):
            list(Client(self.client.transport.url, "not-a-token").projects.list())

    def test_a_decision_counts_once_however_often_it_is_sent(self):
        project = self.project([{"id": "a", "text": "my card is lost"}, {"id": "b", "text": "my cash is lost"}])
        task = self.client.api.post_project_next(project.id, {"count": 1})["tasks"][0]
        answer = {
            "assignment": task["assignment"]["id"],
            "regions": [{"id": "r1", "control": "topic", "kind": "choices", "labels": ["card"], "origin": "person"}],
            "active_ms": 1200,
        }
        key = self.client.transport.fresh_key()
        first = self.client.api.post_task_annotations(task["id"], answer, idempotency_key=key)
        again = self.client.api.post_task_annotations(task["id"], answer, idempotency_key=key)
        self.assertEqual(first["annotation"]["id"], again["annotation"]["id"])
        self.assertEqual(project.progress()["done"], 1)
        self.assertEqual([row["action"] for row in project.labels()], ["created"])

    def test_a_script_survives_a_restart_of_the_server(self):
        project = self.project([{"id": "a", "text": "x", "label": "card"}])
        self.server.stop()
        self.client.transport._sleep = lambda _: None if self.server.process.poll() is None else self.server.start()
        try:
            self.assertEqual(project.refresh().name, self.id())
        finally:
            self.client.transport._sleep = time.sleep


if __name__ == "__main__":
    unittest.main()
