"""The HTTP API: a type a shape, a method a route. Printed by clients/python/generate; do not edit.

Shapes are plain dicts. Fields that say nothing may be left out of what is sent, and of regions in answers.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Literal, Optional, TypedDict, Union, cast

from ._transport import Data, Stream, Transport

Ask = Union[str, int, float, bool, None]  # what a query can say; None: it is not said


class Problem(TypedDict, total=False):
    type: str
    title: str
    status: int
    code: Literal["invalid", "unauthenticated", "forbidden", "not_found", "conflict", "too_large", "too_many", "unsupported", "unavailable", "cancelled"]
    #: what is at fault, and what to do
    detail: str


class Annotation(TypedDict, total=False):
    #: a...
    id: str
    #: t...
    task: str
    #: u...
    person: str
    #: d...: the draft that was shown
    draft: Optional[str]
    #: decided by the server
    action: Literal["accepted", "edited", "rejected", "created", "skipped", "imported"]
    #: what the person decided
    regions: List[Region]
    #: changes against the draft
    edits: int
    #: visible and active time
    active_ms: int
    #: with a flag
    flagged: bool
    #: remark or reason
    comment: str
    #: ms UTC
    created: int
    #: ms UTC; 0: it stands
    withdrawn: int


class Comment(TypedDict, total=False):
    #: c...
    id: str
    #: t...
    task: str
    #: u...
    person: str
    #: shown name
    author: str
    #: what was said; @u... in it is a person of mentions
    text: str
    #: ms UTC
    created: int
    #: whom it mentions
    mentions: List[Mention]


class Control(TypedDict, total=False):
    #: unique in the schema
    name: str
    #: what a person draws or chooses
    kind: Literal["choices", "boxes", "spans", "polygons", "text", "segments", "keypoints", "relations", "rating"]
    #: shown above the control
    title: str
    #: choices: more than one may be chosen; text: several texts
    multiple: bool
    #: submit is refused without it
    required: bool
    #: choices, rating and text: asked about each drawn region
    per_region: bool
    #: what can be chosen or drawn; rating: in order, least first
    labels: List[Label]
    #: keypoints: names in order; empty: one point a region
    points: List[str]
    #: keypoints: pairs of places in points that a line joins
    lines: List[int]


class DeskTask(TypedDict, total=False):
    #: t...
    id: str
    #: p...
    project: str
    #: name its source gave it
    key: str
    #: the item under the schema's source, and what came with it
    data: Any
    #: columns beside the item, or null
    meta: Any
    #: why it comes to a person
    lane: Literal["routine", "edge", "audit", "dispute", "finding"]
    #: 0 to 255, higher comes sooner
    priority: int
    #: null: text
    media: Optional[Media]
    #: the lease
    assignment: Dict[str, Any]
    #: null: none, or a blind control
    draft: Optional[DraftHead]
    #: pre-filled
    regions: List[Region]
    #: less sure regions of the draft
    maybes: List[Region]
    #: autosaved work, or null
    work: Any
    #: of a task that was sent back: its answer before, to start from; or null
    former: Optional[Dict[str, Any]]


class Draft(TypedDict, total=False):
    #: d...
    id: str
    #: name of the model
    model: str
    #: name of its version
    version: str
    #: what the model claims, 0 to 1
    confidence: Optional[float]
    #: calibrated, 0 to 1
    probability: Optional[float]
    #: the worst of its regions
    grounding: Literal["unchecked", "grounded", "repaired", "weak", "ungrounded"]
    #: ms UTC
    created: int
    #: not replaced by a later one
    current: bool
    #: what it proposes
    regions: List[Region]


class DraftHead(TypedDict, total=False):
    #: d...
    id: str
    #: name of the model
    model: str
    #: name of its version
    version: str
    #: what the model claims, 0 to 1
    confidence: Optional[float]
    #: calibrated, 0 to 1
    probability: Optional[float]
    #: the worst of its regions
    grounding: Literal["unchecked", "grounded", "repaired", "weak", "ungrounded"]
    #: ms UTC
    created: int


class Event(TypedDict, total=False):
    #: e...
    id: str
    #: 1, 2, 3... within the project
    seq: int
    #: what happened
    kind: str
    #: who; null: the program
    person: Optional[str]
    #: about which task
    task: Optional[str]
    #: what it says
    body: Any
    #: ms UTC
    created: int
    #: hex SHA-256 over this event and the hash before it
    hash: str


Format = TypedDict(
    "Format",
    {
        #: unique
        "name": 'str',
        #: shown name
        "title": 'str',
        #: of an exported file
        "extension": 'str',
        #: can be read
        "import": 'bool',
        #: can be written
        "export": 'bool',
        #: items it can carry
        "modalities": 'List[Literal["text", "image", "audio"]]',
        #: regions it can carry
        "controls": 'List[Literal["choices", "boxes", "spans", "polygons", "text", "segments", "keypoints", "relations", "rating"]]',
        #: what is written reads back the same
        "lossless": 'bool',
    },
    total=False,
)


class ImportOptions(TypedDict, total=False):
    #: a name from /formats; empty: recognised from the files
    format: str
    #: labels in the files become drafts to review
    labels_are_drafts: bool
    #: labels in the files are trusted: their tasks are gold
    labels_are_gold: bool
    #: CSV: the column with the text; empty: guessed
    text_column: str
    #: CSV: the column with a unique id; empty: guessed or derived
    id_column: str
    #: CSV: the column with the label; empty: guessed
    label_column: str
    #: images that rows name by an http(s) URL are fetched
    fetch_media: bool


class ImportReport(TypedDict, total=False):
    #: what the files were read as
    format: str
    #: rows with a verdict: accepted + repaired + rejected
    rows: int
    #: rows taken as they stood
    accepted: int
    #: rows taken after a repair
    repaired: int
    #: rows not taken
    rejected: int
    #: new tasks
    added: int
    #: rows whose task was there already
    unchanged: int
    #: drafts that came with the rows
    drafts: int
    #: labels that came with the rows
    labels: int
    #: time it took
    seconds: float


class Job(TypedDict, total=False):
    #: j...
    id: str
    #: p...
    project: str
    #: import, draft, learn, embed, check, compare
    kind: str
    #: shown name
    title: str
    #: how far it is
    state: Literal["queued", "running", "done", "cancelled", "dead"]
    #: units
    done: int
    #: units; 0: unknown
    total: int
    #: units a second, lately
    rate: float
    #: null: unknown
    seconds_left: Optional[float]
    #: times it was started
    attempts: int
    #: the last failure
    error: str
    #: what it reports when done
    result: Any
    #: what it was asked to do
    payload: Any
    #: ms UTC
    created: int
    #: ms UTC; 0: not yet
    started: int
    #: ms UTC; 0: not yet
    finished: int
    #: somebody asked it to stop
    cancel: bool


class Label(TypedDict, total=False):
    #: the label, unique in its control
    name: str
    #: one key; empty: given by position
    hotkey: str
    #: #rrggbb; empty: the desk's own set
    color: str
    #: Markdown shown beside the item
    guideline: str
    #: names that models and files use for this label
    aliases: List[str]


class Media(TypedDict, total=False):
    #: m...
    id: str
    #: path of the bytes
    url: str
    #: pixels, upright
    width: int
    #: pixels, upright
    height: int
    #: of a recording, as decoded; 0: an image
    seconds: float
    #: media type
    type: str


class Mention(TypedDict, total=False):
    #: u...
    person: str
    #: sign-in name now
    name: str
    #: shown name now
    display: str


class Model(TypedDict, total=False):
    #: k...
    id: str
    #: from model-kinds
    kind: str
    #: shown name
    name: str
    #: what the kind needs
    config: Any
    #: drafts when tasks come in
    enabled: bool
    #: ms UTC
    created: int


class ModelKind(TypedDict, total=False):
    #: unique
    kind: str
    #: shown name
    title: str
    #: can draft this project's schema
    fits: bool
    #: why it does not
    why: str
    #: a sensible configuration for this project, or null
    config: Any
    #: part of the program; others are asked elsewhere, and are off at first
    embedded: bool
    #: in the program, on its machine from what one brings, on a server
    works_at: Literal["program", "machine", "server"]
    #: what its config may hold; empty: see the guide
    fields: List[Dict[str, Any]]


class ModelStats(TypedDict, total=False):
    #: current drafts
    drafted: int
    #: decisions on tasks where its draft was shown
    decided: int
    #: of these, accepted as they stood
    accepted: int
    #: drafts by verdict
    grounded: int
    #: drafts by verdict
    repaired: int
    #: drafts by verdict
    weak: int
    #: drafts by verdict
    ungrounded: int


class ModelVersion(TypedDict, total=False):
    #: w...
    id: str
    #: names weights and parameters
    name: str
    #: measured: accuracy, log_loss, n, method...
    quality: Any
    #: labels it learned from
    learned_from: int
    #: ms UTC
    created: int


class ModelView(TypedDict, total=False):
    #: k...
    id: str
    #: from model-kinds
    kind: str
    #: shown name
    name: str
    #: what the kind needs
    config: Any
    #: drafts when tasks come in
    enabled: bool
    #: the latest
    version: Optional[ModelVersion]
    #: counters
    stats: ModelStats
    #: ready tasks without a draft by the latest version
    to_draft: int
    #: ready, drafting, waiting, off, failed
    state: str
    #: what it waits for
    why: str
    #: part of the program; others are asked elsewhere
    embedded: bool
    #: which of its secrets are set
    secrets: List[Dict[str, Any]]
    #: what it has cost, where it is asked elsewhere
    spent: Dict[str, Any]


class Notification(TypedDict, total=False):
    #: its place in the list
    cursor: str
    #: what happened
    kind: Literal["mentioned", "replied", "assigned", "decided_otherwise", "sent_back", "dispute_waits", "guideline_changed", "job_ended", "taken_back"]
    #: p...: where
    project: str
    #: its name now
    project_name: str
    #: t..., or null: about the project
    task: Optional[str]
    #: name its source gave it
    task_key: str
    #: shown name of who did it; empty: the program
    by: str
    #: the start of the comment, of the verdict's reason or of the job's error; empty also where the caller
    #: may not see it before answering
    said: str
    #: assigned, taken_back: tasks; guideline_changed: the version
    number: int
    #: j..., or null
    job: Optional[str]
    #: of the job
    job_kind: str
    #: of the job, now
    job_state: Optional[Literal["queued", "running", "done", "cancelled", "dead"]]
    #: marked as read
    read: bool
    #: ms UTC
    created: int


class Person(TypedDict, total=False):
    #: u...
    id: str
    #: sign-in name
    name: str
    #: shown name
    display: str
    #: what this person may do
    role: Literal["annotator", "specialist", "supervisor", "admin"]
    #: may sign in
    active: bool
    #: ms UTC
    created: int


class Policy(TypedDict, total=False):
    #: share of tasks whose draft is hidden, to measure its effect; at least 0.02
    blind_share: float
    #: regions below this calibrated probability are not pre-filled
    show_from: float
    #: drafts that people are less likely to keep as they stand come to the desk, not to a batch
    routine_from: float
    #: how long a task is held without a sign of life
    lease_minutes: int
    #: annotations a task needs, 1 to 10
    overlap: int
    #: share of tasks that need them; the others need one
    overlap_share: float
    #: share of handed-out tasks whose answer is known, up to 0.5
    gold_share: float
    #: gold tasks a new annotator answers before any other, up to 100
    onboarding: int
    #: mean score on those that passes, 0 to 1
    onboarding_least: float
    #: reasons to skip that the desk offers
    skip_reasons: List[str]


class Progress(TypedDict, total=False):
    #: tasks
    total: int
    #: tasks that wait in the queue
    ready: int
    #: tasks with a person
    leased: int
    #: tasks with a countersigned label
    done: int
    #: tasks with a current draft
    drafted: int
    #: decisions: the draft as it stood
    accepted: int
    #: decisions: the draft changed
    edited: int
    #: decisions: the draft thrown away
    rejected: int
    #: decisions: labelled from nothing
    created: int
    #: skips
    skipped: int
    #: labels that came with the data
    imported: int
    #: decisions with a flag
    flagged: int
    #: tasks whose answers differ, for a specialist to decide
    disputed: int
    #: tasks whose answer is known; only supervisors see how many
    gold: int


class ProjectProgress(TypedDict, total=False):
    #: tasks
    total: int
    #: tasks that wait in the queue
    ready: int
    #: tasks with a person
    leased: int
    #: tasks with a countersigned label
    done: int
    #: tasks with a current draft
    drafted: int
    #: decisions: the draft as it stood
    accepted: int
    #: decisions: the draft changed
    edited: int
    #: decisions: the draft thrown away
    rejected: int
    #: decisions: labelled from nothing
    created: int
    #: skips
    skipped: int
    #: labels that came with the data
    imported: int
    #: decisions with a flag
    flagged: int
    #: tasks whose answers differ, for a specialist to decide
    disputed: int
    #: tasks whose answer is known; only supervisors see how many
    gold: int
    #: findings that are open; only supervisors see how many
    findings: int


class Project(TypedDict, total=False):
    #: p...
    id: str
    #: shown name
    name: str
    #: what the data is
    description: str
    #: what is asked about each item
    schema: Schema
    #: counts its changes
    schema_version: int
    #: Markdown
    guideline: str
    #: counts its changes
    guideline_version: int
    #: how work is handed out
    policy: Policy
    #: counters, kept up to date
    progress: ProjectProgress
    #: ms UTC
    created: int
    #: nobody works on it
    archived: bool
    #: the caller has no task list and live board here: they would tell which tasks are gold
    lists_hidden: bool


Region = TypedDict(
    "Region",
    {
        #: unique among the task's regions
        "id": 'str',
        #: the control it answers
        "control": 'str',
        #: which of the fields below count
        "kind": 'Literal["choices", "boxes", "spans", "polygons", "text", "segments", "keypoints", "relations", "rating"]',
        #: one label, or several for a multiple choice
        "labels": 'List[str]',
        #: boxes: left edge, pixels of the upright image
        "x": 'float',
        #: boxes: top edge, pixels
        "y": 'float',
        #: boxes: pixels
        "width": 'float',
        #: boxes: pixels
        "height": 'float',
        #: boxes: degrees clockwise about the top left corner
        "rotation": 'float',
        #: polygons and keypoints: x0, y0, x1, y1, ... pixels
        "points": 'List[float]',
        #: polygons: further rings, holes and parts apart (even-odd rule)
        "rings": 'List[List[float]]',
        #: keypoints: 0 not labelled, 1 hidden, 2 seen; empty: all seen
        "visible": 'List[int]',
        #: spans: first code point; segments: seconds
        "start": 'float',
        #: spans: one past the last code point; segments: seconds
        "end": 'float',
        #: spans: the slice; text: what was written
        "text": 'str',
        #: texts on audio: words in order, with their times in seconds
        "words": 'List[Dict[str, Any]]',
        #: per-region controls: the region it is about
        "parent": 'str',
        #: relations: the region it goes from
        "from": 'str',
        #: relations: the region it goes to
        "to": 'str',
        #: what the model claims, 0 to 1
        "confidence": 'float',
        #: calibrated probability that an unassisted person keeps it
        "probability": 'float',
        #: who made it
        "origin": 'Literal["model", "edited", "person", "imported"]',
        #: whether the draft is grounded in the item
        "grounding": 'Literal["unchecked", "grounded", "repaired", "weak", "ungrounded"]',
        #: why it is repaired, weak or ungrounded
        "reason": 'str',
        #: what a file format carried beside it
        "meta": 'Any',
    },
    total=False,
)


class RowVerdict(TypedDict, total=False):
    #: from 1, in the order of the files
    row: int
    #: file and place
    source: str
    #: repaired or rejected
    verdict: str
    #: what was mended, or why it was refused and what to do
    reason: str


class Schema(TypedDict, total=False):
    #: what an item is
    modality: Literal["text", "image", "audio"]
    #: the key of the item in a task's data
    source: str
    #: what is asked about each item
    controls: List[Control]


class Session(TypedDict, total=False):
    #: who is signed in
    person: Person
    #: send it as X-CSRF-Token with every unsafe request
    csrf: str
    #: ms UTC
    expires: int
    #: notifications not read yet, counted up to 1000
    unread: int


class Task(TypedDict, total=False):
    #: t...
    id: str
    #: name its source gave it
    key: str
    #: the item under the schema's source, and what came with it
    data: Any
    #: columns beside the item, or null
    meta: Any
    #: m..., or null
    media: Optional[str]
    #: where it stands
    state: Literal["ready", "leased", "done", "disputed"]
    #: why it comes to a person
    lane: Literal["routine", "edge", "audit", "dispute", "finding"]
    #: 0 to 255
    priority: int
    #: ms UTC
    created: int


class TaskDetail(TypedDict, total=False):
    #: the task
    task: Task
    #: null: text
    media: Optional[Media]
    #: newest first
    drafts: List[Draft]
    #: newest first, withdrawn ones too
    annotations: List[Annotation]
    #: oldest first
    comments: List[Comment]


class TaskRow(TypedDict, total=False):
    #: the task
    task: Task
    #: of its current label
    action: Optional[Literal["accepted", "edited", "rejected", "created", "skipped", "imported"]]
    #: who decided
    person: str
    #: names, comma separated
    labels: str
    #: of its current draft
    probability: Optional[float]
    #: with a flag
    flagged: bool
    #: ms UTC; 0: not yet
    decided: int
    #: who has it on the desk; empty: nobody, or not yours to see
    holder: str
    #: ms UTC until when; 0: nobody
    lease_until: int
    #: whom it is meant for; empty: anybody
    for_person: str


class Template(TypedDict, total=False):
    #: unique
    name: str
    #: shown name
    title: str
    #: what it is for
    description: str
    #: to start from
    schema: Schema
    #: Markdown to start from
    guideline: str


class Token(TypedDict, total=False):
    #: q...
    id: str
    #: what it is for
    name: str
    #: ms UTC
    created: int
    #: ms UTC
    expires: int
    #: ms UTC; null: never
    last_used: Optional[int]


class PostSessionBody(TypedDict, total=False):
    #: sign-in name
    name: str
    #: at least 10 characters
    password: str


class PostSessionLinkBody(TypedDict, total=False):
    #: the part of the link behind #
    token: str


class GetPeopleAnswer(TypedDict, total=False):
    items: List[Person]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class PostPeopleBody(TypedDict, total=False):
    #: sign-in name: a-z, 0-9, dot, dash, _
    name: str
    #: shown name; empty: the sign-in name
    display: str
    #: what this person may do
    role: Literal["annotator", "specialist", "supervisor", "admin"]
    #: empty: the first sign-in is by the link
    password: str


class PostPeopleAnswer(TypedDict, total=False):
    #: the new person
    person: Person
    #: path of a one-time sign-in link, good for an hour
    link: str


class PatchPersonBody(TypedDict, total=False):
    #: shown name
    display: str
    #: admins only
    role: Literal["annotator", "specialist", "supervisor", "admin"]
    #: admins only; false signs out
    active: bool
    #: signs out everywhere
    password: str


class PostPersonLinkAnswer(TypedDict, total=False):
    #: path of a one-time sign-in link, good for an hour
    link: str


class GetTokensAnswer(TypedDict, total=False):
    items: List[Token]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class PostTokensBody(TypedDict, total=False):
    #: what the token is for
    name: str
    #: days until it expires, 1 to 3650
    days: int


class PostTokensAnswer(TypedDict, total=False):
    #: the new token
    token: Token
    #: shown this once: Authorization: Bearer <secret>
    secret: str


class GetTemplatesAnswer(TypedDict, total=False):
    items: List[Template]


class GetFormatsAnswer(TypedDict, total=False):
    items: List[Format]


class GetProjectsAnswer(TypedDict, total=False):
    items: List[Project]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class PostProjectsBody(TypedDict, total=False):
    #: 1 to 200 bytes
    name: str
    #: what the data is
    description: str
    #: what is asked about each item
    schema: Schema
    #: Markdown
    guideline: str
    #: left out: the defaults
    policy: Policy


class PatchProjectBody(TypedDict, total=False):
    #: 1 to 200 bytes
    name: str
    #: what the data is
    description: str
    #: makes a new version
    guideline: str
    #: how work is handed out
    policy: Policy
    #: makes a new version; refused when it loses labels in use
    schema: Schema
    #: nobody works on it
    archived: bool


class PostProjectRenamingsBody(TypedDict, total=False):
    #: the schema one thinks of
    schema: Schema


class PostProjectRenamingsAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]


class PostLabelConfigBody(TypedDict, total=False):
    #: a Label Studio labelling configuration, up to 1 MiB
    xml: str


class PostLabelConfigAnswer(TypedDict, total=False):
    #: what the configuration asks
    schema: Schema
    #: what it says beyond that, by tag and attribute, in the order of the document
    not_understood: List[str]


class PostProjectUploadsAnswer(TypedDict, total=False):
    #: name of the folder that files are put into
    upload: str


class PutProjectUploadFilesAnswer(TypedDict, total=False):
    #: as it was stored
    name: str
    #: size
    bytes: int


class PostProjectImportsBody(TypedDict, total=False):
    #: from POST uploads
    upload: str
    #: how to read the files
    options: ImportOptions


class GetProjectJobsAnswer(TypedDict, total=False):
    items: List[Job]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class GetJobVerdictsAnswer(TypedDict, total=False):
    items: List[RowVerdict]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class PostProjectNextBody(TypedDict, total=False):
    #: tasks to hold, 1 to 30
    count: int


class PostProjectNextAnswer(TypedDict, total=False):
    #: empty: nothing to do
    tasks: List[DeskTask]
    #: counters of the project
    progress: Progress
    #: what comes before work; null: nothing, or it is passed
    onboarding: Optional[Dict[str, Any]]


class PostProjectTakeBody(TypedDict, total=False):
    #: t..., 1 to 30: the tasks to hold
    tasks: List[str]


class PostProjectTakeAnswer(TypedDict, total=False):
    #: what the caller holds of them now, in the order asked
    tasks: List[DeskTask]
    #: the others
    passed: List[Dict[str, Any]]
    #: counters of the project
    progress: Progress


class PostTaskAnnotationsBody(TypedDict, total=False):
    #: s...: the lease token
    assignment: str
    #: the decision
    regions: List[Region]
    #: the draft was thrown away
    rejected: bool
    #: visible and active time
    active_ms: int
    #: somebody should look at it
    flagged: bool
    #: remark
    comment: str
    #: tasks the reply should hold, 0 to 30
    want: int


class PostTaskAnnotationsAnswer(TypedDict, total=False):
    #: what was recorded
    annotation: Annotation
    #: the tasks to go on with
    next: List[DeskTask]
    #: counters of the project
    progress: Progress
    #: what comes before work; null: nothing, or it is passed
    onboarding: Optional[Dict[str, Any]]


class PostTaskSkipBody(TypedDict, total=False):
    #: s...: the lease token
    assignment: str
    #: reason
    comment: str
    #: visible and active time
    active_ms: int
    #: tasks the reply should hold, 0 to 30
    want: int


class PostTaskSkipAnswer(TypedDict, total=False):
    #: what was recorded
    annotation: Annotation
    #: the tasks to go on with
    next: List[DeskTask]
    #: counters of the project
    progress: Progress
    #: what comes before work; null: nothing, or it is passed
    onboarding: Optional[Dict[str, Any]]


class PostAnnotationUndoAnswer(TypedDict, total=False):
    #: on the desk again
    task: DeskTask


class GetProjectRecentAnswer(TypedDict, total=False):
    items: List[Annotation]


class PutTaskWorkBody(TypedDict, total=False):
    #: s...: the lease token
    assignment: str
    #: anything
    work: Any


class PostAssignmentRenewAnswer(TypedDict, total=False):
    #: ms UTC
    until: int


class GetProjectBatchAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]


class PostProjectBatchBody(TypedDict, total=False):
    #: name of a control
    control: str
    #: one of its labels
    label: str
    #: tasks to hold, 1 to 200
    limit: int


class PostProjectBatchAnswer(TypedDict, total=False):
    #: all tasks of the class
    total: Dict[str, Any]
    #: least certain first
    items: List[Dict[str, Any]]
    #: one's own sample of this class that is not finished, or null
    sample: Optional[Dict[str, Any]]


class PostProjectBatchAcceptBody(TypedDict, total=False):
    #: name of the control
    control: str
    #: one of its labels
    label: str
    #: all that were looked at, 1 to 200
    tasks: List[Dict[str, Any]]
    #: t... of them that are left to the desk
    marked: List[str]
    #: visible and active time
    active_ms: int


class PostProjectBatchAcceptAnswer(TypedDict, total=False):
    #: b...
    id: str
    #: the control
    control: str
    #: the label
    label: str
    #: tasks a sample answers for; 0: each was looked at
    population: int
    #: tasks of the sample
    sample: int
    #: largest share of wrong ones asked for
    alpha: float
    #: the bound holds with confidence 1 - delta
    delta: float
    #: wrong or lost in the sample; -1: not reviewed yet
    errors: int
    #: the bound: at most so many of the population; -1: not yet
    most_wrong: int
    #: tasks accepted so far
    accepted: int
    #: tasks left to the desk
    marked: int
    #: tasks that somebody else took in the meantime
    lost: int
    #: tasks that this step left: send it again
    remaining: int
    #: taken back as a whole
    undone: bool
    #: counters of the project
    progress: Progress


class PostBatchUndoAnswer(TypedDict, total=False):
    #: b...
    id: str
    #: the control
    control: str
    #: the label
    label: str
    #: tasks a sample answers for; 0: each was looked at
    population: int
    #: tasks of the sample
    sample: int
    #: largest share of wrong ones asked for
    alpha: float
    #: the bound holds with confidence 1 - delta
    delta: float
    #: wrong or lost in the sample; -1: not reviewed yet
    errors: int
    #: the bound: at most so many of the population; -1: not yet
    most_wrong: int
    #: tasks accepted so far
    accepted: int
    #: tasks left to the desk
    marked: int
    #: tasks that somebody else took in the meantime
    lost: int
    #: tasks that this step left: send it again
    remaining: int
    #: taken back as a whole
    undone: bool
    #: counters of the project
    progress: Progress


class PostProjectBatchPlanBody(TypedDict, total=False):
    #: name of a control
    control: str
    #: one of its labels
    label: str
    #: largest share of wrong ones in the whole
    alpha: float
    #: the bound is to hold with confidence 1 - delta
    delta: float
    #: wrong ones that the sample is sized for, 0 to 2
    errors: int


class PostProjectBatchPlanAnswer(TypedDict, total=False):
    #: tasks of the class
    population: int
    #: sample sizes that show the bound with 0, 1 and 2 errors; -1: none does
    sizes: List[int]


class PostProjectBatchSampleBody(TypedDict, total=False):
    #: name of a control
    control: str
    #: one of its labels
    label: str
    #: largest share of wrong ones in the whole
    alpha: float
    #: the bound is to hold with confidence 1 - delta
    delta: float
    #: wrong ones that the sample is sized for, 0 to 2
    errors: int


class PostProjectBatchSampleAnswer(TypedDict, total=False):
    #: b...
    id: str
    #: the control
    control: str
    #: the label
    label: str
    #: tasks a sample answers for; 0: each was looked at
    population: int
    #: tasks of the sample
    sample: int
    #: largest share of wrong ones asked for
    alpha: float
    #: the bound holds with confidence 1 - delta
    delta: float
    #: wrong or lost in the sample; -1: not reviewed yet
    errors: int
    #: the bound: at most so many of the population; -1: not yet
    most_wrong: int
    #: tasks accepted so far
    accepted: int
    #: tasks left to the desk
    marked: int
    #: tasks that somebody else took in the meantime
    lost: int
    #: tasks that this step left: send it again
    remaining: int
    #: taken back as a whole
    undone: bool
    #: counters of the project
    progress: Progress


class PostBatchItemsAnswer(TypedDict, total=False):
    #: how it stands
    batch: Dict[str, Any]
    #: of the sample, not reviewed yet, at most 200
    items: List[Dict[str, Any]]


class PostBatchReviewBody(TypedDict, total=False):
    #: those of the sample that were looked at, 1 to 200
    tasks: List[Dict[str, Any]]
    #: t... of them that are wrong
    marked: List[str]
    #: visible and active time
    active_ms: int


class PostBatchReviewAnswer(TypedDict, total=False):
    #: b...
    id: str
    #: the control
    control: str
    #: the label
    label: str
    #: tasks a sample answers for; 0: each was looked at
    population: int
    #: tasks of the sample
    sample: int
    #: largest share of wrong ones asked for
    alpha: float
    #: the bound holds with confidence 1 - delta
    delta: float
    #: wrong or lost in the sample; -1: not reviewed yet
    errors: int
    #: the bound: at most so many of the population; -1: not yet
    most_wrong: int
    #: tasks accepted so far
    accepted: int
    #: tasks left to the desk
    marked: int
    #: tasks that somebody else took in the meantime
    lost: int
    #: tasks that this step left: send it again
    remaining: int
    #: taken back as a whole
    undone: bool
    #: counters of the project
    progress: Progress


class PostBatchRestAnswer(TypedDict, total=False):
    #: b...
    id: str
    #: the control
    control: str
    #: the label
    label: str
    #: tasks a sample answers for; 0: each was looked at
    population: int
    #: tasks of the sample
    sample: int
    #: largest share of wrong ones asked for
    alpha: float
    #: the bound holds with confidence 1 - delta
    delta: float
    #: wrong or lost in the sample; -1: not reviewed yet
    errors: int
    #: the bound: at most so many of the population; -1: not yet
    most_wrong: int
    #: tasks accepted so far
    accepted: int
    #: tasks left to the desk
    marked: int
    #: tasks that somebody else took in the meantime
    lost: int
    #: tasks that this step left: send it again
    remaining: int
    #: taken back as a whole
    undone: bool
    #: counters of the project
    progress: Progress


class GetProjectCueModelsAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]


class PostTaskCueBody(TypedDict, total=False):
    #: k..., of those that answer cues
    model: str
    #: what the thing would be called; empty: the first label
    label: str
    #: images: the thing is in these, at most 20
    boxes: List[Dict[str, Any]]
    #: images: the thing is here, or is not, at most 100
    points: List[Dict[str, Any]]
    #: of the answer in the making: what the question is about, at most 20
    regions: List[Region]


class PostTaskCueAnswer(TypedDict, total=False):
    #: k...
    model: str
    #: of the model
    name: str
    #: of the model
    version: str
    #: what it says, possibly nothing; answers among them may be about regions of the question
    regions: List[Region]


class PostTaskAssistBody(TypedDict, total=False):
    #: outline: a polygon around the thing in the box
    kind: Literal["outline"]
    #: where the thing is
    box: Dict[str, Any]
    #: [x, y] pixels that are on the thing, at most 100
    include: List[List[float]]
    #: [x, y] pixels that are not, at most 100
    exclude: List[List[float]]


class PostTaskAssistAnswer(TypedDict, total=False):
    #: the polygon that was found; nothing is stored
    region: Dict[str, Any]


class PostTaskVoicesBody(TypedDict, total=False):
    #: the control of segments
    control: str
    #: segments whose speaker the person has set or kept
    labelled: List[Dict[str, Any]]
    #: segments to be named by their voices
    segments: List[Dict[str, Any]]


class PostTaskVoicesAnswer(TypedDict, total=False):
    #: those of a named voice; nothing is stored
    segments: List[Dict[str, Any]]
    #: those whose label is left as it is, and why
    left: List[Dict[str, Any]]
    #: what the person's segments hold
    voices: List[Dict[str, Any]]


class PostTaskTimesBody(TypedDict, total=False):
    #: at most 500, and 15 minutes together
    texts: List[Dict[str, Any]]


class PostTaskTimesAnswer(TypedDict, total=False):
    #: in the order they were asked for
    texts: List[Dict[str, Any]]


class GetTaskCommentsAnswer(TypedDict, total=False):
    items: List[Comment]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class PostTaskCommentsBody(TypedDict, total=False):
    #: 1 to 10,000 bytes; @name or @u... mentions a person of the project
    text: str


class GetProjectTasksAnswer(TypedDict, total=False):
    items: List[TaskRow]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class GetProjectTasksCountAnswer(TypedDict, total=False):
    #: tasks that match
    count: int
    #: there are more than that: counting them all would take long
    more: bool


class GetFilterFieldsAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]


class GetProjectViewsAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]


class PostProjectViewsBody(TypedDict, total=False):
    #: 1 to 80 bytes, unique among the caller's own or everybody's
    name: str
    #: which tasks
    filter: str
    #: imported, key, probability or decided; - before it: the last first
    sort: str
    #: what is shown of each; empty: the usual
    columns: List[str]
    #: supervisors: for everybody of the project
    shared: bool


class PostProjectViewsAnswer(TypedDict, total=False):
    #: v...
    id: str
    #: shown name
    name: str
    #: which tasks
    filter: str
    #: their order
    sort: str
    #: what is shown of each; empty: the usual
    columns: List[str]
    #: everybody of the project sees it
    shared: bool
    #: ms UTC
    created: int


class PatchViewBody(TypedDict, total=False):
    #: 1 to 80 bytes, unique among the caller's own or everybody's
    name: str
    #: which tasks
    filter: str
    #: imported, key, probability or decided; - before it: the last first
    sort: str
    #: what is shown of each; empty: the usual
    columns: List[str]
    #: supervisors: for everybody of the project
    shared: bool


class PatchViewAnswer(TypedDict, total=False):
    #: v...
    id: str
    #: shown name
    name: str
    #: which tasks
    filter: str
    #: their order
    sort: str
    #: what is shown of each; empty: the usual
    columns: List[str]
    #: everybody of the project sees it
    shared: bool
    #: ms UTC
    created: int


class GetTaskSimilarAnswer(TypedDict, total=False):
    #: ready, preparing (ask again), or none: POST .../similar/prepare
    state: str
    #: a sentence when there are no items
    why: str
    #: most alike first
    items: List[Dict[str, Any]]
    #: the latest that prepares, unless ready
    job: Optional[Job]


class PostProjectSimilarBody(TypedDict, total=False):
    #: 1 to 10,000 bytes of UTF-8
    text: str
    #: only tasks that match
    filter: str
    #: 1 to 200; 50
    limit: int


class PostProjectSimilarAnswer(TypedDict, total=False):
    #: ready, preparing (ask again), or none: POST .../similar/prepare
    state: str
    #: a sentence when there are no items
    why: str
    #: most alike first
    items: List[Dict[str, Any]]
    #: the latest that prepares, unless ready
    job: Optional[Job]


class GetProjectDisputesAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class GetTaskDisputeAnswer(TypedDict, total=False):
    #: the task
    task: Task
    #: null: text
    media: Optional[Media]
    #: the draft that people saw, or null
    draft: Optional[Draft]
    #: oldest first
    opinions: List[Dict[str, Any]]
    #: a...: the opinion that most share
    suggested: str
    #: people who share it
    in_favour: int
    #: that none of the opinions is right; null: not known
    none_right: Optional[float]
    #: what the probabilities were held against; few: nothing yet, they are a rough guess
    ground: Literal["few", "held_out", "verdicts"]
    #: tasks of the project that several people answered
    several: int
    #: of those, decided by a specialist
    verdicts: int


class PostTaskVerdictBody(TypedDict, total=False):
    #: a...: the opinion that holds; empty: the regions below do
    annotation: str
    #: the specialist's own answer
    regions: List[Region]
    #: why, for those who answered
    reason: str
    #: visible and active time
    active_ms: int


class PostTaskSendBackBody(TypedDict, total=False):
    #: stands under the task
    comment: str


class PostProjectAssignBody(TypedDict, total=False):
    #: t..., at most 10,000
    tasks: List[str]
    #: instead of tasks: those that match, 10,000 at a time
    filter: str
    #: filter: the next of the answer before
    cursor: str
    #: u...; empty: anybody's again
    person: str


class PostProjectAssignAnswer(TypedDict, total=False):
    #: tasks that changed; those leased, done or disputed stay as they are
    changed: int
    #: whose they were: assigning them back undoes it
    before: List[Dict[str, Any]]
    #: filter: send it as cursor to go on; null: all were looked at
    next: Optional[str]


class GetProjectPeopleAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class GetProjectGuidelineChangeAnswer(TypedDict, total=False):
    #: null: it stands as the caller knows it, or they never decided here
    change: Optional[Dict[str, Any]]


class GetNotificationsAnswer(TypedDict, total=False):
    #: newest first; with after: oldest first
    items: List[Notification]
    #: there are more: send it as cursor (with after: as after) to go on; null: that was all
    next: Optional[str]
    #: send it as after, later, for what has come since
    cursor: str
    #: in the whole list, counted up to 1000
    unread: int


class PostNotificationsReadBody(TypedDict, total=False):
    #: the cursor up to which all are read
    up_to: str
    #: the cursor of the one that is; instead of up_to
    only: str


class PostNotificationsReadAnswer(TypedDict, total=False):
    #: left in the list, counted up to 1000
    unread: int


class GetNotificationsChoicesAnswer(TypedDict, total=False):
    #: those left out are on
    kinds: List[Dict[str, Any]]


class PutNotificationsChoicesBody(TypedDict, total=False):
    #: those left out are on
    kinds: List[Dict[str, Any]]


class PutNotificationsChoicesAnswer(TypedDict, total=False):
    #: those left out are on
    kinds: List[Dict[str, Any]]


class GetProjectLiveAnswer(TypedDict, total=False):
    #: ms UTC on the server
    now: int
    #: everybody's lines; false: the caller's own
    whole: bool
    #: who holds a task, or decided since the history starts
    people: List[Dict[str, Any]]
    #: the queue, those without tasks left out
    lanes: List[Dict[str, Any]]
    #: the pace
    history: Dict[str, Any]
    #: that wait or work; for supervisors
    jobs: List[Job]


class PostProjectTakeBackBody(TypedDict, total=False):
    #: u...: who holds it
    person: str
    #: t...; empty: all they hold in the project
    task: str


class PostProjectTakeBackAnswer(TypedDict, total=False):
    #: tasks that changed; those leased, done or disputed stay as they are
    changed: int
    #: whose they were: assigning them back undoes it
    before: List[Dict[str, Any]]
    #: filter: send it as cursor to go on; null: all were looked at
    next: Optional[str]


class GetProjectGoldAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class PostProjectGoldBody(TypedDict, total=False):
    #: t..., decided, at most 1,000
    tasks: List[str]


class PostProjectGoldAnswer(TypedDict, total=False):
    #: tasks that changed
    changed: int


class PostProjectGoldWithdrawBody(TypedDict, total=False):
    #: t..., gold, at most 1,000
    tasks: List[str]
    #: why the answer is not to be trusted
    reason: str


class PostProjectGoldWithdrawAnswer(TypedDict, total=False):
    #: tasks that changed
    changed: int


class GetProjectStandingsAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]


class GetProjectOnboardingAnswer(TypedDict, total=False):
    #: null: none was begun
    onboarding: Optional[Dict[str, Any]]


class PostProjectOnboardingFeedbackBody(TypedDict, total=False):
    #: a...: an answer of the caller's onboarding
    annotation: str


class PostProjectOnboardingFeedbackAnswer(TypedDict, total=False):
    #: the task
    task: Task
    #: null: text
    media: Optional[Media]
    #: what the caller decided
    answer: Annotation
    #: the trusted answer
    trusted: List[Region]
    #: a: a region of the trusted answer, b: one of the caller's
    differences: List[Dict[str, Any]]
    #: 0 to 1
    score: float
    #: the answers are the same
    agreed: bool
    #: where the caller stands after this
    onboarding: Dict[str, Any]


class PostProjectOnboardingLetPassBody(TypedDict, total=False):
    #: u...
    person: str


class PostProjectOnboardingAgainBody(TypedDict, total=False):
    #: u...
    person: str


class GetProjectFindingsAnswer(TypedDict, total=False):
    #: worst first; kinds that are mostly dismissed behind all others
    findings: List[Dict[str, Any]]
    #: send it as after to go on; null: this was the last page
    next: Optional[str]


class GetProjectFindingsSummaryAnswer(TypedDict, total=False):
    #: all kinds that a project can have
    kinds: List[Dict[str, Any]]
    #: ms UTC, when the project was last checked whole; 0: never
    checked_at: int
    #: what that check did not look for, and why: sentences
    not_done: List[str]
    #: the check that waits or works, or null
    job: Optional[Job]


class PostProjectFindingsDecideBody(TypedDict, total=False):
    #: f..., at most 1,000
    findings: List[str]
    #: relabel: the task is asked of people again; fixed: done elsewhere; dismissed: it is right as it is, and
    #: not found again
    verdict: Literal["relabel", "fixed", "dismissed"]
    #: for dismissed, required: why it is right
    reason: str


class PostProjectFindingsDecideAnswer(TypedDict, total=False):
    #: findings that changed
    decided: int
    #: those that did not, and why
    refused: List[Dict[str, Any]]


class PostProjectFindingsFixBody(TypedDict, total=False):
    #: f..., at most 1,000
    findings: List[str]


class PostProjectFindingsFixAnswer(TypedDict, total=False):
    #: findings that changed
    decided: int
    #: those that did not, and why
    refused: List[Dict[str, Any]]


class PostTaskMendBody(TypedDict, total=False):
    #: an answer to the task, at most 5,000 regions
    regions: List[Region]


class PostTaskMendAnswer(TypedDict, total=False):
    #: the answer, mended
    regions: List[Region]
    #: what was mended; empty: nothing
    repairs: List[Dict[str, Any]]


class PostProjectFindingsUndoBody(TypedDict, total=False):
    #: f..., at most 1,000
    findings: List[str]


class PostProjectFindingsUndoAnswer(TypedDict, total=False):
    #: findings that are open again
    undone: int
    #: those that are not, and why
    refused: List[Dict[str, Any]]


class GetProjectModelKindsAnswer(TypedDict, total=False):
    items: List[ModelKind]


class GetProjectModelsAnswer(TypedDict, total=False):
    items: List[ModelView]


class PostProjectModelsBody(TypedDict, total=False):
    #: from model-kinds
    kind: str
    #: shown name
    name: str
    #: what the kind needs
    config: Any


class PutProjectModelFilesAnswer(TypedDict, total=False):
    #: sha256:..., for "file" in the config of an onnx model
    file: str
    #: as it was called
    name: str
    #: size
    bytes: int
    #: shape of its picture; -1: any size
    input: List[int]
    #: names of labels that the file notes; often none
    labels: List[str]


class GetProjectModelsQualityAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]


class PatchModelBody(TypedDict, total=False):
    #: shown name
    name: str
    #: what the kind needs
    config: Any
    #: drafts when tasks come in
    enabled: bool


class PutModelSecretsBody(TypedDict, total=False):
    #: of the field; usually key
    name: str
    #: sealed, and never told again; empty: it is removed
    value: str


class PutModelSecretsAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]


class GetModelVersionsAnswer(TypedDict, total=False):
    items: List[ModelVersion]


class PostModelTryBody(TypedDict, total=False):
    #: t...
    task: str


class PostModelTryAnswer(TypedDict, total=False):
    #: what the model says now; not stored
    draft: Draft


class PostProjectModelPlanBody(TypedDict, total=False):
    #: tasks to ask about to find out, 0 to 20; 0: estimate without asking
    sample: int


class PostProjectModelPlanAnswer(TypedDict, total=False):
    #: tasks that a run would ask about
    tasks: int
    #: questions that were asked to find out
    sampled: int
    #: of these, without an answer
    failed: int
    #: sample, or estimate: from the length of the prompts
    how: str
    #: a sentence for people
    note: str
    #: tokens that are sent
    tokens_in: Dict[str, Any]
    #: tokens that are written
    tokens_out: Dict[str, Any]
    #: by the model's prices
    money: Dict[str, Any]
    #: how long it takes
    seconds: Dict[str, Any]
    #: so far, this sample included
    spent: Dict[str, Any]
    #: money; null: no budget
    budget_left: Optional[float]
    #: tokens; null: no budget of tokens
    tokens_left: Optional[int]
    #: the high ends are within the budget
    fits: bool


class PostModelPromptBody(TypedDict, total=False):
    #: t...
    task: str
    #: another config than the model's
    config: Any


class PostModelPromptAnswer(TypedDict, total=False):
    #: names model, wording and what is asked
    version: str
    #: roughly
    tokens: int
    #: in order
    messages: List[Dict[str, Any]]
    #: JSON Schema that the answer is held to
    answer_schema: Any


class PostModelTrialBody(TypedDict, total=False):
    #: tasks, 1 to 20
    count: int
    #: another config than the model's
    config: Any


class PostModelTrialAnswer(TypedDict, total=False):
    #: the next that wait
    tasks: List[Dict[str, Any]]
    #: by this trial
    spent: Dict[str, Any]


class PostModelComparisonsBody(TypedDict, total=False):
    #: a config; null: the model's
    a: Any
    #: another; null: the model's, or the other model's
    b: Any
    #: k...: the second way is this model's; empty: the same model's
    other: str
    #: tasks, 1 to 200
    most: int


class GetProjectEventsAnswer(TypedDict, total=False):
    items: List[Event]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class GetProjectVerifyAnswer(TypedDict, total=False):
    #: checked
    events: int
    #: every hash, signature and number is right
    ok: bool


class GetProjectWebhooksAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class PostProjectWebhooksBody(TypedDict, total=False):
    #: where to: http or https, without a user name
    url: str
    #: families (annotation) or kinds (annotation.submitted); empty: all
    kinds: List[str]
    #: 16 to 200 bytes that sign what is sent; left out: made here
    secret: str


class PostProjectWebhooksAnswer(TypedDict, total=False):
    #: the new webhook
    webhook: Dict[str, Any]
    #: shown this once
    secret: str


class PatchWebhookBody(TypedDict, total=False):
    #: where to
    url: str
    #: families or kinds; empty: all
    kinds: List[str]
    #: true tries again at once, with what came meanwhile
    enabled: bool


class PatchWebhookAnswer(TypedDict, total=False):
    #: h...
    id: str
    #: where to
    url: str
    #: families or kinds; empty: all
    kinds: List[str]
    #: false: nothing is sent
    enabled: bool
    #: tries that failed in a row
    failures: int
    #: ms UTC; null: the last try went well
    failing_since: Optional[int]
    #: ms UTC, not before; null: as soon as there is news
    next_try: Optional[int]
    #: the last failure, or why it was switched off
    why: str
    #: ms UTC
    created: int


class PostWebhookPingAnswer(TypedDict, total=False):
    #: e...; null: a ping
    event: Optional[str]
    #: what happened
    kind: str
    #: 1: the first try of this event
    attempt: int
    #: of HTTP; null: no answer
    status: Optional[int]
    #: why it failed; empty: it was taken
    error: str
    #: until the answer
    took_ms: int
    #: ms UTC
    created: int


class GetWebhookDeliveriesAnswer(TypedDict, total=False):
    items: List[Dict[str, Any]]
    #: send it as cursor to go on; null: this was the last page
    next: Optional[str]


class GetAboutAnswer(TypedDict, total=False):
    #: countersign
    name: str
    #: of the program
    version: str
    #: sqlite or postgres
    engine: str
    #: what the server takes
    limits: Dict[str, Any]


class GetHealthzAnswer(TypedDict, total=False):
    #: ok: the database answers
    status: str


class Api:
    """One method a route of the server."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def post_session(self, body: PostSessionBody) -> Session:
        """POST /api/v1/session: sign in with a password; sets the session cookie."""
        return cast(Session, self.transport.json("POST", "/api/v1/session", body=body))

    def get_session(self) -> Session:
        """GET /api/v1/session: who is signed in."""
        return cast(Session, self.transport.json("GET", "/api/v1/session"))

    def delete_session(self) -> None:
        """DELETE /api/v1/session: sign out."""
        self.transport.send("DELETE", "/api/v1/session")

    def post_session_link(self, body: PostSessionLinkBody) -> Session:
        """POST /api/v1/session/link: sign in with a one-time link; sets the session cookie."""
        return cast(Session, self.transport.json("POST", "/api/v1/session/link", body=body))

    def get_people(self, *, cursor: Ask = None, limit: Ask = None) -> GetPeopleAnswer:
        """GET /api/v1/people: people.

        cursor: the next of the page before
        limit: items a page, 1 to 200; usually 50
        """
        return cast(GetPeopleAnswer, self.transport.json(
            "GET",
            "/api/v1/people",
            query={"cursor": cursor, "limit": limit},
        ))

    def each_people(self, *, limit: Ask = None) -> Iterator[Person]:
        """Every item of get_people, page after page."""
        cursor: Optional[str] = None
        while True:
            page = self.get_people(limit=limit, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def post_people(self, body: PostPeopleBody) -> PostPeopleAnswer:
        """POST /api/v1/people: add a person; the answer has a one-time sign-in link."""
        return cast(PostPeopleAnswer, self.transport.json("POST", "/api/v1/people", body=body))

    def patch_person(self, person: str, body: PatchPersonBody) -> Person:
        """PATCH /api/v1/people/{u}: change a person: one's own name and password, or anybody for an admin."""
        return cast(Person, self.transport.json(
            "PATCH",
            f"/api/v1/people/{self.transport.quoted(person)}",
            body=body,
        ))

    def post_person_link(self, person: str) -> PostPersonLinkAnswer:
        """POST /api/v1/people/{u}/link: a new one-time sign-in link."""
        return cast(PostPersonLinkAnswer, self.transport.json(
            "POST",
            f"/api/v1/people/{self.transport.quoted(person)}/link",
        ))

    def get_tokens(self) -> GetTokensAnswer:
        """GET /api/v1/tokens: one's own API tokens."""
        return cast(GetTokensAnswer, self.transport.json("GET", "/api/v1/tokens"))

    def post_tokens(self, body: PostTokensBody) -> PostTokensAnswer:
        """POST /api/v1/tokens: make an API token."""
        return cast(PostTokensAnswer, self.transport.json("POST", "/api/v1/tokens", body=body))

    def delete_token(self, token: str) -> None:
        """DELETE /api/v1/tokens/{q}: delete an API token."""
        self.transport.send("DELETE", f"/api/v1/tokens/{self.transport.quoted(token)}")

    def get_templates(self) -> GetTemplatesAnswer:
        """GET /api/v1/templates: schemas and guidelines to start a project from."""
        return cast(GetTemplatesAnswer, self.transport.json("GET", "/api/v1/templates"))

    def get_formats(self) -> GetFormatsAnswer:
        """GET /api/v1/formats: file formats and what they can carry."""
        return cast(GetFormatsAnswer, self.transport.json("GET", "/api/v1/formats"))

    def get_projects(
        self,
        *,
        cursor: Ask = None,
        limit: Ask = None,
        archived: Ask = None,
    ) -> GetProjectsAnswer:
        """GET /api/v1/projects: projects with their progress.

        cursor: the next of the page before
        limit: items a page, 1 to 200; usually 50
        archived: 1: archived projects instead
        """
        return cast(GetProjectsAnswer, self.transport.json(
            "GET",
            "/api/v1/projects",
            query={"cursor": cursor, "limit": limit, "archived": archived},
        ))

    def each_projects(self, *, limit: Ask = None, archived: Ask = None) -> Iterator[Project]:
        """Every item of get_projects, page after page."""
        cursor: Optional[str] = None
        while True:
            page = self.get_projects(limit=limit, archived=archived, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def post_projects(self, body: PostProjectsBody) -> Project:
        """POST /api/v1/projects: make a project; the embedded models that fit are added."""
        return cast(Project, self.transport.json("POST", "/api/v1/projects", body=body))

    def get_project(self, project: str) -> Project:
        """GET /api/v1/projects/{p}: one project."""
        return cast(Project, self.transport.json("GET", f"/api/v1/projects/{self.transport.quoted(project)}"))

    def patch_project(self, project: str, body: PatchProjectBody) -> Project:
        """PATCH /api/v1/projects/{p}: change a project; a schema that loses labels in use is refused."""
        return cast(Project, self.transport.json(
            "PATCH",
            f"/api/v1/projects/{self.transport.quoted(project)}",
            body=body,
        ))

    def post_project_renamings(
        self,
        project: str,
        body: PostProjectRenamingsBody,
    ) -> PostProjectRenamingsAnswer:
        """POST /api/v1/projects/{p}/renamings: what would read as another label under a schema, in how many tasks; nothing is changed."""
        return cast(PostProjectRenamingsAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/renamings",
            body=body,
        ))

    def get_project_progress(self, project: str) -> ProjectProgress:
        """GET /api/v1/projects/{p}/progress: counters of a project."""
        return cast(ProjectProgress, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/progress",
        ))

    def post_label_config(self, body: PostLabelConfigBody) -> PostLabelConfigAnswer:
        """POST /api/v1/label-config: a Label Studio configuration as a schema; nothing is kept."""
        return cast(PostLabelConfigAnswer, self.transport.json("POST", "/api/v1/label-config", body=body))

    def get_project_label_config(self, project: str) -> Stream:
        """GET /api/v1/projects/{p}/label-config: the project's schema as a Label Studio configuration."""
        return self.transport.stream("GET", f"/api/v1/projects/{self.transport.quoted(project)}/label-config")

    def post_project_uploads(self, project: str) -> PostProjectUploadsAnswer:
        """POST /api/v1/projects/{p}/uploads: a new folder to put files into."""
        return cast(PostProjectUploadsAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/uploads",
        ))

    def put_project_upload_files(
        self,
        project: str,
        upload: str,
        data: Data,
        *,
        name: Ask = None,
    ) -> PutProjectUploadFilesAnswer:
        """PUT /api/v1/projects/{p}/uploads/{upload}/files: put one file into the folder; the body is its bytes, streamed.

        name: relative path: images/001.jpg
        """
        return cast(PutProjectUploadFilesAnswer, self.transport.json(
            "PUT",
            f"/api/v1/projects/{self.transport.quoted(project)}/uploads/{self.transport.quoted(upload)}/files",
            query={"name": name},
            data=data,
        ))

    def post_project_imports(
        self,
        project: str,
        body: PostProjectImportsBody,
        *,
        raw: Ask = None,
        name: Ask = None,
        format: Ask = None,
        labels_are_drafts: Ask = None,
        labels_are_gold: Ask = None,
        text_column: Ask = None,
        id_column: Ask = None,
        label_column: Ask = None,
        fetch_media: Ask = None,
    ) -> Job:
        """POST /api/v1/projects/{p}/imports: import what was uploaded, or the file that is the body itself (?raw=1).

        raw: 1: the body is the file, whatever its Content-Type
        name: raw: file name
        format: raw: a name from /formats; left out: recognised
        labels_are_drafts: raw: 1: labels become drafts to review
        labels_are_gold: raw: 1: labels are trusted: their tasks are gold
        text_column: raw: CSV column with the text
        id_column: raw: CSV column with a unique id
        label_column: raw: CSV column with the label
        fetch_media: raw: 1: images that rows name by URL are fetched
        """
        return cast(Job, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/imports",
            query={"raw": raw, "name": name, "format": format, "labels_are_drafts": labels_are_drafts, "labels_are_gold": labels_are_gold, "text_column": text_column, "id_column": id_column, "label_column": label_column, "fetch_media": fetch_media},
            body=body,
        ))

    def get_project_export(
        self,
        project: str,
        *,
        format: Ask = None,
        decided: Ask = None,
        drafts: Ask = None,
        images: Ask = None,
        filter: Ask = None,
    ) -> Stream:
        """GET /api/v1/projects/{p}/export: download the project in a format, streamed.

        format: a name from /formats; usually jsonl
        decided: 0: also tasks without a label
        drafts: 0: without drafts
        images: 1: with the images, where the format carries them
        filter: which tasks: docs/how/filters.md; empty: all
        """
        return self.transport.stream(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/export",
            query={"format": format, "decided": decided, "drafts": drafts, "images": images, "filter": filter},
        )

    def get_project_jobs(
        self,
        project: str,
        *,
        cursor: Ask = None,
        limit: Ask = None,
    ) -> GetProjectJobsAnswer:
        """GET /api/v1/projects/{p}/jobs: background jobs of a project, newest first.

        cursor: the next of the page before
        limit: items a page, 1 to 200; usually 50
        """
        return cast(GetProjectJobsAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/jobs",
            query={"cursor": cursor, "limit": limit},
        ))

    def each_project_jobs(self, project: str, *, limit: Ask = None) -> Iterator[Job]:
        """Every item of get_project_jobs, page after page."""
        cursor: Optional[str] = None
        while True:
            page = self.get_project_jobs(project, limit=limit, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def get_job(self, job: str) -> Job:
        """GET /api/v1/jobs/{j}: one job: progress, rate, time left, result."""
        return cast(Job, self.transport.json("GET", f"/api/v1/jobs/{self.transport.quoted(job)}"))

    def post_job_cancel(self, job: str) -> Job:
        """POST /api/v1/jobs/{j}/cancel: ask a job to stop."""
        return cast(Job, self.transport.json("POST", f"/api/v1/jobs/{self.transport.quoted(job)}/cancel"))

    def post_job_retry(self, job: str) -> Job:
        """POST /api/v1/jobs/{j}/retry: run a dead or cancelled job again, from where it came to."""
        return cast(Job, self.transport.json("POST", f"/api/v1/jobs/{self.transport.quoted(job)}/retry"))

    def get_job_verdicts(self, job: str, *, cursor: Ask = None, limit: Ask = None) -> GetJobVerdictsAnswer:
        """GET /api/v1/jobs/{j}/verdicts: rows that an import repaired or rejected, and why.

        cursor: the next of the page before
        limit: items a page, 1 to 200; usually 50
        """
        return cast(GetJobVerdictsAnswer, self.transport.json(
            "GET",
            f"/api/v1/jobs/{self.transport.quoted(job)}/verdicts",
            query={"cursor": cursor, "limit": limit},
        ))

    def each_job_verdicts(self, job: str, *, limit: Ask = None) -> Iterator[RowVerdict]:
        """Every item of get_job_verdicts, page after page."""
        cursor: Optional[str] = None
        while True:
            page = self.get_job_verdicts(job, limit=limit, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def post_project_next(self, project: str, body: PostProjectNextBody) -> PostProjectNextAnswer:
        """POST /api/v1/projects/{p}/next: the tasks one holds, then fresh ones."""
        return cast(PostProjectNextAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/next",
            body=body,
        ))

    def post_project_take(self, project: str, body: PostProjectTakeBody) -> PostProjectTakeAnswer:
        """POST /api/v1/projects/{p}/take: hold the tasks one names, to work through a list in its order."""
        return cast(PostProjectTakeAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/take",
            body=body,
        ))

    def post_task_annotations(
        self,
        task: str,
        body: PostTaskAnnotationsBody,
        *,
        idempotency_key: Optional[str] = None,
    ) -> PostTaskAnnotationsAnswer:
        """POST /api/v1/tasks/{t}/annotations: countersign: record a decision; 409 when the lease has passed on."""
        return cast(PostTaskAnnotationsAnswer, self.transport.json(
            "POST",
            f"/api/v1/tasks/{self.transport.quoted(task)}/annotations",
            body=body,
            idempotency_key=idempotency_key or self.transport.fresh_key(),
        ))

    def post_task_skip(
        self,
        task: str,
        body: PostTaskSkipBody,
        *,
        idempotency_key: Optional[str] = None,
    ) -> PostTaskSkipAnswer:
        """POST /api/v1/tasks/{t}/skip: leave a task to somebody else."""
        return cast(PostTaskSkipAnswer, self.transport.json(
            "POST",
            f"/api/v1/tasks/{self.transport.quoted(task)}/skip",
            body=body,
            idempotency_key=idempotency_key or self.transport.fresh_key(),
        ))

    def post_annotation_undo(self, annotation: str) -> PostAnnotationUndoAnswer:
        """POST /api/v1/annotations/{a}/undo: take back one's own decision; the task is on the desk again."""
        return cast(PostAnnotationUndoAnswer, self.transport.json(
            "POST",
            f"/api/v1/annotations/{self.transport.quoted(annotation)}/undo",
        ))

    def get_project_recent(self, project: str, *, limit: Ask = None) -> GetProjectRecentAnswer:
        """GET /api/v1/projects/{p}/recent: one's own last decisions, newest first.

        limit: 1 to 200; usually 10
        """
        return cast(GetProjectRecentAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/recent",
            query={"limit": limit},
        ))

    def put_task_work(self, task: str, body: PutTaskWorkBody) -> None:
        """PUT /api/v1/tasks/{t}/work: save work in progress; 409 when the lease has passed on."""
        self.transport.send("PUT", f"/api/v1/tasks/{self.transport.quoted(task)}/work", body=body)

    def post_assignment_renew(self, assignment: str) -> PostAssignmentRenewAnswer:
        """POST /api/v1/assignments/{s}/renew: hold a task for longer; 409 when it has passed on."""
        return cast(PostAssignmentRenewAnswer, self.transport.json(
            "POST",
            f"/api/v1/assignments/{self.transport.quoted(assignment)}/renew",
        ))

    def post_project_release(self, project: str) -> None:
        """POST /api/v1/projects/{p}/release: give back the tasks one holds."""
        self.transport.send("POST", f"/api/v1/projects/{self.transport.quoted(project)}/release")

    def get_project_batch(self, project: str) -> GetProjectBatchAnswer:
        """GET /api/v1/projects/{p}/batch: classes of routine drafts that wait, most tasks first."""
        return cast(GetProjectBatchAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/batch",
        ))

    def post_project_batch(self, project: str, body: PostProjectBatchBody) -> PostProjectBatchAnswer:
        """POST /api/v1/projects/{p}/batch: take the least certain drafts of one class and hold them."""
        return cast(PostProjectBatchAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/batch",
            body=body,
        ))

    def post_project_batch_accept(
        self,
        project: str,
        body: PostProjectBatchAcceptBody,
        *,
        idempotency_key: Optional[str] = None,
    ) -> PostProjectBatchAcceptAnswer:
        """POST /api/v1/projects/{p}/batch/accept: accept all but the marked, which go back to the queue."""
        return cast(PostProjectBatchAcceptAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/batch/accept",
            body=body,
            idempotency_key=idempotency_key or self.transport.fresh_key(),
        ))

    def post_batch_undo(self, b: str) -> PostBatchUndoAnswer:
        """POST /api/v1/batch/{b}/undo: take a whole batch back; 409 when one of its tasks was decided since."""
        return cast(PostBatchUndoAnswer, self.transport.json(
            "POST",
            f"/api/v1/batch/{self.transport.quoted(b)}/undo",
        ))

    def post_project_batch_plan(
        self,
        project: str,
        body: PostProjectBatchPlanBody,
    ) -> PostProjectBatchPlanAnswer:
        """POST /api/v1/projects/{p}/batch/plan: how large a sample would have to be."""
        return cast(PostProjectBatchPlanAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/batch/plan",
            body=body,
        ))

    def post_project_batch_sample(
        self,
        project: str,
        body: PostProjectBatchSampleBody,
    ) -> PostProjectBatchSampleAnswer:
        """POST /api/v1/projects/{p}/batch/sample: draw a sample that is to answer for all tasks of a class."""
        return cast(PostProjectBatchSampleAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/batch/sample",
            body=body,
        ))

    def post_batch_items(self, b: str) -> PostBatchItemsAnswer:
        """POST /api/v1/batch/{b}/items: take the tasks of one's sample that are not reviewed yet."""
        return cast(PostBatchItemsAnswer, self.transport.json(
            "POST",
            f"/api/v1/batch/{self.transport.quoted(b)}/items",
        ))

    def post_batch_review(self, b: str, body: PostBatchReviewBody) -> PostBatchReviewAnswer:
        """POST /api/v1/batch/{b}/review: accept all but the wrong ones of a sample; the last call states the bound."""
        return cast(PostBatchReviewAnswer, self.transport.json(
            "POST",
            f"/api/v1/batch/{self.transport.quoted(b)}/review",
            body=body,
        ))

    def post_batch_rest(self, b: str) -> PostBatchRestAnswer:
        """POST /api/v1/batch/{b}/rest: accept the next 200 on the sample's word; 409 when its bound is too wide."""
        return cast(PostBatchRestAnswer, self.transport.json(
            "POST",
            f"/api/v1/batch/{self.transport.quoted(b)}/rest",
        ))

    def get_project_cue_models(self, project: str) -> GetProjectCueModelsAnswer:
        """GET /api/v1/projects/{p}/cue-models: models that answer at the desk when somebody points at something."""
        return cast(GetProjectCueModelsAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/cue-models",
        ))

    def post_task_cue(self, task: str, body: PostTaskCueBody) -> PostTaskCueAnswer:
        """POST /api/v1/tasks/{t}/cue: ask a model about what one points at; nothing is stored. 409 when the task is not with the caller or is for people alone; 503 names the model that has no answer."""
        return cast(PostTaskCueAnswer, self.transport.json(
            "POST",
            f"/api/v1/tasks/{self.transport.quoted(task)}/cue",
            body=body,
        ))

    def post_task_assist(self, task: str, body: PostTaskAssistBody) -> PostTaskAssistAnswer:
        """POST /api/v1/tasks/{t}/assist: box to polygon: the outline of the thing in a box; 409 when the task is not with the caller."""
        return cast(PostTaskAssistAnswer, self.transport.json(
            "POST",
            f"/api/v1/tasks/{self.transport.quoted(task)}/assist",
            body=body,
        ))

    def post_task_voices(self, task: str, body: PostTaskVoicesBody) -> PostTaskVoicesAnswer:
        """POST /api/v1/tasks/{t}/voices: segments named by their voices, from the person's own segments; 409 when the task is not with the caller."""
        return cast(PostTaskVoicesAnswer, self.transport.json(
            "POST",
            f"/api/v1/tasks/{self.transport.quoted(task)}/voices",
            body=body,
        ))

    def post_task_times(self, task: str, body: PostTaskTimesBody) -> PostTaskTimesAnswer:
        """POST /api/v1/tasks/{t}/times: when the words of written texts are said (forced alignment, English); 409 when the task is not with the caller."""
        return cast(PostTaskTimesAnswer, self.transport.json(
            "POST",
            f"/api/v1/tasks/{self.transport.quoted(task)}/times",
            body=body,
        ))

    def get_task(self, task: str) -> TaskDetail:
        """GET /api/v1/tasks/{t}: one task with its drafts, annotations and comments."""
        return cast(TaskDetail, self.transport.json("GET", f"/api/v1/tasks/{self.transport.quoted(task)}"))

    def get_task_comments(self, task: str) -> GetTaskCommentsAnswer:
        """GET /api/v1/tasks/{t}/comments: comments on a task."""
        return cast(GetTaskCommentsAnswer, self.transport.json(
            "GET",
            f"/api/v1/tasks/{self.transport.quoted(task)}/comments",
        ))

    def post_task_comments(self, task: str, body: PostTaskCommentsBody) -> Comment:
        """POST /api/v1/tasks/{t}/comments: comment on a task."""
        return cast(Comment, self.transport.json(
            "POST",
            f"/api/v1/tasks/{self.transport.quoted(task)}/comments",
            body=body,
        ))

    def get_project_tasks(
        self,
        project: str,
        *,
        cursor: Ask = None,
        limit: Ask = None,
        filter: Ask = None,
        sort: Ask = None,
    ) -> GetProjectTasksAnswer:
        """GET /api/v1/projects/{p}/tasks: tasks of a project, filtered and sorted; a page may hold fewer than asked for and still have a next one.

        cursor: the next of the page before
        limit: items a page, 1 to 200; usually 50
        filter: which tasks: docs/how/filters.md; empty: all
        sort: imported, key, probability or decided; - before it: the last first
        """
        return cast(GetProjectTasksAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/tasks",
            query={"cursor": cursor, "limit": limit, "filter": filter, "sort": sort},
        ))

    def each_project_tasks(
        self,
        project: str,
        *,
        limit: Ask = None,
        filter: Ask = None,
        sort: Ask = None,
    ) -> Iterator[TaskRow]:
        """Every item of get_project_tasks, page after page."""
        cursor: Optional[str] = None
        while True:
            page = self.get_project_tasks(project, limit=limit, filter=filter, sort=sort, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def get_project_tasks_count(self, project: str, *, filter: Ask = None) -> GetProjectTasksCountAnswer:
        """GET /api/v1/projects/{p}/tasks/count: how many tasks match: exactly when that is cheap.

        filter: which tasks: docs/how/filters.md; empty: all
        """
        return cast(GetProjectTasksCountAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/tasks/count",
            query={"filter": filter},
        ))

    def get_filter_fields(self) -> GetFilterFieldsAnswer:
        """GET /api/v1/filter-fields: what the caller may filter tasks by."""
        return cast(GetFilterFieldsAnswer, self.transport.json("GET", "/api/v1/filter-fields"))

    def get_project_views(self, project: str) -> GetProjectViewsAnswer:
        """GET /api/v1/projects/{p}/views: views of a project: everybody's and the caller's own."""
        return cast(GetProjectViewsAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/views",
        ))

    def post_project_views(self, project: str, body: PostProjectViewsBody) -> PostProjectViewsAnswer:
        """POST /api/v1/projects/{p}/views: keep a view; supervisors also for everybody."""
        return cast(PostProjectViewsAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/views",
            body=body,
        ))

    def patch_view(self, v: str, body: PatchViewBody) -> PatchViewAnswer:
        """PATCH /api/v1/views/{v}: rename or change a view."""
        return cast(PatchViewAnswer, self.transport.json(
            "PATCH",
            f"/api/v1/views/{self.transport.quoted(v)}",
            body=body,
        ))

    def delete_view(self, v: str) -> None:
        """DELETE /api/v1/views/{v}: delete a view."""
        self.transport.send("DELETE", f"/api/v1/views/{self.transport.quoted(v)}")

    def get_task_similar(self, task: str, *, limit: Ask = None, filter: Ask = None) -> GetTaskSimilarAnswer:
        """GET /api/v1/tasks/{t}/similar: the tasks most like this one, of those that match.

        limit: items a page, 1 to 200; usually 50
        filter: which tasks: docs/how/filters.md; empty: all
        """
        return cast(GetTaskSimilarAnswer, self.transport.json(
            "GET",
            f"/api/v1/tasks/{self.transport.quoted(task)}/similar",
            query={"limit": limit, "filter": filter},
        ))

    def post_project_similar(self, project: str, body: PostProjectSimilarBody) -> PostProjectSimilarAnswer:
        """POST /api/v1/projects/{p}/similar: the tasks most like a text."""
        return cast(PostProjectSimilarAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/similar",
            body=body,
        ))

    def post_project_similar_prepare(self, project: str) -> Job:
        """POST /api/v1/projects/{p}/similar/prepare: look at every task once, in the background, so that similar ones can be found; tasks that come later are looked at as they come."""
        return cast(Job, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/similar/prepare",
        ))

    def get_project_disputes(
        self,
        project: str,
        *,
        cursor: Ask = None,
        limit: Ask = None,
    ) -> GetProjectDisputesAnswer:
        """GET /api/v1/projects/{p}/disputes: tasks whose answers differ, each with all opinions and the draft.

        cursor: the next of the page before
        limit: items a page, 1 to 200; usually 50
        """
        return cast(GetProjectDisputesAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/disputes",
            query={"cursor": cursor, "limit": limit},
        ))

    def each_project_disputes(self, project: str, *, limit: Ask = None) -> Iterator[Dict[str, Any]]:
        """Every item of get_project_disputes, page after page."""
        cursor: Optional[str] = None
        while True:
            page = self.get_project_disputes(project, limit=limit, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def get_task_dispute(self, task: str) -> GetTaskDisputeAnswer:
        """GET /api/v1/tasks/{t}/dispute: one dispute."""
        return cast(GetTaskDisputeAnswer, self.transport.json(
            "GET",
            f"/api/v1/tasks/{self.transport.quoted(task)}/dispute",
        ))

    def post_task_verdict(self, task: str, body: PostTaskVerdictBody) -> Annotation:
        """POST /api/v1/tasks/{t}/verdict: decide a dispute; 409 when somebody else did, 403 for one's own answers."""
        return cast(Annotation, self.transport.json(
            "POST",
            f"/api/v1/tasks/{self.transport.quoted(task)}/verdict",
            body=body,
        ))

    def delete_task_verdict(self, task: str) -> None:
        """DELETE /api/v1/tasks/{t}/verdict: take a verdict back: the task is disputed again."""
        self.transport.send("DELETE", f"/api/v1/tasks/{self.transport.quoted(task)}/verdict")

    def post_task_send_back(self, task: str, body: PostTaskSendBackBody) -> None:
        """POST /api/v1/tasks/{t}/send-back: ask one more person before a dispute is decided."""
        self.transport.send("POST", f"/api/v1/tasks/{self.transport.quoted(task)}/send-back", body=body)

    def post_project_assign(self, project: str, body: PostProjectAssignBody) -> PostProjectAssignAnswer:
        """POST /api/v1/projects/{p}/assign: make ready tasks those of one person, or anybody's again."""
        return cast(PostProjectAssignAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/assign",
            body=body,
        ))

    def get_project_people(
        self,
        project: str,
        *,
        search: Ask = None,
        limit: Ask = None,
    ) -> GetProjectPeopleAnswer:
        """GET /api/v1/projects/{p}/people: whom a comment in the project may mention, those who work on it first.

        search: how their sign-in name, or a word of their shown name, starts
        limit: 1 to 50; usually 8
        """
        return cast(GetProjectPeopleAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/people",
            query={"search": search, "limit": limit},
        ))

    def get_project_guideline_change(self, project: str) -> GetProjectGuidelineChangeAnswer:
        """GET /api/v1/projects/{p}/guideline-change: how the guideline changed since the caller's last decision."""
        return cast(GetProjectGuidelineChangeAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/guideline-change",
        ))

    def get_notifications(
        self,
        *,
        after: Ask = None,
        cursor: Ask = None,
        limit: Ask = None,
    ) -> GetNotificationsAnswer:
        """GET /api/v1/notifications: what happened that concerns the caller; with after and If-None-Match, 304 when nothing came since.

        after: the cursor of an earlier answer: only what came since
        cursor: the next of the page before
        limit: items a page, 1 to 200; usually 50
        """
        return cast(GetNotificationsAnswer, self.transport.json(
            "GET",
            "/api/v1/notifications",
            query={"after": after, "cursor": cursor, "limit": limit},
        ))

    def each_notifications(self, *, after: Ask = None, limit: Ask = None) -> Iterator[Notification]:
        """Every item of get_notifications, page after page."""
        cursor: Optional[str] = None
        while True:
            page = self.get_notifications(after=after, limit=limit, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def post_notifications_read(self, body: PostNotificationsReadBody) -> PostNotificationsReadAnswer:
        """POST /api/v1/notifications/read: mark notifications as read."""
        return cast(PostNotificationsReadAnswer, self.transport.json(
            "POST",
            "/api/v1/notifications/read",
            body=body,
        ))

    def get_notifications_choices(self) -> GetNotificationsChoicesAnswer:
        """GET /api/v1/notifications/choices: of which kinds the caller is told."""
        return cast(GetNotificationsChoicesAnswer, self.transport.json(
            "GET",
            "/api/v1/notifications/choices",
        ))

    def put_notifications_choices(self, body: PutNotificationsChoicesBody) -> PutNotificationsChoicesAnswer:
        """PUT /api/v1/notifications/choices: choose of which kinds one is told from now on."""
        return cast(PutNotificationsChoicesAnswer, self.transport.json(
            "PUT",
            "/api/v1/notifications/choices",
            body=body,
        ))

    def get_project_live(self, project: str) -> GetProjectLiveAnswer:
        """GET /api/v1/projects/{p}/live: who is at work, the pace, the queue and the jobs of the moment; supervisors see everybody, others their own line."""
        return cast(GetProjectLiveAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/live",
        ))

    def post_project_take_back(
        self,
        project: str,
        body: PostProjectTakeBackBody,
    ) -> PostProjectTakeBackAnswer:
        """POST /api/v1/projects/{p}/take-back: put tasks that somebody holds back into the queue, and tell them; 409 when they hold them no more."""
        return cast(PostProjectTakeBackAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/take-back",
            body=body,
        ))

    def get_project_gold(
        self,
        project: str,
        *,
        cursor: Ask = None,
        limit: Ask = None,
    ) -> GetProjectGoldAnswer:
        """GET /api/v1/projects/{p}/gold: tasks whose answer is known, with how people fared on each.

        cursor: the next of the page before
        limit: items a page, 1 to 200; usually 50
        """
        return cast(GetProjectGoldAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/gold",
            query={"cursor": cursor, "limit": limit},
        ))

    def each_project_gold(self, project: str, *, limit: Ask = None) -> Iterator[Dict[str, Any]]:
        """Every item of get_project_gold, page after page."""
        cursor: Optional[str] = None
        while True:
            page = self.get_project_gold(project, limit=limit, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def post_project_gold(self, project: str, body: PostProjectGoldBody) -> PostProjectGoldAnswer:
        """POST /api/v1/projects/{p}/gold: make decided tasks gold, all or none; their label is the trusted answer."""
        return cast(PostProjectGoldAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/gold",
            body=body,
        ))

    def post_project_gold_withdraw(
        self,
        project: str,
        body: PostProjectGoldWithdrawBody,
    ) -> PostProjectGoldWithdrawAnswer:
        """POST /api/v1/projects/{p}/gold/withdraw: make gold tasks work again; trials on them no longer count."""
        return cast(PostProjectGoldWithdrawAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/gold/withdraw",
            body=body,
        ))

    def get_project_standings(self, project: str) -> GetProjectStandingsAnswer:
        """GET /api/v1/projects/{p}/standings: how people fare on gold tasks, and in their onboarding."""
        return cast(GetProjectStandingsAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/standings",
        ))

    def get_project_onboarding(self, project: str) -> GetProjectOnboardingAnswer:
        """GET /api/v1/projects/{p}/onboarding: where the caller's onboarding stands."""
        return cast(GetProjectOnboardingAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/onboarding",
        ))

    def post_project_onboarding_feedback(
        self,
        project: str,
        body: PostProjectOnboardingFeedbackBody,
    ) -> PostProjectOnboardingFeedbackAnswer:
        """POST /api/v1/projects/{p}/onboarding/feedback: the trusted answer beside one's own, which can no longer be undone then."""
        return cast(PostProjectOnboardingFeedbackAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/onboarding/feedback",
            body=body,
        ))

    def post_project_onboarding_let_pass(self, project: str, body: PostProjectOnboardingLetPassBody) -> None:
        """POST /api/v1/projects/{p}/onboarding/let-pass: let a person go on to work whatever their score."""
        self.transport.send(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/onboarding/let-pass",
            body=body,
        )

    def post_project_onboarding_again(self, project: str, body: PostProjectOnboardingAgainBody) -> None:
        """POST /api/v1/projects/{p}/onboarding/again: give a person who failed another round with other gold tasks."""
        self.transport.send(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/onboarding/again",
            body=body,
        )

    def get_project_findings(
        self,
        project: str,
        *,
        kind: Ask = None,
        check: Ask = None,
        state: Ask = None,
        task: Ask = None,
        after: Ask = None,
        limit: Ask = None,
    ) -> GetProjectFindingsAnswer:
        """GET /api/v1/projects/{p}/findings: what looks wrong in the project, worst first.

        kind: geometry, boundary, inconsistent, ...; empty: all
        check: a check's name; empty: all
        state: open (usual), waiting, fixed, dismissed, gone, or all
        task: t...: of this task alone
        after: the next of the page before
        limit: items a page, 1 to 200; usually 50
        """
        return cast(GetProjectFindingsAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/findings",
            query={"kind": kind, "check": check, "state": state, "task": task, "after": after, "limit": limit},
        ))

    def get_project_findings_summary(self, project: str) -> GetProjectFindingsSummaryAnswer:
        """GET /api/v1/projects/{p}/findings/summary: findings by kind, how often each kind was right, and the check under way."""
        return cast(GetProjectFindingsSummaryAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/findings/summary",
        ))

    def post_project_findings_check(self, project: str) -> Job:
        """POST /api/v1/projects/{p}/findings/check: check the whole project, in the background."""
        return cast(Job, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/findings/check",
        ))

    def post_project_findings_decide(
        self,
        project: str,
        body: PostProjectFindingsDecideBody,
    ) -> PostProjectFindingsDecideAnswer:
        """POST /api/v1/projects/{p}/findings/decide: have tasks labelled again, or say that findings are fixed or wrong."""
        return cast(PostProjectFindingsDecideAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/findings/decide",
            body=body,
        ))

    def post_project_findings_fix(
        self,
        project: str,
        body: PostProjectFindingsFixBody,
    ) -> PostProjectFindingsFixAnswer:
        """POST /api/v1/projects/{p}/findings/fix: mend the labels that findings were found in, where that is safe."""
        return cast(PostProjectFindingsFixAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/findings/fix",
            body=body,
        ))

    def post_task_mend(self, task: str, body: PostTaskMendBody) -> PostTaskMendAnswer:
        """POST /api/v1/tasks/{t}/mend: an answer to the task without what is safely mended; nothing is written."""
        return cast(PostTaskMendAnswer, self.transport.json(
            "POST",
            f"/api/v1/tasks/{self.transport.quoted(task)}/mend",
            body=body,
        ))

    def post_project_findings_undo(
        self,
        project: str,
        body: PostProjectFindingsUndoBody,
    ) -> PostProjectFindingsUndoAnswer:
        """POST /api/v1/projects/{p}/findings/undo: take decisions on findings back."""
        return cast(PostProjectFindingsUndoAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/findings/undo",
            body=body,
        ))

    def get_media(self, media: str) -> Stream:
        """GET /api/v1/media/{m}: the bytes of an image or recording; takes Range and If-None-Match."""
        return self.transport.stream("GET", f"/api/v1/media/{self.transport.quoted(media)}")

    def get_media_thumbnail(self, media: str, *, side: Ask = None) -> Stream:
        """GET /api/v1/media/{m}/thumbnail: a small JPEG of an image.

        side: pixels of the longer side, 16 to 1024; usually 256
        """
        return self.transport.stream(
            "GET",
            f"/api/v1/media/{self.transport.quoted(media)}/thumbnail",
            query={"side": side},
        )

    def get_media_peaks(self, media: str, *, level: Ask = None) -> Stream:
        """GET /api/v1/media/{m}/peaks: what a recording's waveform is drawn of: signed bytes, least and greatest sample by turns, of the mean of its channels; 128 is full scale.

        level: 0 to 15: 100 / 2^level pairs a second; usually 0
        """
        return self.transport.stream(
            "GET",
            f"/api/v1/media/{self.transport.quoted(media)}/peaks",
            query={"level": level},
        )

    def get_project_model_kinds(self, project: str) -> GetProjectModelKindsAnswer:
        """GET /api/v1/projects/{p}/model-kinds: kinds of models, and whether they fit the project."""
        return cast(GetProjectModelKindsAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/model-kinds",
        ))

    def get_project_models(self, project: str) -> GetProjectModelsAnswer:
        """GET /api/v1/projects/{p}/models: models of a project: quality, acceptance, state."""
        return cast(GetProjectModelsAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/models",
        ))

    def post_project_models(self, project: str, body: PostProjectModelsBody) -> Model:
        """POST /api/v1/projects/{p}/models: add a model."""
        return cast(Model, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/models",
            body=body,
        ))

    def put_project_model_files(
        self,
        project: str,
        data: Data,
        *,
        name: Ask = None,
    ) -> PutProjectModelFilesAnswer:
        """PUT /api/v1/projects/{p}/model-files: keep an ONNX file for a model; the body is its bytes. Looked at before it is kept.

        name: what it is called: yolo11n.onnx
        """
        return cast(PutProjectModelFilesAnswer, self.transport.json(
            "PUT",
            f"/api/v1/projects/{self.transport.quoted(project)}/model-files",
            query={"name": name},
            data=data,
        ))

    def get_project_models_quality(
        self,
        project: str,
        *,
        assisted: Ask = None,
    ) -> GetProjectModelsQualityAnswer:
        """GET /api/v1/projects/{p}/models/quality: how right each model's drafts are, held against labels; the best first.

        assisted: 1: labels that people gave with a draft before them count too; they flatter the model that was shown
        """
        return cast(GetProjectModelsQualityAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/models/quality",
            query={"assisted": assisted},
        ))

    def patch_model(self, model: str, body: PatchModelBody) -> Model:
        """PATCH /api/v1/models/{k}: change a model."""
        return cast(Model, self.transport.json(
            "PATCH",
            f"/api/v1/models/{self.transport.quoted(model)}",
            body=body,
        ))

    def put_model_secrets(self, model: str, body: PutModelSecretsBody) -> PutModelSecretsAnswer:
        """PUT /api/v1/models/{k}/secrets: set or remove a secret of a model, such as its key; it is never told again."""
        return cast(PutModelSecretsAnswer, self.transport.json(
            "PUT",
            f"/api/v1/models/{self.transport.quoted(model)}/secrets",
            body=body,
        ))

    def post_model_draft(self, model: str) -> Job:
        """POST /api/v1/models/{k}/draft: draft what lacks a draft by this model."""
        return cast(Job, self.transport.json("POST", f"/api/v1/models/{self.transport.quoted(model)}/draft"))

    def get_model_versions(self, model: str) -> GetModelVersionsAnswer:
        """GET /api/v1/models/{k}/versions: versions of a model, newest first."""
        return cast(GetModelVersionsAnswer, self.transport.json(
            "GET",
            f"/api/v1/models/{self.transport.quoted(model)}/versions",
        ))

    def post_model_try(self, model: str, body: PostModelTryBody) -> PostModelTryAnswer:
        """POST /api/v1/models/{k}/try: ask a model about one task, without storing anything."""
        return cast(PostModelTryAnswer, self.transport.json(
            "POST",
            f"/api/v1/models/{self.transport.quoted(model)}/try",
            body=body,
        ))

    def post_project_model_plan(
        self,
        project: str,
        model: str,
        body: PostProjectModelPlanBody,
    ) -> PostProjectModelPlanAnswer:
        """POST /api/v1/projects/{p}/models/{k}/plan: what a run would take: tasks, tokens, money, time, from a sample."""
        return cast(PostProjectModelPlanAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/models/{self.transport.quoted(model)}/plan",
            body=body,
        ))

    def post_model_prompt(self, model: str, body: PostModelPromptBody) -> PostModelPromptAnswer:
        """POST /api/v1/models/{k}/prompt: what a model is told about a task."""
        return cast(PostModelPromptAnswer, self.transport.json(
            "POST",
            f"/api/v1/models/{self.transport.quoted(model)}/prompt",
            body=body,
        ))

    def post_model_trial(self, model: str, body: PostModelTrialBody) -> PostModelTrialAnswer:
        """POST /api/v1/models/{k}/trial: ask a model about the next tasks, without storing drafts."""
        return cast(PostModelTrialAnswer, self.transport.json(
            "POST",
            f"/api/v1/models/{self.transport.quoted(model)}/trial",
            body=body,
        ))

    def post_model_comparisons(self, model: str, body: PostModelComparisonsBody) -> Job:
        """POST /api/v1/models/{k}/comparisons: which of two ways of asking is right more often where the answer is known, by a job: its result is the comparison."""
        return cast(Job, self.transport.json(
            "POST",
            f"/api/v1/models/{self.transport.quoted(model)}/comparisons",
            body=body,
        ))

    def get_project_events(
        self,
        project: str,
        *,
        cursor: Ask = None,
        limit: Ask = None,
    ) -> GetProjectEventsAnswer:
        """GET /api/v1/projects/{p}/events: what happened in a project, oldest first.

        cursor: the next of the page before
        limit: items a page, 1 to 200; usually 50
        """
        return cast(GetProjectEventsAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/events",
            query={"cursor": cursor, "limit": limit},
        ))

    def each_project_events(self, project: str, *, limit: Ask = None) -> Iterator[Event]:
        """Every item of get_project_events, page after page."""
        cursor: Optional[str] = None
        while True:
            page = self.get_project_events(project, limit=limit, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def get_project_verify(self, project: str) -> GetProjectVerifyAnswer:
        """GET /api/v1/projects/{p}/verify: check every hash and signature of a project's history; 409 names the fault."""
        return cast(GetProjectVerifyAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/verify",
        ))

    def get_project_webhooks(self, project: str) -> GetProjectWebhooksAnswer:
        """GET /api/v1/projects/{p}/webhooks: servers that are told what happens in the project."""
        return cast(GetProjectWebhooksAnswer, self.transport.json(
            "GET",
            f"/api/v1/projects/{self.transport.quoted(project)}/webhooks",
        ))

    def post_project_webhooks(self, project: str, body: PostProjectWebhooksBody) -> PostProjectWebhooksAnswer:
        """POST /api/v1/projects/{p}/webhooks: tell another server what happens from now on; the answer has the secret, once."""
        return cast(PostProjectWebhooksAnswer, self.transport.json(
            "POST",
            f"/api/v1/projects/{self.transport.quoted(project)}/webhooks",
            body=body,
        ))

    def patch_webhook(self, webhook: str, body: PatchWebhookBody) -> PatchWebhookAnswer:
        """PATCH /api/v1/webhooks/{h}: change a webhook, switch it off or on; it tries again at once."""
        return cast(PatchWebhookAnswer, self.transport.json(
            "PATCH",
            f"/api/v1/webhooks/{self.transport.quoted(webhook)}",
            body=body,
        ))

    def delete_webhook(self, webhook: str) -> None:
        """DELETE /api/v1/webhooks/{h}: remove a webhook and its log."""
        self.transport.send("DELETE", f"/api/v1/webhooks/{self.transport.quoted(webhook)}")

    def post_webhook_ping(self, webhook: str) -> PostWebhookPingAnswer:
        """POST /api/v1/webhooks/{h}/ping: send a ping now; the answer says what came of it."""
        return cast(PostWebhookPingAnswer, self.transport.json(
            "POST",
            f"/api/v1/webhooks/{self.transport.quoted(webhook)}/ping",
        ))

    def get_webhook_deliveries(self, webhook: str, *, limit: Ask = None) -> GetWebhookDeliveriesAnswer:
        """GET /api/v1/webhooks/{h}/deliveries: the last tries, newest first; a hundred are kept.

        limit: items a page, 1 to 200; usually 50
        """
        return cast(GetWebhookDeliveriesAnswer, self.transport.json(
            "GET",
            f"/api/v1/webhooks/{self.transport.quoted(webhook)}/deliveries",
            query={"limit": limit},
        ))

    def get_about(self) -> GetAboutAnswer:
        """GET /api/v1/about: name, version and limits of this server."""
        return cast(GetAboutAnswer, self.transport.json("GET", "/api/v1/about"))

    def get_openapi_json(self) -> Any:
        """GET /api/v1/openapi.json: this reference as OpenAPI 3.1."""
        return self.transport.json("GET", "/api/v1/openapi.json")

    def get_healthz(self) -> GetHealthzAnswer:
        """GET /healthz: whether the server and its database answer."""
        return cast(GetHealthzAnswer, self.transport.json("GET", "/healthz"))

    def get_metrics(self) -> Stream:
        """GET /metrics: prometheus metrics, for this machine and for admins."""
        return self.transport.stream("GET", "/metrics")
