#include "app/learned_probabilities.h"

#include "models/text_learner_training.h"

namespace countersign {

std::vector<std::uint32_t> learnable_items(const Corpus& corpus, std::uint32_t control) {
    std::vector<std::uint32_t> out;
    const auto& about = corpus.control(control);
    if (about.kind != ControlKind::choices || about.is_multiple) return out;
    for (std::uint32_t i = 0; i < corpus.items().size(); ++i) {
        const auto& item = corpus.items()[i];
        if (item.is_text && !item.text.empty() && corpus.given(item, control)) out.push_back(i);
    }
    return out;
}

Result<ClassProbabilities> learned_probabilities(const Corpus& corpus, std::uint32_t control,
                                                 std::vector<std::uint32_t> items,
                                                 const std::stop_token& stop) {
    constexpr std::uint64_t seed = 1;
    const auto& names = corpus.control(control).labels;
    std::vector<LabelledText> texts;
    texts.reserve(items.size());
    for (const auto i : items) {
        const auto& item = corpus.items()[i];
        auto& text = texts.emplace_back();
        text.text = item.text;
        text.label = names.name(*corpus.given(item, control));
    }
    Control asked;
    asked.name = corpus.control_name(control);
    ClassProbabilities out;
    for (std::uint32_t k = 0; k < names.size(); ++k) {
        asked.labels.push_back({names.name(k), {}, {}, {}, {}});
        out.classes.push_back(k);
    }
    out.rows = TRY(out_of_fold_probabilities(texts, asked, seed, stop));
    out.control = control;
    out.items = std::move(items);
    out.by = "a learner";
    return out;
}

}  // namespace countersign
