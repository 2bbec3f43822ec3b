# %% [markdown]
# # Labels as Hugging Face `datasets`
#
# Pulls a project's countersigned labels into the shape that `datasets` builds from: columns, and a
# description of their features. The library itself is not needed here; with it installed, the last cell is
# all that is left to do. Run as a script, it writes `columns.json` and `features.json`:
#
#     COUNTERSIGN_TOKEN=... python to_datasets.py "Support tickets" out/
#
# | control | column | feature |
# |---|---|---|
# | one choice | `label` | `ClassLabel` |
# | several choices | `label` | sequence of `ClassLabel` |
# | spans | `tokens`, `ner_tags` | words, and a BIO `ClassLabel` each |
# | boxes | `objects` | `bbox` as x, y, width, height; `category` a `ClassLabel`; `area`, `id` |
# | text | the control's name | string |

# %%
from __future__ import annotations

import json
import os
import re
import sys
from typing import Any, Callable, Dict, Iterable, List, Tuple

from countersign import Client, Project

Columns = Dict[str, List[Any]]
Features = Dict[str, Any]
Row = Dict[str, Any]


def class_label(names: List[str]) -> Features:
    return {"_type": "ClassLabel", "names": names}


def value(dtype: str) -> Features:
    return {"_type": "Value", "dtype": dtype}


def sequence(feature: Features) -> Features:
    return {"_type": "Sequence", "feature": feature}


# %% [markdown]
# ## Choices and text

# %%
def regions_of(row: Row, control: str) -> List[Row]:
    return [region for region in row["regions"] or [] if region["control"] == control]


def choice_column(control: Row) -> Tuple[Features, Callable[[Row], Row]]:
    names = [label["name"] for label in control["labels"]]

    def read(row: Row) -> Row:
        chosen = [names.index(name) for region in regions_of(row, control["name"]) for name in region["labels"]]
        if control.get("multiple"):
            return {"label": sorted(chosen)}
        return {"label": chosen[0] if chosen else None}

    feature = class_label(names)
    return {"label": sequence(feature) if control.get("multiple") else feature}, read


def text_column(control: Row) -> Tuple[Features, Callable[[Row], Row]]:
    def read(row: Row) -> Row:
        written = regions_of(row, control["name"])
        return {control["name"]: written[0]["text"] if written else None}

    return {control["name"]: value("string")}, read


# %% [markdown]
# ## Spans as BIO tags
#
# Countersign counts Unicode code points, as Python does, so a span is a slice. Words are runs of letters and
# digits, and single signs; a word that begins in a span belongs to it. BIO cannot say what nests: of
# overlapping spans the longest is kept.

# %%
def tags_of(text: str, spans: Iterable[Row], names: List[str]) -> Row:
    words = list(re.finditer(r"\w+|[^\w\s]", text))
    tags = [0] * len(words)
    for span in sorted(spans, key=lambda span: int(span["start"]) - int(span["end"])):
        inside = [at for at, word in enumerate(words) if span["start"] <= word.start() < span["end"]]
        if inside and not any(tags[at] for at in inside):
            begin = 1 + 2 * names.index(span["labels"][0])
            for place, at in enumerate(inside):
                tags[at] = begin if place == 0 else begin + 1
    return {"tokens": [word.group() for word in words], "ner_tags": tags}


def span_columns(control: Row, source: str) -> Tuple[Features, Callable[[Row], Row]]:
    names = [label["name"] for label in control["labels"]]
    tags = ["O"] + [f"{part}-{name}" for name in names for part in "BI"]

    def read(row: Row) -> Row:
        return tags_of(row["data"][source], regions_of(row, control["name"]), names)

    return {"tokens": sequence(value("string")), "ner_tags": sequence(class_label(tags))}, read


# %% [markdown]
# ## Boxes as in object detection

# %%
def box_columns(control: Row) -> Tuple[Features, Callable[[Row], Row]]:
    names = [label["name"] for label in control["labels"]]

    def read(row: Row) -> Row:
        boxes = regions_of(row, control["name"])
        image = row["image"] or {}
        return {
            "width": image.get("width"),
            "height": image.get("height"),
            "objects": {
                "id": list(range(len(boxes))),
                "bbox": [[b["x"], b["y"], b["width"], b["height"]] for b in boxes],
                "area": [b["width"] * b["height"] for b in boxes],
                "category": [names.index(b["labels"][0]) for b in boxes],
            },
        }

    objects = {
        "id": value("int64"),
        "bbox": {"_type": "Sequence", "feature": value("float32"), "length": 4},
        "area": value("float32"),
        "category": class_label(names),
    }
    return {"width": value("int64"), "height": value("int64"), "objects": sequence(objects)}, read


# %% [markdown]
# ## A project as columns

# %%
def to_datasets(project: Project) -> Tuple[Columns, Features]:
    """(columns, features): what datasets.Dataset.from_dict and datasets.Features.from_dict take."""
    schema: Row = dict(project.schema)
    source = schema["source"]
    makers: Dict[str, Callable[[Row], Tuple[Features, Callable[[Row], Row]]]] = {
        "choices": choice_column,
        "text": text_column,
        "spans": lambda control: span_columns(control, source),
        "boxes": box_columns,
    }
    features: Features = {"id": value("string"), source: value("string")}
    readers = []
    for control in schema["controls"]:
        if control["kind"] in makers and not control.get("per_region"):
            feature, read = makers[control["kind"]](control)
            features.update(feature)
            readers.append(read)
    columns: Columns = {name: [] for name in features}
    for row in project.labels():
        cells = {"id": row["key"], source: row["data"].get(source)}
        for read in readers:
            cells.update(read(row))
        for name, column in columns.items():
            column.append(cells[name])
    return columns, features


# %%
def main() -> None:
    name, folder = sys.argv[1], sys.argv[2]
    columns, features = to_datasets(Client().project(name))
    os.makedirs(folder, exist_ok=True)
    for what, content in (("columns", columns), ("features", features)):
        with open(os.path.join(folder, f"{what}.json"), "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
    print(f"{len(columns['id'])} labels of {name} are in {folder}")


if __name__ == "__main__":
    main()

# %% [markdown]
# ## With the library
#
# ```python
# from datasets import Dataset, Features
#
# dataset = Dataset.from_dict(columns, features=Features.from_dict(features))
# ```
