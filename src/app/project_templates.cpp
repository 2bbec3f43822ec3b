// Starting points for a new project. The guidelines are meant to be used as they stand, and then
// sharpened by whoever owns the data.
#include "app/audio_templates.h"
#include "app/projects.h"

namespace countersign {

namespace {

constexpr std::string_view sentiment_guideline =
    R"(# What does the writer feel about it?

Choose the one label that a careful reader would give after reading the **whole** text once.

| label | choose it when | example |
|---|---|---|
| Positive | the writer is pleased, thanks or recommends | "Arrived early and works perfectly." |
| Negative | the writer is displeased, warns or complains | "Broke after two days. Never again." |
| Neutral | facts or questions without a feeling | "Does it also come in blue?" |
| Mixed | both, and neither outweighs the other | "Great screen, but the battery is a joke." |

## Rules for hard cases

1. Judge what the writer **says**, not what you would feel. A calm report of a defect is Negative.
2. Irony counts by its meaning: "Well done, it melted" is Negative.
3. When praise and complaint are both there, ask which one a friend would hear as the message. Only
   when neither wins is it Mixed.
4. A wish for the future ("I'd love a bigger size") is Neutral, unless it complains.
5. Text in a language you do not read, or text that is cut off before it says anything: **skip** it and
   say why.

## About drafts

A draft is a guess of a model. Read the text first, then look at the draft. Accept it only when you would
have chosen the same.
)";

constexpr std::string_view boxes_guideline =
    R"(# Draw a box around every object

Draw one box for **each** object of the listed classes that you can recognise.

## How tight

- The box touches the outermost visible pixels of the object on all four sides. Two or three pixels of
  air are fine at full zoom; cutting into the object is not.
- Box the **visible** part only. Do not guess what is hidden behind another object or outside the photo.
- One object cut in two by a pole or a tree is one object: one box around both parts.

## What to draw

1. Every single object, also when there are many. From about fifteen objects that cannot be told apart
   (a crowd, a full bicycle rack), draw one box around the group and **flag** the task.
2. Objects down to about 12 pixels on their shorter side. Smaller ones are left out.
3. Reflections in mirrors or windows, pictures on posters and screens, toys and statues: **not** drawn.
4. A person on a bicycle is two boxes: Person and Bicycle.
5. Blurred or dark objects are drawn when you are sure of the class. When you hesitate between two classes
   choose the likelier one and flag the task.

## Before you accept a draft

Look for what the draft **misses** before you look at what it shows: small objects at the edges of the photo,
and objects behind others. Then check each box for class and fit. An empty photo is accepted empty.
)";

constexpr std::string_view faces_guideline =
    R"(# Draw a box around every face

Draw one box for **each** face of a real person that you can recognise as one.

- From the brows (with a bare forehead from its middle) to the chin, and from ear to ear. Hair, hats and
  beards that hang below the chin stay outside.
- In profile: from the tip of the nose to the ear.
- Hidden by a hand, glasses, a mask or a helmet: drawn when an eye, the nose or the mouth can be seen, where
  the face **is**, not only what is seen of it.
- Faces on posters and screens, statues, dolls, drawings and animals: **not** drawn.
- Faces less than 12 pixels high are left out. Turned away until no eye, nose or mouth is seen: left out.
- A crowd: from about fifty faces draw those in front and **flag** the task.

Look for what the draft **misses** before you look at what it shows: small, dark and turned faces. Look twice at
animals: their faces are drafted for people's.
)";

constexpr std::string_view text_guideline =
    R"(# Box every line of text and write what it says

One box for **each** line, turned as the line is: as long as the words belong together and stand on one line. Then
its text, exactly as it is written.

- The box touches the outermost strokes. Two columns, or two signs side by side, are two boxes.
- Large and small letters, accents, punctuation and digits as they **stand**, mistakes too. Nothing is
  completed: a word cut by the edge is written as far as it can be seen.
- One space between words, whatever the width of the gap; none at the ends.
- A line that is there but cannot be read is **Unreadable** and gets no text. A single letter that cannot
  be read is written as ? in its place.
- Logos count when they are letters. Patterns, signatures and formulas do not.
- Text less than 6 pixels high is left out.

Drafts are read by two programs: where they disagree the line comes first. Compare every letter with the picture;
0 and O, 1, l and I, rn and m are what is mistaken most.
)";

constexpr std::string_view scene_guideline =
    R"(# What kind of photo is it?

Choose the one label that describes where the photo was **taken**, not what it is about.

| label | choose it when |
|---|---|
| Indoors | the camera stood inside a building, even when a window shows the street |
| Street | outdoors, and roads, buildings or vehicles fill most of the picture |
| Nature | outdoors, and plants, water, sky, ground or animals fill most of it |
| Close-up | one object fills the picture and its surroundings cannot be told |
| Not a photo | drawings, screenshots, scans of paper |

## Rules for hard cases

1. Inside a car, train or tent is Indoors.
2. A garden or a park in a town: Nature, unless buildings fill more than half of the picture.
3. Sports grounds and markets under the open sky are Street.
4. When two labels fit equally well, choose the one that stands higher in the table and **flag** the task.
5. A photo that is black, broken or too blurred to tell: **skip** it and say why.
)";

constexpr std::string_view topics_guideline =
    R"(# What is the message about?

Choose **every** topic that the writer raises, and no other. Most messages have one, many have two.

| topic | choose it when the writer speaks of |
|---|---|
| Price | what it costs, discounts, refunds, bills |
| Quality | how well it works, is made or lasts |
| Delivery | when and how it arrives, packaging, tracking |
| Service | people who help, answers, waiting on the phone |
| Account | signing in, passwords, data, contracts |

1. A topic counts when a reply would have to deal with it. A word in passing does not.
2. No topic fits: **skip** it and say what is missing. Do not choose the nearest one.
)";

constexpr std::string_view entities_guideline =
    R"(# Mark the names

Select the words of **each** name and give them their label. The same name is marked every time it stands
in the text: `o` does the other places for you.

| label | mark | do not mark |
|---|---|---|
| Person | names of people, real or invented, without titles: "Ada Lovelace" | "the doctor", "Mrs" |
| Organisation | companies, parties, clubs, authorities | products, unless the company is meant |
| Place | countries, towns, streets, rivers, buildings | "here", "the north" |
| Date | a day, month, year or season that can be put on a calendar | "soon", "often" |

## Where a span starts and ends

1. The whole name and nothing around it: no space, no comma, no quotation marks.
2. A name inside a name is marked too: in "University of Leeds" the whole is an Organisation and
   "Leeds" a Place.
3. Choose the label by what the name means **here**: "Leeds won" is an Organisation.
4. Wrong spelling is marked as it is written.
)";

constexpr std::string_view relations_guideline =
    R"(# Mark the names, then what joins them

First mark every Person, Organisation and Place. Then join two of them when the text **says** so:
select the first, press `j`, go to the second, and press the key of the relation.

| relation | from | to | for example |
|---|---|---|---|
| works for | Person | Organisation | "Ada, an engineer at Acme" |
| based in | Organisation | Place | "the Leeds bakery Crumb" |
| lives in | Person | Place | "she has lived in Oslo since 2019" |

1. Only what this text states. What you know from elsewhere does not count.
2. Denied or past relations ("left Acme") are not marked.
3. When a name stands several times, join the two that are nearest to each other.
)";

constexpr std::string_view outline_guideline =
    R"(# Outline every object

Draw one polygon around **each** object of the listed classes. A box that is there already can be made
an outline with one key.

- The line follows the visible edge within three pixels at full zoom. Put corners where the edge turns.
- Only what is **visible**: an object cut in two by a pole is one polygon around both parts.
- Holes that show the background (the handle of a cup) are left in when they are smaller than a tenth
  of the object.
- From about fifteen objects that cannot be told apart, outline the group and **flag** the task.
)";

constexpr std::string_view pose_guideline =
    R"(# Seventeen points on every person

Place the points in the order the desk asks for them. Left and right are the **person's** own.

1. A joint that is hidden but can be guessed within a hand's width is placed and marked **hidden**.
2. A joint outside the photo, or impossible to guess, is left out.
3. Joints are in the middle of the limb, eyes in the middle of the pupil.
4. People whose body is less than 40 pixels high are left out.
)";

constexpr std::string_view answers_guideline =
    R"(# Is this a good answer?

Read the question, then the whole answer, then judge. A draft judgement is a guess of a model: make up your
own mind before you look at it.

| how good | choose it when |
|---|---|
| 1 | wrong, harmful, or no answer to the question |
| 2 | mostly wrong, or misses what was asked |
| 3 | right in part; a careful reader would have to correct it |
| 4 | right and useful, with small flaws |
| 5 | right, complete, clear: you would send it as it stands |

Then name **every** fault you found. With 4 or 5 there may be none.

1. Check what can be checked. What you cannot check is not a fault, but say so in the note.
2. Length is not quality. Friendly words do not make up for a wrong figure.
3. Write the note for the person who will improve the answers: what is wrong, and what would be right.
)";

Label label(std::string name, std::string hotkey, std::string guideline,
            std::vector<std::string> aliases = {}) {
    return {std::move(name), std::move(hotkey), "", std::move(guideline), std::move(aliases)};
}

Schema sentiment_schema() {
    return {Modality::text,
            "text",
            {{"sentiment",
              ControlKind::choices,
              "What does the writer feel?",
              false,
              true,
              {label("Positive", "1", "Pleased, thanks, recommends.", {"pos", "positive"}),
               label("Negative", "2", "Displeased, warns, complains.", {"neg", "negative"}),
               label("Neutral", "3", "Facts or questions without a feeling.", {"neu", "neutral"}),
               label("Mixed", "4", "Both, and neither outweighs the other.", {"mixed"})}}}};
}

Schema boxes_schema() {
    return {
        Modality::image,
        "image",
        {{"objects",
          ControlKind::boxes,
          "Box every object",
          false,
          false,
          {label("Person", "1", "Anybody, at any age, in any pose.", {"person", "pedestrian"}),
           label("Bicycle", "2", "With or without a rider.", {"bicycle", "bike"}),
           label("Car", "3", "Also vans that carry people.", {"car"}),
           label("Motorcycle", "4", "Also scooters with an engine.", {"motorcycle", "motorbike"}),
           label("Bus", "5", "Any bus or coach.", {"bus"}),
           label("Truck", "6", "Lorries and pick-ups.", {"truck"}), label("Dog", "7", "", {"dog"}),
           label("Cat", "8", "", {"cat"}),
           label("Chair", "9", "Chairs and armchairs, not sofas.", {"chair"})}}}};
}

Schema faces_schema() {
    return {
        Modality::image,
        "image",
        {{"faces",
          ControlKind::boxes,
          "Box every face",
          false,
          false,
          {label("Face", "1", "A real person's, from brow to chin and ear to ear.", {"face"})}}}};
}

Schema text_schema() {
    Control areas{"areas", ControlKind::boxes, "Box every line of text", false, false, {}};
    areas.labels = {label("Text", "1", "One line, printed or written.", {"text", "line", "word"}),
                    label("Unreadable", "2", "A line that nobody can read.", {"###", "illegible"})};
    Control written{"transcription", ControlKind::text, "What does it say?", false, false, {}};
    written.per_region = true;
    return {Modality::image, "image", {areas, written}};
}

Schema scene_schema() {
    return {Modality::image,
            "image",
            {{"scene",
              ControlKind::choices,
              "Where was it taken?",
              false,
              true,
              {label("Indoors", "1", "Inside a building or vehicle.", {"indoor"}),
               label("Street", "2", "Outdoors among roads and buildings.", {"urban", "city"}),
               label("Nature", "3", "Outdoors among plants, water or animals.", {"landscape"}),
               label("Close-up", "4", "One object fills the picture.", {"macro"}),
               label("Not a photo", "5", "Drawings, screenshots, scans.", {"drawing"})}}}};
}

Control entities_control(bool with_dates) {
    Control control{"entities", ControlKind::spans, "Mark the names", false, false, {}};
    control.labels = {
        label("Person", "1", "Names of people, without titles.", {"PER", "PERSON", "person"}),
        label("Organisation", "2", "Companies, parties, clubs.", {"ORG", "organization"}),
        label("Place", "3", "Countries, towns, streets, buildings.", {"LOC", "GPE", "location"})};
    if (with_dates)
        control.labels.push_back(label("Date", "4", "Can be put on a calendar.", {"DATE"}));
    return control;
}

Schema topics_schema() {
    return {Modality::text,
            "text",
            {{"topics",
              ControlKind::choices,
              "What is it about?",
              true,
              true,
              {label("Price", "1", "Cost, discounts, refunds."),
               label("Quality", "2", "How well it works or lasts."),
               label("Delivery", "3", "When and how it arrives."),
               label("Service", "4", "People who help, and waiting."),
               label("Account", "5", "Signing in, data, contracts.")}}}};
}

Schema entities_schema() {
    return {Modality::text, "text", {entities_control(true)}};
}

Schema relations_schema() {
    Control relations{"relations", ControlKind::relations, "Join the names", false, false, {}};
    relations.labels = {label("works for", "1", "A person, for an organisation."),
                        label("based in", "2", "An organisation, in a place."),
                        label("lives in", "3", "A person, in a place.")};
    return {Modality::text, "text", {entities_control(false), relations}};
}

Schema outlines_schema() {
    Schema schema = boxes_schema();
    schema.controls[0].name = "outlines";
    schema.controls[0].kind = ControlKind::polygons;
    schema.controls[0].title = "Outline every object";
    return schema;
}

/// The points and lines of COCO's person (Lin et al., 2014).
Schema pose_schema() {
    Control pose{"pose", ControlKind::keypoints, "Points on every person", false, false, {}};
    pose.labels = {label("Person", "1", "Anybody, in any pose.", {"person"})};
    pose.points = {"nose",          "left eye",       "right eye",  "left ear",    "right ear",
                   "left shoulder", "right shoulder", "left elbow", "right elbow", "left wrist",
                   "right wrist",   "left hip",       "right hip",  "left knee",   "right knee",
                   "left ankle",    "right ankle"};
    pose.lines = {15, 13, 13, 11, 16, 14, 14, 12, 11, 12, 5, 11, 6, 12, 5, 6, 5, 7, 6,
                  8,  7,  9,  8,  10, 1,  2,  0,  1,  0,  2, 1,  3, 2,  4, 3, 5, 4, 6};
    return {Modality::image, "image", {pose}};
}

Schema answers_schema() {
    Control rating{"rating", ControlKind::rating, "How good is the answer?", false, true, {}};
    rating.labels = {label("1", "1", "Wrong, harmful, or no answer."),
                     label("2", "2", "Mostly wrong, or misses the question."),
                     label("3", "3", "Right in part."), label("4", "4", "Right, with small flaws."),
                     label("5", "5", "You would send it as it stands.")};
    Control faults{"faults", ControlKind::choices, "What is wrong with it?", true, false, {}};
    faults.labels = {label("Wrong facts", "1", "Something in it is not true."),
                     label("Incomplete", "2", "A part of the question is not answered."),
                     label("Made up", "3", "Names, figures or sources that do not exist."),
                     label("Unclear", "4", "It has to be read twice."),
                     label("Unsafe", "5", "It could harm somebody who follows it.")};
    const Control note{"note", ControlKind::text, "What would be right?", false, false, {}};
    return {Modality::text, "text", {rating, faults, note}};
}

}  // namespace

const std::vector<ProjectTemplate>& project_templates() {
    static const std::vector<ProjectTemplate> templates = {
        {"text-choices", "Text classification",
         "One label for each text: feelings, topics, intents. Learns from your first decisions.",
         sentiment_schema(), sentiment_guideline},
        {"text-topics", "Several labels a text",
         "Every topic that a text raises, from none to all of them.", topics_schema(),
         topics_guideline},
        {"text-entities", "Names in texts",
         "Spans of words with a label: people, places, products. They may overlap and nest.",
         entities_schema(), entities_guideline},
        {"text-relations", "Names and relations",
         "Spans of words, and what joins two of them: who works for whom, what is where.",
         relations_schema(), relations_guideline},
        {"answer-review", "Review of answers",
         "Rate answers of a language model, name their faults and write what would be right.",
         answers_schema(), answers_guideline},
        {"image-boxes", "Objects in photos",
         "A box and a label around every object. Drafted by an embedded detector.", boxes_schema(),
         boxes_guideline},
        {"image-faces", "Faces in photos",
         "A box around every face, to blur or to count. Drafted by an embedded detector.",
         faces_schema(), faces_guideline},
        {"image-polygons", "Outlines in photos", "A polygon and a label around every object.",
         outlines_schema(), outline_guideline},
        {"image-pose", "Poses of people", "Seventeen points and a skeleton on every person.",
         pose_schema(), pose_guideline},
        {"image-text", "Text in images (OCR)",
         "A box around every line on a page, a label or a sign, and what it says. Drafted by two "
         "embedded readers.",
         text_schema(), text_guideline},
        {"image-choices", "Photo classification", "One label for each photo.", scene_schema(),
         scene_guideline},
    };
    static const auto all = [] {
        auto list = templates;
        for (auto& row : audio_templates()) list.push_back(std::move(row));
        return list;
    }();
    return all;
}

}  // namespace countersign
