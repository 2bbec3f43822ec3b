"""The example: labels in the shape of Hugging Face datasets."""

import json
import os
import sys
import tempfile
import unittest

import server
from countersign import Client

sys.path.insert(0, os.path.join(os.path.dirname(server.HERE), "examples"))
import to_datasets  # noqa: E402


class Known:
    """A project whose schema and labels are given."""

    def __init__(self, schema, rows):
        self.schema, self.rows = schema, rows

    def labels(self):
        return iter(self.rows)


def row(data, *regions, image=None):
    return {"key": "k", "data": data, "image": image, "regions": list(regions)}


def control(kind, *names, **more):
    return {"name": "answer", "kind": kind, "labels": [{"name": name} for name in names], **more}


class ToDatasets(unittest.TestCase):
    def columns(self, control_row, *rows, source="text"):
        return to_datasets.to_datasets(Known({"source": source, "controls": [control_row]}, rows))

    def test_a_choice_is_a_class_label(self):
        chosen = {"control": "answer", "labels": ["cash"]}
        columns, features = self.columns(control("choices", "card", "cash"), row({"text": "x"}, chosen), row({"text": "y"}))
        self.assertEqual(columns["label"], [1, None])
        self.assertEqual(features["label"], {"_type": "ClassLabel", "names": ["card", "cash"]})

    def test_several_choices_are_a_sequence(self):
        chosen = {"control": "answer", "labels": ["cash", "card"]}
        columns, features = self.columns(control("choices", "card", "cash", multiple=True), row({"text": "x"}, chosen))
        self.assertEqual(columns["label"], [[0, 1]])
        self.assertEqual(features["label"]["_type"], "Sequence")

    def test_spans_are_tags_in_code_points(self):
        text = "\N{GRINNING FACE} Ada Lovelace met Cafe\N{COMBINING ACUTE ACCENT}."
        spans = [(2, 14, "PER"), (2, 5, "ORG"), (19, 24, "ORG")]
        given = [{"control": "answer", "start": s, "end": e, "labels": [n]} for s, e, n in spans]
        columns, features = self.columns(control("spans", "PER", "ORG"), row({"text": text}, *given))
        names = features["ner_tags"]["feature"]["names"]
        self.assertEqual(names, ["O", "B-PER", "I-PER", "B-ORG", "I-ORG"])
        tagged = [(t, names[n]) for t, n in zip(columns["tokens"][0], columns["ner_tags"][0]) if n]
        self.assertEqual(tagged[:2], [("Ada", "B-PER"), ("Lovelace", "I-PER")])
        self.assertEqual(tagged[2][1], "B-ORG")

    def test_boxes_are_objects(self):
        box = {"control": "answer", "labels": ["dog"], "x": 1, "y": 2, "width": 3, "height": 4}
        columns, features = self.columns(
            control("boxes", "cat", "dog"),
            row({"image": "a.jpg"}, box, image={"name": "a.jpg", "width": 10, "height": 20}),
            source="image",
        )
        self.assertEqual(columns["objects"], [{"id": [0], "bbox": [[1, 2, 3, 4]], "area": [12], "category": [1]}])
        self.assertEqual((columns["width"], columns["image"]), ([10], ["a.jpg"]))
        self.assertEqual(features["objects"]["feature"]["category"]["names"], ["cat", "dog"])


class FromTheServer(unittest.TestCase):
    def test_what_was_imported_comes_out_as_columns(self):
        running = server.Server()
        self.addCleanup(running.remove)
        spans = {"modality": "text", "source": "text", "controls": [control("spans", "PER", "LOC")]}
        project = Client.by_link(running.link).projects.create("names", schema=spans)
        given = {"id": "r1", "control": "answer", "kind": "spans", "labels": ["LOC"], "start": 8, "end": 12}
        line = {"countersign": 1, "key": "a", "data": {"text": "Rain in Oslo"}}
        line["annotations"] = [{"person": "ada", "regions": [given], "current": True}]
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            project.import_file(file.name)
        columns, features = to_datasets.to_datasets(project)
        self.assertEqual(columns["tokens"], [["Rain", "in", "Oslo"]])
        self.assertEqual(columns["ner_tags"], [[0, 0, features["ner_tags"]["feature"]["names"].index("B-LOC")]])


if __name__ == "__main__":
    unittest.main()
