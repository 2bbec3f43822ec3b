#include "app/asking.h"

#include <algorithm>
#include <set>

#include "app/asking_cue.h"
#include "app/example_source.h"
#include "app/model_chain.h"
#include "app/model_files.h"
#include "core/drafted_by.h"
#include "media/audio.h"
#include "models/cue_answerer.h"
#include "models/grounding.h"
#include "store/blob_bytes.h"
#include "store/model_store.h"

namespace countersign {

Result<OpenModel> open_model(World& world, const Model& model, const Project& project) {
    const auto* kind = find_model_kind(model.kind);
    if (!kind)
        return Refusal{Code::unavailable, "\"" + model.name +
                                              "\" is the name of drafts that came with files: "
                                              "there is no model here to ask."};
    const auto version = world.db.read([&](Session& s) { return latest_version(s, model.id); });
    OpenModel out;
    std::optional<Outside> outside;
    if (!kind->embedded) outside = world.connectors->outside(world, model.id);
    const auto placed = TRY(place_model(world, model));
    OpenAsk ask{project.schema, placed.config, placed.dir};
    if (version) ask.state = version->state;
    ask.guideline = project.guideline;
    ask.outside = outside ? &*outside : nullptr;
    if (outside)
        ask.examples = examples_of(world, project,
                                   model.config.value("accepted_examples", Json(false)) == true);
    out.drafter = TRY(kind->open(ask));
    out.learned = version && !version->state.empty() ? version->id : 0;
    return out;
}

Id ensure_version(World& world, const Model& model, const OpenModel& open) {
    if (open.learned != 0) return open.learned;
    std::optional<ModelVersion> latest;
    VersionsRead read;
    world.db.read([&](Session& s) {
        latest = latest_version(s, model.id);
        read = versions_read(s, model);
    });
    const bool same = latest && latest->name == open.drafter->version() &&
                      latest->quality.is_object() &&
                      latest->quality.value("config", Json()) == model.config &&
                      latest->quality.value("reads", Json()) == read.ids;
    if (same) return latest->id;
    ModelVersion version;
    version.model = model.id;
    version.name = open.drafter->version();
    version.quality = {{"config", model.config}};
    if (!read.ids.is_null()) version.quality["reads"] = read.ids;
    version.learned_from = read.learned_from;
    version.created = world.clock.now();
    return world.db.write([&](Session& s) { return insert_model_version(s, version); });
}

namespace {

void name_item(Item& item, const Task& task, const std::optional<Media>& media) {
    item.task = task.id;
    item.key = task.key;
    item.data = task.data;
    if (media) item.medium_type = media->type;
}

Result<Item> fetch_sound(World& world, const std::optional<Media>& media,
                         const std::stop_token& stop) {
    constexpr double most_seconds = 4 * 3600;
    Item item;
    if (!media) return Refusal{Code::invalid, "The task has no recording."};
    if (media->seconds > most_seconds)
        return Refusal{Code::too_large,
                       "The recording is longer than 4 hours, which models do not listen to: cut "
                       "it into parts."};
    const auto bytes = TRY(BlobBytes::open(world.blobs, media->sha256));
    item.sound = TRY(decode_sound(bytes.view(), most_seconds, stop));
    item.seconds = media->seconds > 0 ? media->seconds : item.sound.seconds();
    // What speaks softly still speaks: only words over nothing at all are held against a draft.
    constexpr double lenient = 0.3;
    if (const auto voice = VoiceActivity::load(world.models_dir + "/silero.onnx"))
        item.voiced = voice->speech(item.sound, {.threshold = lenient}, stop);
    return item;
}

}  // namespace

Result<Item> fetch_item(World& world, const Schema& schema, const Task& task,
                        const std::optional<Media>& media, int enough, const std::stop_token& stop,
                        bool medium) {
    if (schema.modality == Modality::audio) {
        auto heard = TRY(fetch_sound(world, media, stop));
        name_item(heard, task, media);
        if (medium) heard.medium = TRY(world.blobs.get(media->sha256));
        return heard;
    }
    Item item;
    name_item(item, task, media);
    if (schema.modality == Modality::text) {
        item.text = item_text(task, schema.source);
        return item;
    }
    if (!media) return Refusal{Code::invalid, "The task has no image."};
    auto bytes = TRY(world.blobs.get(media->sha256));
    item.image = TRY(decode_image(bytes, enough));
    item.width = media->width;
    item.height = media->height;
    item.scale = item.image.width > 0 ? static_cast<double>(media->width) / item.image.width : 1;
    if (medium) item.medium = std::move(bytes);
    return item;
}

namespace {

/// How many pixels of the medium one of the image is, in each direction.
struct Scale {
    double x, y;
};
Scale scale_of(const Item& item) {
    const double down =
        item.image.height > 0 ? static_cast<double>(item.height) / item.image.height : item.scale;
    return {item.scale, down};
}

void stretch(Region& region, Scale by) {
    region.x *= by.x;
    region.width *= by.x;
    region.y *= by.y;
    region.height *= by.y;
    for (std::size_t i = 0; i < region.points.size(); ++i)
        region.points[i] *= i % 2 == 0 ? by.x : by.y;
    for (auto& ring : region.rings)
        for (std::size_t i = 0; i < ring.size(); ++i) ring[i] *= i % 2 == 0 ? by.x : by.y;
}

void scale_back(Region& region, const Item& item) {
    stretch(region, scale_of(item));
    if (region.kind != ControlKind::boxes) return;
    region.width = std::min(region.width, item.width - region.x);
    region.height = std::min(region.height, item.height - region.y);
}

}  // namespace

void scale_to(const Item& item, Regions& regions) {
    const auto by = scale_of(item);
    if (by.x <= 0 || by.y <= 0) return;
    for (auto& region : regions) stretch(region, {1 / by.x, 1 / by.y});
}

namespace {

DraftAsk ask_about(const Schema& schema, const Item& item) {
    const bool image = schema.modality == Modality::image;
    const bool sound = schema.modality == Modality::audio;
    DraftAsk asked{item.text, image ? &item.image : nullptr, sound ? &item.sound : nullptr};
    asked.task_key = item.key;
    asked.data = item.data;
    asked.medium = item.medium;
    asked.medium_type = item.medium_type;
    asked.task = item.task;
    return asked;
}

Draft grounded(const Schema& schema, const Item& item, DraftAnswer answer) {
    const bool image = schema.modality == Modality::image;
    const GroundItem against{item.text,
                             item.image.width,
                             item.image.height,
                             image ? &item.image : nullptr,
                             {item.seconds, item.voiced ? &*item.voiced : nullptr}};
    answer = ground(schema, against, std::move(answer));
    if (image && item.scale != 1)
        for (auto& region : answer.regions) scale_back(region, item);
    Draft draft;
    draft.grounding = worst_grounding(answer.regions);
    draft.regions = std::move(answer.regions);
    draft.confidence = answer.confidence;
    draft.probability = answer.probability;
    return draft;
}

}  // namespace

Result<Draft> ask(Drafter& drafter, const Schema& schema, const Item& item, std::stop_token stop) {
    auto answer = TRY(drafter.draft(ask_about(schema, item), std::move(stop)));
    return grounded(schema, item, std::move(answer));
}

Result<Draft> ask_by_cue(Drafter& drafter, const Schema& schema, const Item& item, const Cue& cue,
                         std::stop_token stop) {
    auto* answerer = dynamic_cast<CueAnswerer*>(&drafter);
    if (!answerer) return Refusal{Code::unsupported, "This model answers nobody at the desk."};
    auto answer = TRY(answerer->answer(ask_about(schema, item), cue, std::move(stop)));
    // What answers are about is looked at with them, and is none of them.
    const std::size_t own = answer.regions.size();
    answer.regions.insert(answer.regions.end(), cue.regions.begin(), cue.regions.end());
    auto draft = grounded(schema, item, std::move(answer));
    draft.regions.resize(std::min(own, draft.regions.size()));
    return draft;
}

bool is_carried(const Region& region) {
    return region.meta.is_object() && region.meta.contains(drafted_by);
}

namespace {

/// Two boxes in one place, whatever they are called: one object seen by two models.
bool on_one_place(const Region& a, const Region& b) {
    constexpr double same_place = 0.7;
    return a.kind == ControlKind::boxes && b.kind == ControlKind::boxes && a.control == b.control &&
           iou(a, b) > same_place;
}

double sure(const Region& region) {
    return region.probability.value_or(region.confidence.value_or(1));
}

bool is_answered(const Regions& regions, const Region& box) {
    return std::any_of(regions.begin(), regions.end(),
                       [&](const Region& region) { return region.parent == box.id; });
}

/// Whether the box may join: nothing as sure lies there, nor anything that answers are about; what
/// is less sure leaves.
bool takes_its_place(Regions& regions, const Region& box) {
    if (std::any_of(regions.begin(), regions.end(), [&](const Region& there) {
            return on_one_place(there, box) &&
                   (sure(there) >= sure(box) || is_answered(regions, there));
        }))
        return false;
    std::erase_if(regions, [&](const Region& there) { return on_one_place(there, box); });
    return true;
}

}  // namespace

std::set<std::string> controls_of_kind(const Schema& schema, ControlKind kind) {
    std::set<std::string> names;
    for (const auto& control : schema.controls)
        if (control.kind == kind) names.insert(control.name);
    return names;
}

std::set<std::string> controls_of(const Model& model, const Drafter& drafter,
                                  const Schema& schema) {
    const auto named = drafter.controls();
    std::set<std::string> names(named.begin(), named.end());
    const auto* kind = find_model_kind(model.kind);
    if (!names.empty() || !kind) return names;
    for (const auto& control : schema.controls)
        if (kind->drafts(control.kind)) names.insert(control.name);
    return names;
}

void carry_others(Session& s, const Schema& schema, const std::set<std::string>& own, Draft& draft,
                  const std::vector<Id>& read) {
    const bool alone =
        std::all_of(schema.controls.begin(), schema.controls.end(), [&](const Control& control) {
            return own.contains(control.name) && control.kind != ControlKind::boxes;
        });
    if (alone) return;
    std::set<std::string> answered;
    int number = 0;
    for (const auto& [known, model] : drafts_of_others(s, draft.task, draft.model_version)) {
        std::set<std::string> here;
        for (const auto& region : known.regions) {
            const auto* control = schema.control(region.control);
            if (!control || control->kind != region.kind || control->per_region ||
                is_carried(region))
                continue;
            // Boxes of a model that this one reads are its own boxes now.
            const bool shares = region.kind == ControlKind::boxes &&
                                std::find(read.begin(), read.end(), model) == read.end();
            if (!shares && (own.contains(region.control) || answered.contains(region.control)))
                continue;
            if (shares && !takes_its_place(draft.regions, region)) continue;
            here.insert(region.control);
            auto& carried = draft.regions.emplace_back(region);
            carried.id = "c" + std::to_string(++number);
            if (!carried.meta.is_object()) carried.meta = Json::object();
            carried.meta[drafted_by] = wire_id('k', model);
            draft.grounding = std::max(draft.grounding, region.grounding);
            if (draft.probability && region.probability && !facts_of(region.kind).drawn)
                *draft.probability *= *region.probability;
        }
        answered.insert(here.begin(), here.end());
    }
}

std::string Probes::fault(const Model& model, const Project& project) {
    const Millis now = world_.clock.now();
    const auto known = probes_.with([&](auto& probes) -> std::optional<Probe> {
        const auto at = probes.find(model.id);
        return at == probes.end() ? std::nullopt : std::optional(at->second);
    });
    if (known && (known->fault.empty() || now - known->looked < look_again)) return known->fault;
    const auto open = open_model(world_, model, project);
    Probe probe{open ? "" : open.refusal().message, now};
    probes_.with([&](auto& probes) { probes[model.id] = probe; });
    return probe.fault;
}

void Probes::forget(Id model) {
    probes_.with([&](auto& probes) { probes.erase(model); });
}

}  // namespace countersign
