#include "app/assist.h"

#include <algorithm>

#include "store/task_store.h"
#include "store/trial_store.h"

namespace countersign {

namespace {

constexpr std::size_t most_kept = 4;
/// A larger photo is decoded smaller, with at least this many pixels a side: an outline is as fine
/// as its cut-out, and the pixels of a large photo are finer than any hand.
constexpr int enough_side = 1500;

Result<Media> image_held(Session& s, const Caller& caller, Id task) {
    const auto found = find_task(s, task);
    if (!found) return Refusal{Code::not_found, "There is no task " + wire_id('t', task) + "."};
    if (!assignment_held_by(s, task, caller.person))
        return Refusal{Code::conflict,
                       "Task " + wire_id('t', task) + " is not with you: fetch your next task."};
    const auto media = find_media(s, found->media);
    if (!media || !media->type.starts_with("image/"))
        return Refusal{Code::unsupported,
                       "Only images have outlines; task " + wire_id('t', task) + " has none."};
    return *media;
}

}  // namespace

Result<OutlineRings> Assist::outline(const Caller& caller, Id task, const OutlineAsk& ask) {
    const auto media = TRY(world_.db.read([&](Session& s) { return image_held(s, caller, task); }));
    const auto decoded = TRY(this->decoded(media));
    return find_outline(*decoded.image, decoded.scale, ask);
}

Result<Assist::Decoded> Assist::decoded(const Media& media) {
    auto known = recent_.with([&](auto& recent) {
        const auto at = std::find_if(recent.begin(), recent.end(),
                                     [&](const Decoded& d) { return d.sha256 == media.sha256; });
        if (at != recent.end()) recent.splice(recent.begin(), recent, at);
        return at == recent.end() ? Decoded{} : *at;
    });
    if (known.image) return known;
    // Not under the lock: two people may decode two photos at once.
    auto image = TRY(decode_image(TRY(world_.blobs.get(media.sha256)), enough_side));
    Decoded fresh{media.sha256, double(media.width) / image.width,
                  std::make_shared<const Image>(std::move(image))};
    recent_.with([&](auto& recent) {
        recent.push_front(fresh);
        if (recent.size() > most_kept) recent.pop_back();
    });
    return fresh;
}

}  // namespace countersign
