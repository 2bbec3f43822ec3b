// ONNX files that people bring by the browser or the API: looked at before they are kept, and kept
// by their content beside pictures and recordings, so that backups hold them. A model's config
// names one as "sha256:...".
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/world.h"
#include "base/fields.h"
#include "core/model.h"

namespace countersign {

constexpr std::int64_t most_model_file = std::int64_t{256} << 20;

struct ModelFile {
    std::string file;
    std::string name;
    std::int64_t bytes = 0;
    std::vector<std::int64_t> input;
    std::vector<std::string> labels;
};
template <class V>
void fields(V& v, ModelFile& o) {
    v("file", o.file, "sha256:..., for \"file\" in the config of an onnx model");
    v("name", o.name, "as it was called");
    v("bytes", o.bytes, "size");
    v("input", o.input, "shape of its picture; -1: any size");
    v("labels", o.labels, "names of labels that the file notes; often none");
}

/// Refuses, saying why, a file that is too large, no ONNX, or no model for pictures. `read` fills a
/// buffer and returns bytes read, 0 at the end.
Result<ModelFile> keep_model_file(World& world, Id project, const std::string& name,
                                  const std::function<std::size_t(char*, std::size_t)>& read);

/// A model's config and the folder its files are in: for an ONNX file that was uploaded where it is
/// kept, else as they are. Refuses (unavailable) a file that is not kept here.
struct PlacedModel {
    Json config;
    std::string dir;
};
Result<PlacedModel> place_model(const World& world, const Model& model);

}  // namespace countersign
