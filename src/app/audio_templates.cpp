#include "app/audio_templates.h"

namespace countersign {

namespace {

constexpr std::string_view transcript_guideline =
    R"(# Write down what is said

Write the words **as they are spoken**, in the spelling of a newspaper, with punctuation.

1. Write what you hear, not what the speaker should have said: keep repeated words, false starts that are whole
   words, and wrong grammar. Leave out "uh" and "um", and halves of words.
2. Numbers as they are spoken: "twenty four", "two thousand and six". Letters that are spelled: "A B C".
3. Names you cannot spell: the likeliest spelling. Play the place again at half speed before you guess.
4. What cannot be understood after three hearings: `[unclear]`. Somebody talks in another language: `[foreign]`.
5. Nobody speaks at all: `[no speech]`.
6. Several people: a new line for each turn.

## About drafts

A draft is what a recogniser heard. Where it was unsure its words are marked: listen there first, then to the whole.
Names and rare words are where it errs most, and it never notices.
)";

constexpr std::string_view speakers_guideline =
    R"(# Who speaks when, and what do they say?

Draw one segment for each **turn**: from the first to the last sound of one person, without the pauses around it.

## Where a turn begins and ends

- A pause of one person shorter than half a second stays inside the turn; a longer one ends it.
- Within a tenth of a second is exact enough. Do not cut a word's last consonant or the breath before it.
- Two people at once: two segments that overlap, one for each.
- "Yes" or "mhm" of a listener is a turn of its own when it can be understood, else it is left out.
- Laughter, coughs, music and noise: no segment.

## Whose turn it is

The first person who speaks is Speaker 1, the next new one Speaker 2, and so on. One person keeps one number through
the whole recording. A voice that is heard once, far off: the last number. You cannot tell who it is: choose the likelier
one and **flag** the task.

## The words

As they are spoken, with punctuation, numbers in words. `[unclear]` for what cannot be understood.
)";

constexpr std::string_view events_guideline =
    R"(# What is heard, and when?

Draw a segment for each sound of the list, from where it begins to where it ends. Segments may overlap.

1. Repeated sounds less than a second apart (knocks, barks, claps) are one segment from the first to the last.
2. A sound that fades ends where you no longer hear it at normal volume. Do not turn it up.
3. Background that lasts through the whole recording gets one segment, from end to end.
4. Speech in a song is Music. Applause and cheering of many people is Crowd.
5. Shorter than a tenth of a second: a segment of a tenth of a second around it.
6. None of the list is heard: the recording is accepted empty.
)";

constexpr std::string_view sound_guideline =
    R"(# What is in the recording?

Choose the one label that describes what fills **most** of the recording.

| label | choose it when |
|---|---|
| Speech | somebody speaks, also over the telephone or with music behind |
| Music | instruments or singing, without anybody speaking over it |
| Noise | machines, traffic, wind, handling of the microphone |
| Animals | voices of animals |
| Silence | nothing, or a hiss that you hear only when you turn it up |

1. Two fill about the same time: choose the one that stands higher in the table.
2. Speech that cannot be understood is still Speech.
3. The recording does not play to its end: **skip** it and say so.
)";

Label label(std::string name, std::string key, std::string guideline,
            std::vector<std::string> aliases = {}) {
    return {std::move(name), std::move(key), "", std::move(guideline), std::move(aliases)};
}

Control written(std::string name, std::string title, bool required, bool per_region) {
    Control control{std::move(name), ControlKind::text, std::move(title), false, required, {}};
    control.per_region = per_region;
    return control;
}

Schema transcript_schema() {
    return {Modality::audio, "audio", {written("transcript", "What is said?", true, false)}};
}

Schema speakers_schema() {
    Control who{"speaker", ControlKind::segments, "Who speaks when?", false, false, {}};
    for (int i = 1; i <= 6; ++i) {
        const auto number = std::to_string(i);
        who.labels.push_back(label("Speaker " + number, number, "",
                                   {"SPEAKER_0" + std::to_string(i - 1), "S" + number}));
    }
    return {Modality::audio, "audio", {who, written("words", "What do they say?", false, true)}};
}

Schema events_schema() {
    Control events{"events", ControlKind::segments, "What is heard when?", false, false, {}};
    events.labels = {label("Speech", "1", "Somebody speaks.", {"speech"}),
                     label("Music", "2", "Instruments or singing.", {"music"}),
                     label("Laughter", "3", "One person or several.", {"laughter"}),
                     label("Crowd", "4", "Applause, cheering, many voices.", {"applause"}),
                     label("Animal", "5", "Barking, birdsong.", {"animal"}),
                     label("Vehicle", "6", "Engines, horns, sirens.", {"vehicle"}),
                     label("Alarm", "7", "Bells, rings, beeps.", {"alarm"}),
                     label("Knock", "8", "Doors, steps, things that fall.", {"knock"})};
    return {Modality::audio, "audio", {events}};
}

Schema sound_schema() {
    Control sound{"sound", ControlKind::choices, "What fills the recording?", false, true, {}};
    sound.labels = {label("Speech", "1", "Somebody speaks.", {"speech"}),
                    label("Music", "2", "Instruments or singing.", {"music"}),
                    label("Noise", "3", "Machines, traffic, wind.", {"noise"}),
                    label("Animals", "4", "Voices of animals.", {"animal"}),
                    label("Silence", "5", "Nothing, or a hiss.", {"silence"})};
    return {Modality::audio, "audio", {sound}};
}

}  // namespace

std::vector<ProjectTemplate> audio_templates() {
    return {{"audio-transcript", "Transcripts",
             "What is said in each recording, as one text. Drafted by an embedded recogniser.",
             transcript_schema(), transcript_guideline},
            {"audio-speakers", "Transcripts with speakers",
             "A segment for each turn, who speaks in it, and what they say.", speakers_schema(),
             speakers_guideline},
            {"audio-events", "Sounds in recordings",
             "A segment and a label for every sound: speech, music, alarms, animals.",
             events_schema(), events_guideline},
            {"audio-choices", "Recording classification", "One label for each recording.",
             sound_schema(), sound_guideline}};
}

}  // namespace countersign
