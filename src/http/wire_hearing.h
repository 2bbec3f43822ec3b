// Wire types of help with recordings in the middle of a task.
#pragma once

#include <string>
#include <vector>

#include "base/fields.h"
#include "core/region.h"

namespace countersign {

struct VoiceSegmentIn {
    std::string id;
    double start = 0, end = 0;
    std::string label;
};
template <class V>
void fields(V& v, VoiceSegmentIn& o) {
    v("id", o.id, "the region's id");
    v("start", o.start, "seconds");
    v("end", o.end, "seconds");
    v("label", o.label, "under which it stands");
}

struct VoicesBody {
    std::string control;
    std::vector<VoiceSegmentIn> labelled;
    std::vector<VoiceSegmentIn> segments;
};
template <class V>
void fields(V& v, VoicesBody& o) {
    v("control", o.control, "the control of segments");
    v("labelled", o.labelled, "segments whose speaker the person has set or kept");
    v("segments", o.segments, "segments to be named by their voices");
}

struct NamedSegmentOut {
    std::string id, label;
    double confidence = 0;
};
template <class V>
void fields(V& v, NamedSegmentOut& o) {
    v("id", o.id, "the region's id");
    v("label", o.label, "whose voice it is");
    v("confidence", o.confidence, "by how much no other voice fits, 0 to 1");
}

struct LeftSegmentOut {
    std::string id, why;
};
template <class V>
void fields(V& v, LeftSegmentOut& o) {
    v("id", o.id, "the region's id");
    v("why", o.why,
      "short: under half a second of speech; talked_over: others' segments lie over it; unsure; "
      "other_voice: nearer a voice that the person has not named");
}

struct NamingVoiceOut {
    std::string label;
    double seconds = 0, recognised = 0;
    bool names = false;
};
template <class V>
void fields(V& v, NamingVoiceOut& o) {
    v("label", o.label, "a label that the person gave");
    v("seconds", o.seconds, "of speech in the person's segments that no other label lies over");
    v("recognised", o.recognised, "the share of it that the rest of it gives back, 0 to 1");
    v("names", o.names, "whether it names others: 5 seconds, more than half of it recognised");
}

struct VoicesOut {
    std::vector<NamedSegmentOut> segments;
    std::vector<LeftSegmentOut> left;
    std::vector<NamingVoiceOut> voices;
};
template <class V>
void fields(V& v, VoicesOut& o) {
    v("segments", o.segments, "those of a named voice; nothing is stored");
    v("left", o.left, "those whose label is left as it is, and why");
    v("voices", o.voices, "what the person's segments hold");
}

struct TextToTimeIn {
    std::string id;
    double start = 0, end = 0;
    std::vector<std::string> words;
};
template <class V>
void fields(V& v, TextToTimeIn& o) {
    v("id", o.id, "the text's id");
    v("start", o.start, "seconds: where what it says begins");
    v("end", o.end, "seconds: where it ends, at most 300 after start");
    v("words", o.words, "its words in order, as they are written");
}

struct TimesBody {
    std::vector<TextToTimeIn> texts;
};
template <class V>
void fields(V& v, TimesBody& o) {
    v("texts", o.texts, "at most 500, and 15 minutes together");
}

struct TimedTextOut {
    std::string id;
    std::vector<Word> words;
    std::string problem;
};
template <class V>
void fields(V& v, TimedTextOut& o) {
    v("id", o.id, "the text's id");
    v("words", o.words, "with their times, those that the recogniser can say; nothing is stored");
    v("problem", o.problem, "why there are none");
}

struct TimesOut {
    std::vector<TimedTextOut> texts;
};
template <class V>
void fields(V& v, TimesOut& o) {
    v("texts", o.texts, "in the order they were asked for");
}

}  // namespace countersign
