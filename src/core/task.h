// One item to label, and what is known of it. The item itself is text in `data`, or a medium.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "core/region.h"

namespace countersign {

/// ready: waits in the queue; leased: with a person; done: has a label; disputed: the people who
/// answered differ, and a specialist is to decide.
enum class TaskState { ready, leased, done, disputed };
inline std::span<const EnumName<TaskState>> enum_names(TaskState) {
    static constexpr EnumName<TaskState> rows[] = {{TaskState::ready, "ready"},
                                                   {TaskState::leased, "leased"},
                                                   {TaskState::done, "done"},
                                                   {TaskState::disputed, "disputed"}};
    return rows;
}

/// Why a task comes to a person.
enum class Lane { routine, edge, audit, dispute, finding };
inline std::span<const EnumName<Lane>> enum_names(Lane) {
    static constexpr EnumName<Lane> rows[] = {{Lane::routine, "routine"},
                                              {Lane::edge, "edge"},
                                              {Lane::audit, "audit"},
                                              {Lane::dispute, "dispute"},
                                              {Lane::finding, "finding"}};
    return rows;
}

struct Task {
    Id id = 0;
    Id project = 0;
    std::string
        key;  ///< The name its source gave it (file name, external id); unique in the project.
    std::string
        data;  ///< JSON object text: the item under schema.source, and whatever came with it.
    std::string meta;  ///< JSON object text or empty: columns beside the item (slices for bias).
    Id media = 0;      ///< The image or audio; 0 for text.
    Lane lane = Lane::routine;
    int priority = 128;  ///< 0-255, higher comes sooner.
    TaskState state = TaskState::ready;
    Millis created = 0;
};

/// The item's text under `source`, or empty.
std::string item_text(const Task& task, std::string_view source);

/// A stored blob: an image, later audio. Bytes live in the blob store under `sha256`.
struct Media {
    Id id = 0;
    std::string sha256;  ///< Hex.
    std::string type;    ///< "image/jpeg"
    std::int64_t bytes = 0;
    int width = 0, height = 0;  ///< Upright, pixels; 0 for audio.
    int orientation =
        1;  ///< EXIF 1-8 of the stored file; served images are upright already in browsers.
    double seconds = 0;  ///< Audio.
};

struct Draft {
    Id id = 0;
    Id task = 0;
    Id model_version = 0;
    Regions regions;
    std::optional<double> confidence;            ///< Of the whole draft: what the model claims.
    std::optional<double> probability;           ///< Calibrated, of the whole draft.
    Grounding grounding = Grounding::unchecked;  ///< The worst of its regions.
    Millis created = 0;
    bool current = true;  ///< False once a later draft of the same model replaced it.
};

/// assisted: the draft is shown; blind: a draft exists and is not shown; catch_trial: later.
enum class Arm { assisted, blind, catch_trial };
inline std::span<const EnumName<Arm>> enum_names(Arm) {
    static constexpr EnumName<Arm> rows[] = {
        {Arm::assisted, "assisted"}, {Arm::blind, "blind"}, {Arm::catch_trial, "catch"}};
    return rows;
}

/// A person's hold on a task for a while: lease, arm and its probability.
struct Assignment {
    Id id = 0;  ///< Also the lease token: an answer must name it.
    Id task = 0;
    Id person = 0;
    Arm arm = Arm::assisted;
    double arm_probability = 1;
    Id draft = 0;  ///< The draft that existed when it was handed out (shown unless blind); 0: none.
    Millis leased = 0;
    Millis until = 0;
    bool trial = false;  ///< Of a gold task: nobody it is shown to may know (core/gold.h).
};

enum class Action { accepted, edited, rejected, created, skipped, imported };
inline std::span<const EnumName<Action>> enum_names(Action) {
    static constexpr EnumName<Action> rows[] = {
        {Action::accepted, "accepted"}, {Action::edited, "edited"},
        {Action::rejected, "rejected"}, {Action::created, "created"},
        {Action::skipped, "skipped"},   {Action::imported, "imported"}};
    return rows;
}

struct Annotation {
    Id id = 0;
    Id task = 0;
    Id person = 0;
    Id assignment = 0;
    Id draft = 0;
    Arm arm = Arm::assisted;
    Action action = Action::created;
    Regions regions;
    int edits = 0;               ///< edit_distance(draft, regions)
    std::int64_t active_ms = 0;  ///< Visible and active time only, idle gaps over 30 s cut.
    bool flagged = false;
    std::string comment;  ///< Skip reason, flag reason or remark.
    Millis created = 0;
    Millis withdrawn = 0;  ///< 0, or when it was undone. Withdrawn annotations stay for the record.
};

}  // namespace countersign
