"""Our figures against other implementations' on the same files, and seconds against theirs on the same rows.

Usage: peers.py [--only figures|drawn]; lines of `name value unit target ok|short`, `#` before what is not installed.
"""

import argparse
import glob
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DATA = os.environ.get("COUNTERSIGN_DATA", os.path.join(ROOT, "..", "shared", "data"))
BENCH = os.environ.get("COUNTERSIGN_BENCH", os.path.join(ROOT, "build/release/bench"))
SAME = 1e-9
short = []


def line(name, value, unit, sign=None, target=None):
    ok = sign is None or (value <= target if sign == "<=" else value >= target)
    if not ok:
        short.append(name)
    print(f"{name} {value:.4g} {unit} {'-' if sign is None else f'{sign}{target:g}'} {'-' if sign is None else 'ok' if ok else 'short'}", flush=True)


def there(*modules):
    """The modules, or None with a line that says which is missing."""
    try:
        return [importlib.import_module(m) for m in modules]
    except ImportError as e:
        print(f"# {modules[0].split('.')[0]} cannot be imported ({e}): its figures are left out", flush=True)
        return None


class Figures:
    """What `bench_peers_figures` says, by name."""

    def __init__(self):
        out = subprocess.run([os.path.join(BENCH, "bench_peers_figures")], capture_output=True, text=True, check=True,
                             env={**os.environ, "COUNTERSIGN_DATA": DATA, "LD_LIBRARY_PATH": ""}).stdout
        self.of, self.transcripts = {}, []
        for text in out.splitlines():
            if text.startswith("#transcript\t"):
                self.transcripts.append(text.split("\t")[1:])
            else:
                name, value = text.split()
                self.of[name] = float(value)

    def same(self, name, peer, theirs, allowed=SAME):
        ours = self.of.get(name)
        if ours is None:
            return
        line(f"{name}.from_{peer}", abs(ours - theirs), "-", "<=", allowed)


def crowd_rows(folder):
    with open(os.path.join(folder, "labels.csv")) as f:
        next(f)
        rows = {}
        for text in f:
            task, person, label = text.strip().rsplit(",", 2)
            rows[task, person] = int(label)  # Of several the last counts.
    return [(task, person, label) for (task, person), label in rows.items()]


def reliability(rows):
    import numpy
    tasks = {t: i for i, t in enumerate(dict.fromkeys(r[0] for r in rows))}
    people = {p: i for i, p in enumerate(dict.fromkeys(r[1] for r in rows))}
    table = numpy.full((len(people), len(tasks)), numpy.nan)
    for task, person, label in rows:
        table[people[person], tasks[task]] = label
    return table


def alphas(figures, name, rows):
    if krippendorff := there("krippendorff"):
        table = reliability(rows)
        for level in ("nominal", "ordinal", "interval"):
            figures.same(f"{name}.alpha_{level}", "krippendorff",
                         krippendorff[0].alpha(reliability_data=table, level_of_measurement=level))
    if modules := there("simpledorff", "pandas"):
        simpledorff, pandas = modules
        frame = pandas.DataFrame(rows, columns=["task", "person", "label"])
        figures.same(f"{name}.alpha_nominal", "simpledorff", simpledorff.calculate_krippendorffs_alpha_for_df(
            frame, experiment_col="task", annotator_col="person", class_col="label"))


def kappas(figures, name, rows):
    metrics = there("sklearn.metrics")
    wanted = [n for n in figures.of if n.startswith(name + ".kappa.")]
    if not metrics or not wanted:
        return
    a, b = wanted[0].split(".")[-2:]
    of_a, of_b = ({t: label for t, p, label in rows if p == who} for who in (a, b))
    both = [t for t in of_a if t in of_b]
    figures.same(wanted[0], "sklearn", metrics[0].cohen_kappa_score([of_a[t] for t in both], [of_b[t] for t in both]))


def agreement(figures):
    for folder in sorted(glob.glob(os.path.join(DATA, "crowd_*"))):
        rows = crowd_rows(folder)
        name = os.path.basename(folder)
        alphas(figures, name, rows)
        kappas(figures, name, rows)
    path = os.path.join(DATA, "multi_rater_dices/dices_350_crowdsourced.json")
    if os.path.exists(path):
        with open(path) as f:
            items = json.load(f)["instances"]
        scale = {"No": 0, "Unsure": 1}
        alphas(figures, "dices", [(i, r, scale.get(said, 2)) for i, item in enumerate(items)
                                  for r, said in enumerate(item["annotations"]["safety"]["individual_human_scores"])])


def sentences(path):
    """Tags of each sentence; the last column."""
    out, tags = [], []
    with open(path, encoding="utf-8") as f:
        for text in [*f, "\n"]:
            words = text.split()
            if words:
                tags.append(words[-1] if len(words) > 1 else "O")
            elif tags:
                out.append(tags)
                tags = []
    return out


def masi(a, b):
    """Passonneau 2006."""
    shared, union = len(a & b), len(a | b)
    weight = 1 if a == b else 2 / 3 if shared == min(len(a), len(b)) else 1 / 3 if shared else 0
    return 1 - shared / union * weight


def spans(figures):
    folder = os.path.join(DATA, "ner_wnut17")
    seqeval, nltk = there("seqeval.metrics"), there("nltk.metrics.agreement", "nltk.metrics.distance")
    if not os.path.isdir(folder):
        return
    truth = sentences(os.path.join(folder, "emerging.test.annotated"))
    said = []
    for path in sorted(glob.glob(os.path.join(folder, "systems", "*"))):
        name, system = os.path.splitext(os.path.basename(path))[0], sentences(path)
        if seqeval:
            figures.same(f"wnut.{name}.f1", "seqeval", seqeval[0].f1_score(truth, system))
        said += [(name, i, frozenset(t[2:] for t in tags if t[1:2] == "-")) for i, tags in enumerate(system)]
    if nltk:
        agreement_, distance = nltk
        said = [row for row in said if row[2]]
        for name, of, allowed in (("jaccard", distance.jaccard_distance, SAME), ("masi", masi, SAME),
                                  # Theirs has .67 and .33 for two thirds and one third.
                                  ("masi", distance.masi_distance, 1e-3)):
            figures.same(f"wnut.alpha_{name}", "nltk_as_it_is" if allowed > SAME else "nltk",
                         agreement_.AnnotationTask(data=said, distance=of).alpha(), allowed)


def transcripts(figures):
    jiwer = there("jiwer")
    if jiwer and figures.transcripts:
        truth, said = ([pair[i] for pair in figures.transcripts] for i in (0, 1))
        figures.same("crowdspeech.wer", "jiwer", jiwer[0].wer(truth, said))
        figures.same("crowdspeech.cer", "jiwer", jiwer[0].cer(truth, said))


def meetings(path):
    from pyannote.core import Annotation, Segment
    out = {}
    with open(path) as f:
        for i, text in enumerate(f):
            words = text.split()
            if words and words[0] == "SPEAKER" and float(words[4]) > 0:
                start = float(words[3])
                out.setdefault(words[1], Annotation(uri=words[1]))[Segment(start, start + float(words[4])), i] = words[7]
    return out


def turns(figures):
    folder = os.path.join(DATA, "spk_ami_systems")
    modules = there("pyannote.metrics.diarization")
    if not modules or not os.path.isdir(folder):
        return
    import warnings
    warnings.simplefilter("ignore")
    reference = meetings(os.path.join(folder, "ref_rttm_test.rttm"))
    for system in ("vb", "sc", "rpn"):
        found = meetings(os.path.join(folder, f"rttm_test_{system}.rttm"))
        for collar, suffix in ((0, ""), (.5, ".collar")):  # Theirs is both sides together.
            metric = modules[0].DiarizationErrorRate(collar=collar)
            for name, said in reference.items():
                metric(said, found[name])
            figures.same(f"ami.{system}{suffix}.der", "pyannote", abs(metric))
            # Seconds of eight hours.
            figures.same(f"ami.{system}{suffix}.missed", "pyannote", metric["missed detection"], 1e-6)
            figures.same(f"ami.{system}{suffix}.confused", "pyannote", metric["confusion"], 1e-6)


def boxes(figures):
    folder = os.path.join(DATA, "det_voc100_with_detections")
    modules = there("pycocotools.coco", "pycocotools.cocoeval", "pycocotools.mask")
    if not modules or not os.path.isdir(folder):
        return
    import contextlib
    import io
    coco, cocoeval, mask = modules
    import numpy
    if not hasattr(numpy, "float"):
        numpy.float = float  # It names what newer numpy calls otherwise.
    with contextlib.redirect_stdout(io.StringIO()):
        truth = coco.COCO(os.path.join(folder, "gts/coco_format_v1/instances_default.json"))
        names = sorted(c["name"] for c in truth.loadCats(truth.getCatIds()))
        ids = {c["name"]: c["id"] for c in truth.loadCats(truth.getCatIds())}
        rows, overlap = [], 0
        for image in truth.loadImgs(truth.getImgIds()):
            stem = os.path.splitext(os.path.basename(image["file_name"]))[0]
            of_image = []
            path = os.path.join(folder, "dets/abs_xywh", stem + ".txt")
            if os.path.exists(path):  # Else nothing was detected.
                for text in lines_of(path):
                    label, sure, *box = text.split()
                    of_image.append({"image_id": image["id"], "category_id": ids[names[int(label)]], "score": float(sure),
                                     "bbox": [float(x) for x in box]})
            there_ = [a["bbox"] for a in truth.loadAnns(truth.getAnnIds(imgIds=[image["id"]]))]
            if there_ and of_image:
                overlap += float(mask.iou([r["bbox"] for r in of_image], there_, [0] * len(there_)).sum())
            rows += of_image
        run = cocoeval.COCOeval(truth, truth.loadRes(rows), "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    figures.same("voc.ap50", "pycocotools", float(run.stats[1]))
    figures.same("voc.overlap", "pycocotools", overlap)


def lines_of(path):
    with open(path) as f:
        return list(f)


def seconds(work, times=2):
    """The result, and the least CPU seconds of several runs."""
    least = None
    for _ in range(times):
        start = time.process_time()
        out = work()
        spent = time.process_time() - start
        least = spent if least is None else min(least, spent)
    return out, least


def drawn(folder):
    out = subprocess.run([os.path.join(BENCH, "bench_peers_drawn"), folder], capture_output=True, text=True, check=True,
                         env={**os.environ, "LD_LIBRARY_PATH": ""}).stdout
    return {name: float(value) for name, value in (text.split() for text in out.splitlines())}


def faster(name, ours, theirs, least):
    line(f"{name}_cpu_seconds", ours, "s")
    line(f"{name}_peer_cpu_seconds", theirs, "s")
    line(f"{name}_times_peer", theirs / ours, "x", ">=", least)


def aggregation(folder, ours):
    modules = there("crowdkit.aggregation", "pandas", "numpy")
    if not modules:
        return
    crowdkit, pandas, numpy = modules
    rows = numpy.fromfile(os.path.join(folder, "labels.u32"), "<u4").reshape(-1, 3).astype("i8")
    frame = pandas.DataFrame(rows, columns=["task", "worker", "label"])
    for name, make in (("majority", crowdkit.MajorityVote),
                       ("dawid_skene_ten_rounds", lambda: crowdkit.DawidSkene(10, tol=0)),
                       ("dawid_skene", lambda: crowdkit.DawidSkene(100, tol=1e-5)),
                       ("one_coin", lambda: crowdkit.OneCoinDawidSkene(100, tol=1e-5))):
        fitted, spent = seconds(lambda make=make: make().fit(frame))
        posterior = numpy.fromfile(os.path.join(folder, name + ".f64"), "<f8").reshape(-1, 5)
        labels = fitted.labels_.sort_index().to_numpy()
        # Of equals a vote draws one, so that only what is not tied must be the same.
        top = numpy.sort(posterior, axis=1)
        clear = top[:, -1] - top[:, -2] > 1e-6
        line(f"crowdkit.{name}.other_labels", float((labels != posterior.argmax(axis=1))[clear].mean()), "share", "<=",
             0 if name in ("majority", "dawid_skene_ten_rounds") else 0.002)
        if name == "dawid_skene_ten_rounds":
            theirs = fitted.probas_.sort_index().sort_index(axis=1).to_numpy()
            line("crowdkit.dawid_skene.posterior_from_theirs", float(numpy.abs(theirs - posterior).max()), "-", "<=", 1e-6)
        faster("crowdkit." + name, ours[name], spent, 20)


def label_errors(folder, ours):
    modules = there("cleanlab.rank", "cleanlab.filter", "cleanlab.count", "numpy")
    if not modules:
        return
    rank, filter_, count, numpy = modules
    rows = numpy.fromfile(os.path.join(folder, "rows.f64"), "<f8").reshape(-1, 10)
    given = numpy.fromfile(os.path.join(folder, "given.u32"), "<u4").astype("i8")
    joint, spent = seconds(lambda: count.compute_confident_joint(given, rows, calibrate=False))
    mine = numpy.fromfile(os.path.join(folder, "joint.f64"), "<f8").reshape(10, 10)
    # Where several classes are reached they count for the most probable of all, we of those reached.
    line("cleanlab.joint.other_counts", float(numpy.abs(mine - joint).sum() / joint.sum()), "share", "<=", 0.01)
    faster("cleanlab.joint", ours["joint"], spent, 10)
    for name, theirs in (("self_confidence", "self_confidence"), ("margin", "normalized_margin"),
                         ("weighted_entropy", "confidence_weighted_entropy")):
        scores, spent = seconds(lambda theirs=theirs: rank.get_label_quality_scores(given, rows, method=theirs))
        mine = numpy.fromfile(os.path.join(folder, name + ".f64"), "<f8")
        line(f"cleanlab.{name}.from_theirs", float(numpy.abs(scores - mine).max()), "-", "<=", SAME)
        faster("cleanlab." + name, ours[name], spent, 10)
    for name, by in (("noise_rate", "prune_by_noise_rate"), ("confident", "confident_learning"), ("low_margin", "low_normalized_margin")):
        found, spent = seconds(lambda by=by: filter_.find_label_issues(given, rows, filter_by=by, n_jobs=1))
        mine = numpy.zeros(len(given), bool)
        mine[numpy.fromfile(os.path.join(folder, name + ".u64"), "<u8").astype("i8")] = True
        line(f"cleanlab.{name}.shared", float((mine & found).sum() / (mine | found).sum()), "share", ">=", 0.98)
        faster("cleanlab." + name, ours[name], spent, 10)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=["figures", "drawn"])
    asked = parser.parse_args()
    if asked.only != "drawn":
        figures = Figures()
        for part in (agreement, spans, transcripts, turns, boxes):
            part(figures)
    if asked.only != "figures":
        with tempfile.TemporaryDirectory() as folder:
            ours = drawn(folder)
            aggregation(folder, ours)
            label_errors(folder, ours)
    sys.exit(1 if short else 0)


main()
