// `countersign diff` and `countersign split`, on files alone.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "formats/format.h"
#include "quality/dataset_diff.h"

namespace countersign {

/// All items of files with their own labels: what two of them are compared by.
struct LabelledItems {
    std::string from;
    std::int64_t rejected = 0;
    struct Item {
        std::string name, where, text;
        Regions labels;
    };
    std::map<std::string, Item> items;  ///< By name without folder and extension, else by text.
};
struct LabelledFiles {
    std::vector<std::string> paths;
    std::string from;    ///< Format; empty: recognised.
    std::string images;  ///< A folder with the images that the files name.
    std::string person;  ///< Only this one's answers; empty: the last one of each item.
};
Result<LabelledItems> read_labelled(const LabelledFiles& files);

struct DiffReport {
    std::vector<std::string> added, removed;  ///< Items on one side only.
    struct Changed {
        std::string item, where;
        std::vector<std::string> changes;  ///< In words.
    };
    std::vector<Changed> changed;
    DatasetDiff diff;
};
DiffReport diff_of(const LabelledItems& before, const LabelledItems& after, double least_iou);

struct SplitRequest {
    LabelledFiles files;
    std::vector<std::pair<std::string, double>> parts;  ///< Name and share.
    std::string group;  ///< A member of data or meta: items with the same value stay together.
    double near_duplicate = 0.8;  ///< Similarity from which items stay together; above 1: none do.
    std::uint64_t seed = 1;
};
struct SplitReport {
    std::string from, extension;
    struct Item {
        std::string name;
        std::uint32_t part = 0;
    };
    std::vector<Item> items;                                 ///< In the files' order.
    std::map<std::string, std::vector<std::size_t>> labels;  ///< How often each part has each.
    std::vector<std::size_t> sizes;
    std::size_t joined = 0;  ///< Items that stay with another one.
};
/// `put` unless null takes the bytes of each part's file, in the format the files came in.
Result<SplitReport> split_files(
    const SplitRequest& request,
    const std::function<void(std::uint32_t part, const std::string& bytes)>& put);

}  // namespace countersign
