#include "formats/coco_tables.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "formats/reader.h"

namespace countersign {

namespace {

constexpr std::size_t most_numbers = 2'000'000;  // Of one outline.

int size_or_0(std::optional<std::int64_t> n) {
    return n && *n > 0 && *n <= 1'000'000 ? static_cast<int>(*n) : 0;
}

bool has_area(const TurnedBox& box) {
    return box.width > 0 && box.height > 0;
}

/// Whether a ring of four corners is the box itself.
bool is_box(const Ring& ring, const TurnedBox& box) {
    if (ring.size() != 8) return false;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const double low = i % 2 == 0 ? box.x : box.y;
        const double high = low + (i % 2 == 0 ? box.width : box.height);
        if (ring[i] != low && ring[i] != high) return false;
    }
    return true;
}

}  // namespace

template <class Use>
Result<> CocoTables::walk(std::string_view name, Use&& use) {
    JsonCutter cutter(TRY(source_.open(name)), false);
    for (;;) {
        auto piece = cutter.next();
        if (!piece)
            return Refusal{piece.refusal().code,
                           std::string(name) + ": " + piece.refusal().message};
        if (!*piece) return Done{};
        if (!(*piece)->element) continue;
        const auto value = parser_.parse((*piece)->text);
        if (!value)
            return Refusal{Code::invalid,
                           std::string(name) + ": an element of \"" + std::string((*piece)->key) +
                               "\" cannot be read: " + value.refusal().message + "."};
        if (value->is_object()) use(**piece, *value);
    }
}

Result<> CocoTables::read(std::string_view name) {
    category_of_file_ = 0;
    return walk(name, [&](const JsonPiece& piece, Dom value) {
        if (piece.key == "images") take_image(value);
        if (piece.key == "categories") take_category(value);
    });
}

Result<> CocoTables::read_items(std::string_view name, bool any_file) {
    ids_ = any_file ? &all_ : &file_;
    std::int64_t n = 0;
    return walk(name, [&](const JsonPiece& piece, Dom value) {
        if (piece.element && (piece.key == "annotations" || piece.key.empty()))
            take_item(value, std::string(name) + "#" + std::to_string(++n));
    });
}

void CocoTables::sort() {
    const auto by_image = [](const auto& a, const auto& b) { return a.image < b.image; };
    std::stable_sort(items.begin(), items.end(), by_image);
    std::stable_sort(faults.begin(), faults.end(), by_image);
}

void CocoTables::stray(std::string where, std::string why) {
    if (strays.size() < 1000)
        strays.emplace_back(std::move(where), std::move(why));
    else
        ++more_strays;
}

void CocoTables::take_image(Dom value) {
    const auto id = integer_of(value, "id");
    const auto name = text_of(value, "file_name");
    if (!id || !name || base_name(*name).empty())
        return stray("images#" + std::to_string(images.size() + 1),
                     "an image lacks \"id\" or \"file_name\"");
    const auto index = static_cast<std::uint32_t>(images.size());
    if (!file_.image.emplace(*id, index).second)
        return stray(in_quotes(*name),
                     "image id " + std::to_string(*id) + " stands twice in the file");
    all_.image.emplace(*id, index);
    images.push_back({*id, repair_utf8(*name), size_or_0(integer_of(value, "width")),
                      size_or_0(integer_of(value, "height")), true_of(value, "labelled")});
}

void CocoTables::take_category(Dom value) {
    const auto id = integer_of(value, "id");
    const auto name = text_of(value, "name");
    if (!id || !name) return stray("categories", "a category lacks \"id\" or \"name\"");
    file_.category.emplace(*id, static_cast<std::uint32_t>(categories.size()));
    all_.category.emplace(*id, static_cast<std::uint32_t>(categories.size()));
    CocoCategory category{*id, std::string(*name), {}, *id != ++category_of_file_};
    simdjson::dom::array names;
    if (!value.at_key("keypoints").get(names) && names.size() <= 1000)
        for (const Dom point : names) category.points.push_back(as_text(point));
    categories.push_back(std::move(category));
}

void CocoTables::take_item(Dom value, const std::string& where) {
    const auto image_id = integer_of(value, "image_id");
    const auto image = image_id ? ids_->image.find(*image_id) : ids_->image.end();
    if (image == ids_->image.end())
        return stray(where, image_id
                                ? "image_id " + std::to_string(*image_id) +
                                      " is not among the images: import the file that lists them "
                                      "with it"
                                : "an annotation lacks \"image_id\"");
    CocoItem item{};
    item.image = image->second;
    const auto category_id = integer_of(value, "category_id");
    const auto category = category_id ? ids_->category.find(*category_id) : ids_->category.end();
    if (category == ids_->category.end())
        return say(item,
                   category_id ? "category_id " + std::to_string(*category_id) +
                                     " is not among the categories"
                               : "an annotation lacks \"category_id\"",
                   true);
    item.category = category->second;
    item.score = number_of(value, "score").value_or(-1);
    item.crowd = integer_of(value, "iscrowd").value_or(0) != 0;
    item.points_at = points_.size();
    item.rings_at = ring_sizes_.size();
    if (!take_box(value, item)) return;
    take_ours(value, item);
    if (item.rings == 0) take_segmentation(value, item);
    take_keypoints(value, item);
    if (!has_area(item.box) && item.rings == 0 && item.rle == 0 && item.keypoints == 0 &&
        !member(value, "bbox"))
        return say(item, "an annotation has no bbox of four numbers", true);
    items.push_back(item);
}

/// False when there is a bbox that is none.
bool CocoTables::take_box(Dom value, CocoItem& item) {
    const auto bbox = member(value, "bbox");
    if (!bbox) return true;
    simdjson::dom::array list;
    if (bbox->get(list) || list.size() != 4) {
        const bool other = member(value, "segmentation") || member(value, "keypoints");
        if (!other) say(item, "an annotation has no bbox of four numbers", true);
        return other;
    }
    double sides[4];
    for (std::size_t i = 0; i < 4; ++i)
        if (list.at(i).get(sides[i])) {
            say(item, "a bbox holds something that is not a number", true);
            return false;
        }
    item.box = {sides[0], sides[1], sides[2], sides[3], 0};
    return true;
}

/// Adds one list of coordinates to points_ and ring_sizes_; false when it is no ring.
bool CocoTables::take_ring(Dom value) {
    simdjson::dom::array ring;
    if (value.get(ring)) return false;
    const auto n = ring.size();
    if (n < 6 || n % 2 != 0 || n > most_numbers) return false;
    const auto from = points_.size();
    for (const Dom p : ring) {
        double v;
        if (p.get(v) || !std::isfinite(v)) {
            points_.resize(from);
            return false;
        }
        points_.push_back(v);
    }
    ring_sizes_.push_back(static_cast<std::uint32_t>(points_.size() - from));
    return true;
}

/// What only our own export says: which kind it was, a turned box, rings with holes in full.
void CocoTables::take_ours(Dom value, CocoItem& item) {
    const auto attributes = member(value, "attributes");
    if (!attributes || !attributes->is_object()) return;
    if (const auto kind = text_of(*attributes, "kind")) item.kind = from_name<ControlKind>(*kind);
    simdjson::dom::array list;
    if (!attributes->at_key("turned_box").get(list) && list.size() == 5) {
        double n[5];
        std::size_t i = 0;
        for (const Dom v : list)
            if (v.get(n[i++])) return;
        item.box = {n[0], n[1], n[2], n[3], n[4]};
    }
    if (!attributes->at_key("rings").get(list))
        for (const Dom ring : list) item.rings += take_ring(ring);
}

void CocoTables::take_segmentation(Dom value, CocoItem& item) {
    const auto segmentation = member(value, "segmentation");
    simdjson::dom::array rings;
    if (!segmentation) return;
    if (!segmentation->get(rings))
        take_rings(rings, item);
    else if (segmentation->is_object())
        take_mask(*segmentation, item);
    else
        say(item, "a segmentation is neither polygons nor a mask; its box was taken");
}

void CocoTables::take_rings(simdjson::dom::array rings, CocoItem& item) {
    for (const Dom ring : rings)
        if (take_ring(ring))
            ++item.rings;
        else
            say(item, "a polygon that is no list of three corners or more was left out");
    if (item.rings != 1) return;
    const Ring ring(points_.begin() + static_cast<std::ptrdiff_t>(item.points_at), points_.end());
    if (item.kind == ControlKind::polygons || !is_box(ring, item.box)) return;
    points_.resize(item.points_at);
    ring_sizes_.pop_back();
    item.rings = 0;
}

void CocoTables::take_mask(Dom mask, CocoItem& item) {
    simdjson::dom::array size, list;
    std::int64_t height = 0, width = 0;
    const auto fault = [&](const std::string& why) { say(item, why + "; its box was taken"); };
    if (mask.at_key("size").get(size) || size.size() != 2 || size.at(0).get(height) ||
        size.at(1).get(width) || std::max(height, width) > longest_mask_side ||
        std::min(height, width) <= 0)
        return fault("a mask has no size of two numbers up to " +
                     std::to_string(longest_mask_side));
    const auto from = rles_.size();
    if (const auto text = text_of(mask, "counts")) {
        rles_ += *text;
    } else if (!mask.at_key("counts").get(list)) {
        Mask plain{static_cast<int>(width), static_cast<int>(height), {}};
        for (const Dom v : list) {
            std::uint64_t n;
            if (v.get(n) || n > 0xffffffffu)
                return fault("a mask has a count that is no whole number");
            plain.counts.push_back(static_cast<std::uint32_t>(n));
        }
        rles_ += encode_mask(plain);
    } else {
        return fault("a mask has no counts");
    }
    item.rle_at = from;
    item.rle = static_cast<std::uint32_t>(rles_.size() - from);
    item.mask_width = static_cast<int>(width);
    item.mask_height = static_cast<int>(height);
}

void CocoTables::take_keypoints(Dom value, CocoItem& item) {
    simdjson::dom::array list;
    if (value.at_key("keypoints").get(list)) return;
    const auto n = list.size();
    const auto from = points_.size();
    bool any = false;
    for (const Dom p : list) {
        double v;
        const bool third = (points_.size() - from) % 3 == 2;
        if (n % 3 != 0 || n > most_numbers || p.get(v) || !std::isfinite(v) ||
            (third && (v < 0 || v > 2 || v != std::floor(v)))) {
            points_.resize(from);
            return say(item, "keypoints are not triples of x, y and 0, 1 or 2", true);
        }
        any = any || (third && v > 0);
        points_.push_back(v);
    }
    if (!any) return points_.resize(from);
    item.keypoints = static_cast<std::uint32_t>(n / 3);
}

NamedPoints CocoTables::keypoints_of(const CocoItem& item) const {
    NamedPoints points;
    points.names = categories[item.category].points;
    auto at = item.points_at;
    for (std::uint32_t i = 0; i < item.rings; ++i) at += ring_sizes_[item.rings_at + i];
    for (std::uint32_t i = 0; i < item.keypoints; ++i, at += 3) {
        points.points.insert(points.points.end(), {points_[at], points_[at + 1]});
        points.visible.push_back(static_cast<int>(points_[at + 2]));
    }
    return points;
}

Result<std::vector<Ring>> CocoTables::outline_of(const CocoItem& item) const {
    std::vector<Ring> rings;
    auto at = points_.begin() + static_cast<std::ptrdiff_t>(item.points_at);
    for (std::uint32_t i = 0; i < item.rings; ++i) {
        const auto n = static_cast<std::ptrdiff_t>(ring_sizes_[item.rings_at + i]);
        rings.emplace_back(at, at + n);
        at += n;
    }
    if (item.rle == 0) return rings;
    return rings_of(TRY(decode_mask(std::string_view(rles_).substr(item.rle_at, item.rle),
                                    item.mask_width, item.mask_height)));
}

}  // namespace countersign
