// CVAT XML 1.1, for images and for video, alone or in a zip with its images. An element an image is
// read at a time; the tracks of a video are gathered by frame, which needs the frames' images.
//
// CVAT turns a box about its centre, counts a mask's runs along its rows within its own box, and
// lets a skeleton name its points.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <pugixml.hpp>

#include "base/text.h"
#include "formats/shapes.h"
#include "formats/xml.h"

namespace countersign {

namespace {

std::optional<double> attribute_number(const pugi::xml_node& node, const char* name) {
    const std::string_view text = trim(node.attribute(name).value());
    double value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}
int whole_attribute(const pugi::xml_node& node, const char* name, int limit) {
    const double n = attribute_number(node, name).value_or(-1);
    return n >= 0 && n <= limit && n == std::floor(n) ? static_cast<int>(n) : -1;
}

/// Numbers with commas, semicolons or spaces between them; nothing when there is anything else.
std::optional<std::vector<double>> numbers_in(std::string_view text) {
    std::vector<double> numbers;
    const char *at = text.data(), *end = at + text.size();
    while (at < end) {
        if (*at == ',' || *at == ';' || *at == ' ' || *at == '\n' || *at == '\t') {
            ++at;
            continue;
        }
        double value;
        const auto [next, error] = std::from_chars(at, end, value);
        if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
        numbers.push_back(value);
        at = next;
    }
    return numbers;
}

/// The regions of one image while they are read.
struct CvatImage {
    Regions regions;
    Mends mends;
};

class CvatShapes {
public:
    CvatShapes(const Schema* schema, LabelFinder& labels) : shapes_(schema, labels) {}

    /// One shape of an image or a track. `label` is the track's, else the shape's own.
    void take(const pugi::xml_node& node, std::string_view label, CvatImage& image) {
        using Take = bool (CvatShapes::*)(const pugi::xml_node&, std::string_view, CvatImage&);
        static constexpr std::pair<std::string_view, Take> rows[] = {
            {"box", &CvatShapes::box},
            {"polygon", &CvatShapes::polygon},
            {"points", &CvatShapes::points},
            {"skeleton", &CvatShapes::skeleton},
            {"mask", &CvatShapes::mask},
            {"tag", &CvatShapes::tag},
            {"polyline", &CvatShapes::not_taken},
            {"cuboid", &CvatShapes::not_taken},
            {"ellipse", &CvatShapes::not_taken}};
        const auto row = std::find_if(std::begin(rows), std::end(rows),
                                      [&](const auto& r) { return r.first == node.name(); });
        if (row == std::end(rows)) return;
        const auto first = image.regions.size();
        if (!(this->*row->second)(node, label, image))
            image.mends.left_out("a " + std::string(row->first) + " of " + in_quotes(label) +
                                 " has numbers that cannot be read");
        for (auto i = first; i < image.regions.size(); ++i) {
            image.regions[i].id = "r" + std::to_string(i + 1);
            remember(node, image.regions[i]);
        }
        if (image.regions.size() > first) attributes(node, first, image);
    }

private:
    static void add(std::optional<Region> r, CvatImage& image) {
        if (r) image.regions.push_back(*std::move(r));
    }
    bool box(const pugi::xml_node& node, std::string_view label, CvatImage& image) {
        const auto left = attribute_number(node, "xtl"), top = attribute_number(node, "ytl");
        const auto right = attribute_number(node, "xbr"), bottom = attribute_number(node, "ybr");
        if (!left || !top || !right || !bottom) return false;
        const double turn = attribute_number(node, "rotation").value_or(0);
        auto taken = turned_about_top_left({*left, *top, *right - *left, *bottom - *top, turn});
        // Our own export says the box too, where the sides above do not give it to the last bit.
        if (const auto exact = numbers_in(node.attribute("countersign").value());
            exact && exact->size() == 5) {
            const auto& e = *exact;
            const TurnedBox ours{e[0], e[1], e[2], e[3], e[4]};
            if (alike(ours, taken, 1e-6)) taken = ours;
        }
        add(shapes_.box(label, taken, image.mends), image);
        return true;
    }
    bool polygon(const pugi::xml_node& node, std::string_view label, CvatImage& image) {
        auto ring = numbers_in(node.attribute("points").value());
        if (!ring || ring->empty()) return false;
        add(shapes_.outline(label, {*std::move(ring)}, image.mends), image);
        return true;
    }
    bool points(const pugi::xml_node& node, std::string_view label, CvatImage& image) {
        auto numbers = numbers_in(node.attribute("points").value());
        if (!numbers || numbers->empty() || numbers->size() % 2 != 0) return false;
        add(shapes_.points(label, {{}, *std::move(numbers), {}}, image.mends), image);
        return true;
    }
    bool skeleton(const pugi::xml_node& node, std::string_view label, CvatImage& image) {
        NamedPoints all;
        for (const auto point : node.children("points")) {
            const auto xy = numbers_in(point.attribute("points").value());
            if (!xy || xy->size() != 2) return false;
            all.names.emplace_back(point.attribute("label").value());
            all.points.insert(all.points.end(), xy->begin(), xy->end());
            all.visible.push_back(point.attribute("outside").as_bool()    ? 0
                                  : point.attribute("occluded").as_bool() ? 1
                                                                          : 2);
        }
        if (all.points.empty()) return false;
        add(shapes_.points(label, all, image.mends), image);
        return true;
    }
    bool mask(const pugi::xml_node& node, std::string_view label, CvatImage& image) {
        const int left = whole_attribute(node, "left", longest_mask_side);
        const int top = whole_attribute(node, "top", longest_mask_side);
        const int width = whole_attribute(node, "width", longest_mask_side);
        const int height = whole_attribute(node, "height", longest_mask_side);
        const auto runs = numbers_in(node.attribute("rle").value());
        if (left < 0 || top < 0 || width <= 0 || height <= 0 || !runs) return false;
        std::vector<std::uint32_t> counts;
        for (const double n : *runs) {
            if (!(n >= 0 && n <= 4294967295.0 && n == std::floor(n))) return false;
            counts.push_back(static_cast<std::uint32_t>(n));
        }
        // Along the rows: the mask of the image on its side.
        const auto on_its_side = mask_of(std::move(counts), height, width);
        if (!on_its_side) {
            image.mends.left_out(on_its_side.refusal().message);
            return true;
        }
        auto rings = rings_of(*on_its_side);
        for (auto& ring : rings)
            for (std::size_t i = 0; i < ring.size(); i += 2) {
                std::swap(ring[i], ring[i + 1]);
                ring[i] += left;
                ring[i + 1] += top;
            }
        if (rings.empty())
            image.mends.left_out("a mask of " + in_quotes(label) + " is empty");
        else
            add(shapes_.outline(label, std::move(rings), image.mends), image);
        return true;
    }
    bool tag(const pugi::xml_node& node, std::string_view label, CvatImage& image) {
        if (!shapes_.choose(label, image.regions))
            image.mends.left_out("the tag " + in_quotes(label) +
                                 " is no choice of the schema that is still free");
        for (const auto a : node.children("attribute"))
            image.mends.mended("attribute " + in_quotes(a.attribute("name").value()) +
                               " of a tag was left out");
        return true;
    }
    bool not_taken(const pugi::xml_node& node, std::string_view label, CvatImage& image) {
        image.mends.left_out("a " + std::string(node.name()) + " (" + in_quotes(label) +
                             ") is of no kind that can be drawn here");
        return true;
    }

    static void remember(const pugi::xml_node& node, Region& region) {
        if (region.kind == ControlKind::choices) return;
        for (const char* key : {"occluded", "z_order", "group_id"})
            if (const std::string_view value = node.attribute(key).value();
                !value.empty() && value != "0" && value.size() <= 20)
                region.meta[key] = std::string(value);
    }

    /// Attributes answer the control of their name about the region; without one they stay beside
    /// it.
    void attributes(const pugi::xml_node& node, std::size_t which, CvatImage& image) {
        if (image.regions[which].kind == ControlKind::choices) return;
        for (const auto a : node.children("attribute")) {
            const std::string_view name = a.attribute("name").value();
            const std::string value(trim(a.child_value()));
            const auto id = image.regions[which].id;
            if (auto answer = shapes_.answer(name, value, id)) {
                answer->id = "r" + std::to_string(image.regions.size() + 1);
                image.regions.push_back(*std::move(answer));
                continue;
            }
            image.regions[which].meta["attributes"][std::string(name)] = value;
            if (!value.empty())
                image.mends.mended("attribute " + in_quotes(name) +
                                   " is not asked by the schema, or not with this answer; it was "
                                   "kept beside the region");
        }
    }

    ShapeTaker shapes_;
};

class CvatReader final : public EntriesReader {
public:
    CvatReader(std::shared_ptr<const Source> source, const ReadContext& context)
        : EntriesReader(std::move(source), context), shapes_(context_.schema, labels_) {}

private:
    Result<std::optional<ImportedRow>> read() override {
        for (;;) {
            if (!cutter_ && !TRY(open_next())) return std::optional<ImportedRow>();
            if (auto row = TRY(next_of_file())) return row;
            cutter_.reset();
            entry_done(*entry_);
        }
    }

    Result<bool> open_next() {
        const auto& entries = source_->entries();
        while (at_ < entries.size() && extension(entries[at_].name) != "xml") {
            if (base_name(entries[at_].name) == "left-out.txt") book_.use(entries[at_]);
            ++at_;
        }
        if (at_ == entries.size()) return false;
        entry_ = &entries[at_++];
        book_.use(*entry_);
        cutter_.emplace(TRY(source_->open(entry_->name)),
                        std::vector<std::string_view>{"image", "track"});
        number_ = 0;
        return true;
    }

    /// The rows of the images, then those of the frames that tracks filled.
    Result<std::optional<ImportedRow>> next_of_file() {
        while (!tracked_) {
            const auto piece = cutter_->next();
            if (!piece)
                return Refusal{piece.refusal().code, entry_->name + ": " + piece.refusal().message};
            if (!*piece) {
                tracked_ = true;
                break;
            }
            if (auto row = take(**piece)) return row;
        }
        if (!frames_.empty()) return std::optional(frame_row());
        tracked_ = false;
        return std::optional<ImportedRow>();
    }

    std::optional<ImportedRow> take(const XmlPiece& piece) {
        const auto where = entry_->name + "#" + std::to_string(++number_);
        const auto refuse = [&](const std::string& why) {
            return rejected(where, where + ": " + why + ". Mend the file and import it again.");
        };
        if (xml_depth(piece.text) > deepest_xml)
            return refuse("its elements are nested deeper than 64");
        if (!is_utf8(piece.text)) return refuse("it is not UTF-8");
        pugi::xml_document document;
        const auto parsed = document.load_buffer(piece.text.data(), piece.text.size(),
                                                 pugi::parse_default, pugi::encoding_utf8);
        if (!parsed)
            return refuse("it is not valid XML (" + std::string(parsed.description()) + ")");
        const auto node = document.first_child();
        if (piece.name == "track") return take_track(node, where);
        const std::string_view name = node.attribute("name").value();
        if (base_name(name).empty()) return refuse("an <image> has no name");
        return row_of(name, node, where);
    }

    ImportedRow row_of(std::string_view name, const pugi::xml_node& node,
                       const std::string& where) {
        ImportedRow row;
        row.where = where;
        tie_image(row, name);
        row.width = std::max(0, whole_attribute(node, "width", 1'000'000));
        row.height = std::max(0, whole_attribute(node, "height", 1'000'000));
        CvatImage image;
        for (const auto shape : node.children())
            shapes_.take(shape, shape.attribute("label").value(), image);
        finish(row, std::move(image));
        return row;
    }

    /// CVAT does not mark images that a person found empty: one without shapes has no label.
    void finish(ImportedRow& row, CvatImage image) {
        know_size(row);
        fit(image.regions, row, image.mends);
        if (!image.regions.empty()) add_labels(row, std::move(image.regions));
        image.mends.apply(row);
    }

    /// A track's shapes go to the images of their frames; without images it cannot be taken.
    std::optional<ImportedRow> take_track(const pugi::xml_node& track, const std::string& where) {
        const std::string_view label = track.attribute("label").value();
        std::int64_t taken = 0, lost = 0;
        for (const auto shape : track.children()) {
            const int frame = whole_attribute(shape, "frame", 100'000'000);
            if (frame < 0 || shape.attribute("outside").as_bool()) continue;
            if (!frame_image(frame)) {
                ++lost;
                continue;
            }
            shapes_.take(shape, label, frames_[frame]);
            ++taken;
        }
        if (lost == 0) return std::nullopt;
        return rejected(
            where, where + ": " + std::to_string(lost) + " of " + std::to_string(lost + taken) +
                       " shapes of the track " + in_quotes(label) +
                       " lie on frames of a video whose images are not in the import. Export the "
                       "task from CVAT with its images.");
    }

    /// CVAT names the frames of a video frame_000017.PNG.
    const SourceEntry* frame_image(int frame) const {
        auto digits = std::to_string(frame);
        digits.insert(0, digits.size() < 6 ? 6 - digits.size() : 0, '0');
        return book_.image_by_stem("frame_" + digits + ".png", "images/");
    }

    ImportedRow frame_row() {
        auto [frame, image] = std::move(*frames_.begin());
        frames_.erase(frames_.begin());
        ImportedRow row;
        row.where = entry_->name + " frame " + std::to_string(frame);
        tie_entry(row, *frame_image(frame));
        finish(row, std::move(image));
        return row;
    }

    CvatShapes shapes_;
    std::optional<XmlCutter> cutter_;
    const SourceEntry* entry_ = nullptr;
    std::size_t at_ = 0;
    std::int64_t number_ = 0;
    bool tracked_ = false;
    std::map<int, CvatImage> frames_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> read_cvat(std::shared_ptr<const Source> source,
                                             const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<CvatReader>(std::move(source), context));
}

}  // namespace countersign
