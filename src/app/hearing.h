// Help with a recording in the middle of a task, from what a person has done so far: the other
// segments of a voice take its name, and a text that was written or corrected gets the times of its
// words. Answers are suggestions that the desk applies; nothing is stored.
//
// The recording that was asked about last stays decoded for the next question. Words are timed by
// one speech worker at a time, which ends with the question.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/asking.h"
#include "app/one_at_a_time.h"
#include "app/world.h"
#include "base/guarded.h"
#include "core/people.h"
#include "core/region.h"
#include "core/schema.h"

namespace countersign {

struct VoiceSegment {
    std::string id;
    TimeSpan at;
    std::string label;
};
struct VoicesAsk {
    std::string control;                 ///< Of segments.
    std::vector<VoiceSegment> labelled;  ///< The person's own.
    std::vector<VoiceSegment> segments;  ///< To be named, with the label they stand under.
};
struct VoicesFound {
    struct Named {
        std::string id, label;
        double confidence = 0;
    };
    struct Left {
        std::string id;
        std::string why;  ///< "short", "talked_over", "unsure" or "other_voice".
    };
    struct Voice {
        std::string label;
        double seconds = 0;     ///< Of speech in the person's segments, under no other label's.
        double recognised = 0;  ///< Share of it that the rest of it gives back.
        bool names = false;     ///< Whether that is enough.
    };
    std::vector<Named> segments;  ///< Those with a named voice.
    std::vector<Left> left;       ///< Those whose label stays; labels of sounds take no part.
    std::vector<Voice> voices;    ///< Of the labels that the person gave.
};

struct TextToTime {
    std::string id;
    TimeSpan at;
    std::vector<std::string> words;  ///< As they are written.
};
struct TimedText {
    std::string id;
    std::vector<Word> words;  ///< Those that can be said, in order.
    std::string problem;      ///< Why there are none.
};

class Hearing {
public:
    explicit Hearing(World& world) : world_(world) {}

    /// Refuses: not_found; conflict when the caller does not hold the task; unsupported when it has
    /// no recording or no such control of segments; invalid: under least_named_speech seconds of
    /// every speaker, with how many there are, or no voice that is told from the others.
    Result<VoicesFound> voices(const Caller& caller, Id task, const VoicesAsk& ask);

    /// At most most_timed_seconds together. Refuses as above, and unavailable without the
    /// recogniser; a text that cannot be timed says so itself.
    static constexpr double most_timed_seconds = 900;
    Result<std::vector<TimedText>> times(const Caller& caller, Id task,
                                         const std::vector<TextToTime>& texts);

private:
    struct Recording {
        std::string sha256;
        Sound sound;
        std::optional<std::vector<TimeSpan>> voiced;
    };
    struct Held {
        Task task;
        Schema schema;
        Media media;
        Json speakers;  ///< {"labels": [...]} where a model of the project was told them.
    };
    Result<Held> held(const Caller& caller, Id task);
    Result<std::shared_ptr<const Recording>> recording(const Held& held);

    World& world_;
    OneAtATime turns_;
    Guarded<std::shared_ptr<const Recording>> last_;
};

}  // namespace countersign
