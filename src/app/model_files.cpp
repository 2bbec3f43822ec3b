#include "app/model_files.h"

#include <filesystem>

#include "base/text.h"
#include "models/onnx_drafter.h"

namespace countersign {

namespace {
constexpr std::string_view kept_by = "sha256:";
}

Result<ModelFile> keep_model_file(World& world, Id project, const std::string& name,
                                  const std::function<std::size_t(char*, std::size_t)>& read) {
    if (!world.cache->project(world.db, world.clock, project))
        return Refusal{Code::not_found, "There is no project " + wire_id('p', project) + "."};
    const auto limit = static_cast<std::size_t>(most_model_file);
    std::string bytes;
    constexpr std::size_t piece = 1 << 18;
    for (std::size_t n = 1; n > 0;) {
        const auto had = bytes.size();
        bytes.resize(had + piece);
        n = read(bytes.data() + had, piece);
        bytes.resize(had + n);
        if (bytes.size() > limit)
            return Refusal{Code::too_large,
                           "A model file may have 256 MiB: put a larger one into the folder of "
                           "models on the server (--models)."};
    }
    const std::string called = repair_utf8(name);
    const auto facts = TRY(check_onnx(bytes, "\"" + called + "\""));
    ModelFile out;
    const auto kept = world.blobs.put(bytes);
    out.file = std::string(kept_by) + kept.sha256;
    out.name = called;
    out.bytes = kept.bytes;
    out.input = facts.inputs.front().shape;
    for (const auto& label : facts.names()) out.labels.push_back(repair_utf8(label));
    return out;
}

Result<PlacedModel> place_model(const World& world, const Model& model) {
    PlacedModel out{model.config, world.models_dir};
    if (model.kind != "onnx" || !model.config.is_object()) return out;
    const auto file = model.config.find("file");
    if (file == model.config.end() || !file->is_string()) return out;
    const auto& text = file->get_ref<const std::string&>();
    if (!text.starts_with(kept_by)) return out;
    const auto hash = text.substr(kept_by.size());
    const bool good = hash.size() == 64 && hash.find_first_not_of("0123456789abcdef") == hash.npos;
    const std::string path = good && world.blobs.has(hash) ? world.blobs.path(hash) : "";
    if (path.empty())
        return Refusal{Code::unavailable, "The uploaded file " + repair_utf8(text.substr(0, 20)) +
                                              "... is not kept here: upload it again."};
    out.dir = std::filesystem::path(path).parent_path().string();
    out.config["file"] = std::filesystem::path(path).filename().string();
    return out;
}

}  // namespace countersign
