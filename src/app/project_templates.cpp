// Starting points for a new project. The guidelines are meant to be used as they stand, and then
// sharpened by whoever owns the data.
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

}  // namespace

const std::vector<ProjectTemplate>& project_templates() {
    static const std::vector<ProjectTemplate> templates = {
        {"text-choices", "Text classification",
         "One label for each text: feelings, topics, intents. Learns from your first decisions.",
         sentiment_schema(), sentiment_guideline},
        {"image-boxes", "Objects in photos",
         "A box and a label around every object. Drafted by an embedded detector.", boxes_schema(),
         boxes_guideline},
        {"image-choices", "Photo classification", "One label for each photo.", scene_schema(),
         scene_guideline},
    };
    return templates;
}

}  // namespace countersign
