#include "models/inference_reply.h"

#include <algorithm>

#include "base/text.h"

namespace countersign {

namespace {

constexpr std::size_t most_outputs = 64, most_dimensions = 8, most_numbers = 64 << 20;

Refusal not_spoken(const std::string& why) {
    return {Code::unsupported, "The server does not speak the Open Inference Protocol v2: " + why +
                                   ". Look at the model's base URL."};
}

std::string text_at(const Json& from, const char* name) {
    const auto found = from.find(name);
    return found != from.end() && found->is_string() ? repair_utf8(found->get<std::string>())
                                                     : std::string();
}

Result<InferenceValue> value_of(const Json& from) {
    if (!from.is_object()) return not_spoken("a tensor is no object");
    InferenceValue out{text_at(from, "name"), text_at(from, "datatype"), {}};
    const auto shape = from.find("shape");
    if (out.name.empty() || shape == from.end() || !shape->is_array() ||
        shape->size() > most_dimensions)
        return not_spoken("a tensor has no name or no shape");
    for (const auto& size : *shape)
        out.shape.push_back(
            size.is_number_integer() ? std::max<std::int64_t>(-1, size.get<std::int64_t>()) : -1);
    return out;
}

/// Flat or nested lists, in order.
bool flatten(const Json& list, std::size_t depth, std::vector<float>& out) {
    if (depth > most_dimensions || out.size() > most_numbers) return false;
    for (const auto& one : list) {
        if (one.is_number())
            out.push_back(one.get<float>());
        else if (one.is_boolean())
            out.push_back(one.get<bool>() ? 1 : 0);
        else if (!one.is_array() || !flatten(one, depth + 1, out))
            return false;
    }
    return true;
}

Result<Tensor> tensor_of(const Json& from) {
    const auto value = TRY(value_of(from));
    const auto data = from.find("data");
    Tensor out{value.name, value.shape, {}};
    if (value.datatype == "BYTES" || data == from.end() || !data->is_array() ||
        !flatten(*data, 0, out.values))
        return Refusal{Code::unsupported,
                       "The output \"" + value.name + "\" holds no list of numbers."};
    if (!out.is_whole())
        return Refusal{Code::unsupported, "The output " + described(out) + " came with " +
                                              std::to_string(out.values.size()) + " numbers."};
    return out;
}

}  // namespace

Result<InferenceModel> inference_model(const Json& reply) {
    if (!reply.is_object()) return not_spoken("what it says of the model is no object");
    InferenceModel out;
    out.name = text_at(reply, "name");
    out.platform = text_at(reply, "platform");
    if (const auto versions = reply.find("versions"); versions != reply.end() &&
                                                      versions->is_array() && !versions->empty() &&
                                                      versions->back().is_string())
        out.version = repair_utf8(versions->back().get<std::string>());
    for (auto [name, into] :
         {std::pair{"inputs", &out.inputs}, std::pair{"outputs", &out.outputs}}) {
        const auto list = reply.find(name);
        if (list == reply.end() || !list->is_array() || list->empty() ||
            list->size() > most_outputs)
            return not_spoken(std::string("what it says of the model has no ") + name);
        for (const auto& one : *list) into->push_back(TRY(value_of(one)));
    }
    return out;
}

Result<std::vector<Tensor>> inference_outputs(const Json& reply,
                                              const std::vector<std::string>& wanted) {
    const auto list = reply.is_object() ? reply.find("outputs") : reply.end();
    if (!reply.is_object() || list == reply.end() || !list->is_array() || list->empty() ||
        list->size() > most_outputs)
        return not_spoken("its answer has no outputs");
    std::vector<Tensor> all;
    for (const auto& one : *list) all.push_back(TRY(tensor_of(one)));
    if (wanted.empty()) return all;
    std::vector<Tensor> out;
    for (const auto& name : wanted) {
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const Tensor& tensor) { return tensor.name == name; });
        if (found == all.end())
            return Refusal{Code::unsupported, "The answer has no output \"" + name + "\"."};
        out.push_back(*found);
    }
    return out;
}

}  // namespace countersign
