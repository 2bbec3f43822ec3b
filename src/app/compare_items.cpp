#include "app/compare_items.h"

#include <algorithm>

#include "app/check_learned.h"
#include "models/embedder.h"
#include "store/embedding_store.h"

namespace countersign {

namespace {

/// Texts that are embedded while they are checked.
constexpr std::size_t most_embedded = 20'000;

class ItemComparison {
public:
    ItemComparison(JobContext& context, const Project& project, const Corpus& corpus,
                   const std::vector<Id>& tasks)
        : context_(context),
          project_(project),
          corpus_(corpus),
          tasks_(tasks),
          pictures_(project.schema.modality == Modality::image) {}

    Result<ComparedItems> run() {
        if (tasks_.size() < least_compared || project_.schema.modality == Modality::audio)
            return std::move(out_);
        const auto serving =
            context_.world().db.read([&](Session& s) { return serving_embedder(s, project_.id); });
        if (serving)
            TRY(compare_kept(*serving));
        else if (pictures_)
            leave_pictures();
        else
            TRY(embed_texts());
        return std::move(out_);
    }

private:
    void leave_out(const std::string& why) {
        out_.left_out = std::string(pictures_ ? "Pictures" : "Texts") +
                        " that are like no other were not looked for" + why;
    }

    Result<> compare_kept(const Embedder& embedder) {
        if (tasks_.size() > most_compared) {
            leave_out(" among " + std::to_string(tasks_.size()) + ".");
            return Done{};
        }
        const auto embedded = kept_embeddings(embedder);
        const auto by = embedder.features == "text" ? std::string("their words")
                                                    : "what " + embedder.features + " sees";
        out_.distances = TRY(distances_of(embedded, by, context_.stop()));
        return Done{};
    }

    /// Of the tasks that have one which says something, in their order.
    std::vector<EmbeddedItem> kept_embeddings(const Embedder& embedder) {
        constexpr int blocks = 64;
        std::vector<EmbeddedItem> out;
        std::vector<bool> is_made(tasks_.size());
        std::size_t made = 0;
        const auto take = [&](Id task, std::string_view embedding) {
            const auto at = std::lower_bound(tasks_.begin(), tasks_.end(), task);
            if (at == tasks_.end() || *at != task) return;
            const auto item = static_cast<std::size_t>(at - tasks_.begin());
            if (is_made[item]) return;
            is_made[item] = true;
            ++made;
            if (embedding.find_first_not_of('\0') != std::string_view::npos)
                out.push_back({static_cast<std::uint32_t>(item), std::string(embedding)});
        };
        for (Id after = 0;;) {
            after = context_.world().db.read([&](Session& s) {
                return embeddings_after(
                    s, embedder, after, blocks,
                    [&](std::span<const Id> tasks, std::string_view vectors) {
                        for (std::size_t i = 0; i < tasks.size(); ++i)
                            take(tasks[i], vectors.substr(i * embedder.dims, embedder.dims));
                    });
            });
            if (after == 0) break;
            context_.report();
        }
        if (made < tasks_.size()) {
            leave_out(" among " + std::to_string(tasks_.size() - made) +
                      " yet: they are being prepared, and then the project is checked again.");
            out_.wants_embeddings = true;
        }
        std::sort(out.begin(), out.end(),
                  [](const EmbeddedItem& a, const EmbeddedItem& b) { return a.item < b.item; });
        return out;
    }

    /// Nobody has prepared what they are compared by.
    void leave_pictures() {
        if (tasks_.size() > most_compared)
            return leave_out(" among " + std::to_string(tasks_.size()) + ".");
        if (const auto opened = ImageEmbedder::open(context_.world().models_dir, ""); !opened)
            return leave_out(": " + opened.refusal().message);
        out_.wants_embeddings = true;
        leave_out(" yet: they are being looked at, and then the project is checked again.");
    }

    Result<> embed_texts() {
        const auto items = corpus_.items();
        const auto texts = static_cast<std::size_t>(std::count_if(
            items.begin(), items.end(), [](const CorpusItem& item) { return item.is_text; }));
        if (texts < least_compared) return Done{};
        if (texts > most_embedded) {
            leave_out(" among " + std::to_string(texts) +
                      ": prepare the search for similar items, and they are.");
            return Done{};
        }
        auto distances = text_distances(corpus_, context_.stop());
        if (!distances && distances.refusal().code == Code::cancelled) return distances.refusal();
        if (distances)
            out_.distances = *std::move(distances);
        else
            leave_out(": " + distances.refusal().message);
        return Done{};
    }

    JobContext& context_;
    const Project& project_;
    const Corpus& corpus_;
    const std::vector<Id>& tasks_;
    bool pictures_;
    ComparedItems out_;
};

}  // namespace

Result<ComparedItems> compare_items(JobContext& context, const Project& project,
                                    const Corpus& corpus, const std::vector<Id>& tasks) {
    return ItemComparison(context, project, corpus, tasks).run();
}

}  // namespace countersign
