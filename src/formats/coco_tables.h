// What COCO files hold, as tables: images, categories, and annotations sorted by image (about 100
// bytes each, and what their outlines need; masks stay as their runs until their row is made).
// Files may say annotations before images and categories, so each is read twice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "formats/json_dom.h"
#include "formats/pieces.h"
#include "formats/shapes.h"

namespace countersign {

struct CocoImage {
    std::int64_t id;
    std::string name;
    int width, height;
    bool labelled;  ///< Our own export says so of images that a person found empty.
};

struct CocoCategory {
    std::int64_t id;
    std::string name;
    std::vector<std::string> points;  ///< Names of its keypoints.
    bool odd_id;                      ///< Not its place from 1: worth keeping.
};

/// One annotation or result. The *_at are places in the tables' vectors.
struct CocoItem {
    std::uint32_t image, category;  ///< Indexes into images, categories.
    TurnedBox box;                  ///< Without area: the file has none.
    double score;                   ///< Below 0: a label, not a draft.
    std::uint64_t points_at = 0;    ///< Of the rings' corners, then x, y, v a keypoint.
    std::uint64_t rings_at = 0, rle_at = 0;
    std::uint32_t rings = 0, keypoints = 0, rle = 0;  ///< Rings, keypoints, bytes of runs.
    int mask_width = 0, mask_height = 0;
    std::optional<ControlKind> kind;  ///< Our own export says which it was.
    bool crowd = false;
};

/// What is to be said of an image's row.
struct CocoFault {
    std::uint32_t image;
    std::string why;
    bool left_out;  ///< Else something was mended.
};

class CocoTables {
public:
    explicit CocoTables(const Source& source) : source_(source) {}

    /// Images and categories of one file.
    Result<> read(std::string_view name);
    /// Its annotations, after read() of the same file; or those of a results list, which may mean
    /// the ids of `any_file`.
    Result<> read_items(std::string_view name, bool any_file);
    void begin_file() { file_ = {}; }
    void sort();

    NamedPoints keypoints_of(const CocoItem& item) const;
    /// Outlines, or those of its mask; a refusal says what is wrong with the mask.
    Result<std::vector<Ring>> outline_of(const CocoItem& item) const;

    std::vector<CocoImage> images;
    std::vector<CocoCategory> categories;
    std::vector<CocoItem> items;
    std::vector<CocoFault> faults;
    std::vector<std::pair<std::string, std::string>>
        strays;  ///< Where and why, for what belongs to no image.
    std::int64_t more_strays = 0;

private:
    template <class Use>
    Result<> walk(std::string_view name, Use&& use);
    void take_image(Dom value);
    void take_category(Dom value);
    void take_item(Dom value, const std::string& where);
    bool take_box(Dom value, CocoItem& item);
    void take_segmentation(Dom value, CocoItem& item);
    void take_rings(simdjson::dom::array rings, CocoItem& item);
    void take_mask(Dom mask, CocoItem& item);
    void take_keypoints(Dom value, CocoItem& item);
    void take_ours(Dom value, CocoItem& item);
    bool take_ring(Dom value);
    void stray(std::string where, std::string why);
    void say(const CocoItem& item, std::string why, bool left_out = false) {
        faults.push_back({item.image, std::move(why), left_out});
    }

    const Source& source_;
    JsonParser parser_;
    std::vector<double> points_;
    std::vector<std::uint32_t> ring_sizes_;
    std::string rles_;
    struct Ids {
        std::unordered_map<std::int64_t, std::uint32_t> image, category;  ///< Id to index.
    };
    Ids file_, all_;
    const Ids* ids_ = &file_;
    std::uint32_t category_of_file_ = 0;
};

}  // namespace countersign
