#include "core/task.h"

namespace countersign {

std::string item_text(const Task& task, std::string_view source) {
    const auto data = parse_json(task.data);
    if (!data || !data->is_object()) return {};
    const auto found = data->find(std::string(source));
    return found != data->end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace countersign
