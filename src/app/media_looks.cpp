#include "app/media_looks.h"

#include "app/jobs.h"
#include "app/pictures.h"
#include "app/recordings.h"
#include "models/state_bytes.h"
#include "store/blob_bytes.h"
#include "store/finding_store.h"

namespace countersign {

namespace {

constexpr std::string_view beside_name = "look", look_magic = "CSLOOK01", places_name = "places";
constexpr std::size_t most_words = 1 << 20, most_stretches = 1 << 20;
constexpr float most_seconds = 1e6f;

bool is_picture(const Media& media) {
    return media.type.starts_with("image/");
}

constexpr std::uint64_t low_half = 0xffffffffu;

void put_bits(StateWriter& out, std::uint64_t bits) {
    out.varint(bits >> 32);
    out.varint(bits & low_half);
}

std::uint64_t read_bits(StateReader& in) {
    const auto high = in.varint(low_half);
    return high << 32 | in.varint(low_half);
}

void put_stretches(StateWriter& out, const std::vector<GivenItem::Stretch>& all) {
    out.varint(all.size());
    for (const auto& one : all) {
        out.number(static_cast<float>(one.start));
        out.number(static_cast<float>(one.end));
    }
}

std::vector<GivenItem::Stretch> read_stretches(StateReader& in) {
    std::vector<GivenItem::Stretch> out;
    const auto n = in.varint(most_stretches);
    for (std::uint64_t i = 0; i < n && in.good; ++i) {
        auto& one = out.emplace_back();
        one.start = in.number(most_seconds);
        one.end = in.number(most_seconds);
        in.require(0 <= one.start && one.start <= one.end);
    }
    return out;
}

std::optional<std::string> kept_beside(const World& world, std::string_view sha256,
                                       std::string_view name) {
    const auto size = world.blobs.size_beside(sha256, name);
    if (!size) return std::nullopt;
    auto bytes = world.blobs.get_beside(sha256, name, 0, *size);
    return bytes ? std::optional(*std::move(bytes)) : std::nullopt;
}

}  // namespace

std::string look_bytes(const MediaLook& look) {
    StateWriter out(look_magic);
    out.varint(look.picture ? 1 : 0);
    if (look.picture) {
        put_bits(out, look.picture->across);
        put_bits(out, look.picture->down);
    }
    out.varint(look.sound.size());
    for (const auto word : look.sound) out.varint(word);
    put_stretches(out, look.silences);
    out.varint(look.voiced ? 1 : 0);
    if (look.voiced) put_stretches(out, *look.voiced);
    return std::move(out).sealed();
}

std::optional<MediaLook> look_from(std::string_view bytes) {
    const auto body = opened_state(bytes, look_magic);
    if (!body) return std::nullopt;
    StateReader in(*body);
    MediaLook out;
    if (in.varint(1) == 1) {
        PictureHash hash;
        hash.across = read_bits(in);
        hash.down = read_bits(in);
        out.picture = hash;
    }
    const auto words = in.varint(most_words);
    for (std::uint64_t i = 0; i < words && in.good; ++i)
        out.sound.push_back(static_cast<std::uint32_t>(in.varint(low_half)));
    out.silences = read_stretches(in);
    if (in.varint(1) == 1) out.voiced = read_stretches(in);
    if (!in.good || in.left() != 0) return std::nullopt;
    return out;
}

std::optional<MediaLook> kept_look(const World& world, const Media& media) {
    const auto bytes = kept_beside(world, media.sha256, beside_name);
    return bytes ? look_from(*bytes) : std::nullopt;
}

std::optional<std::vector<SeenBox>> kept_places(const World& world, std::string_view sha256) {
    const auto bytes = kept_beside(world, sha256, places_name);
    if (!bytes) return std::nullopt;
    auto places = places_from(*bytes);
    return places ? std::optional(*std::move(places)) : std::nullopt;
}

Result<> look_for_places(World& world, const Media& media, NanoDet& net) {
    const auto bytes = TRY(BlobBytes::open(world.blobs, media.sha256));
    const auto seen = see_picture(net, bytes.view());
    world.blobs.put_beside(media.sha256, places_name,
                           places_bytes(seen ? seen->places : std::vector<SeenBox>()));
    return Done{};
}

Result<MediaLook> look_at_medium(World& world, const Media& media, const VoiceActivity* voice,
                                 const std::stop_token& stop) {
    const auto bytes = TRY(BlobBytes::open(world.blobs, media.sha256));
    MediaLook look;
    if (is_picture(media)) {
        look.picture = picture_look(bytes.view()).hash;
    } else {
        auto heard = recording_look(bytes.view(), voice, stop);
        if (stop.stop_requested())
            return Refusal{Code::cancelled, "Looking was stopped before it ended."};
        look.sound = std::move(heard.print);
        look.silences = std::move(heard.silences);
        look.voiced = std::move(heard.voiced);
    }
    world.blobs.put_beside(media.sha256, beside_name, look_bytes(look));
    return look;
}

void check_anew(World& world, Id project) {
    if (world.db.read([&](Session& s) { return last_check(s, project); }))
        queue_job(world, project, "check", Json::object(), 0, true);
}

}  // namespace countersign
