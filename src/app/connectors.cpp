#include "app/connectors.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "app/label_studio_words.h"
#include "app/world.h"
#include "base/crypto.h"
#include "models/connector_parts.h"
#include "models/ensemble.h"
#include "store/connector_store.h"
#include "store/model_store.h"

namespace countersign {

namespace {

class StoredBook final : public SpendBook {
public:
    StoredBook(World& world, Id model) : world_(world), model_(model) {}
    Usage spent() override { return spent_by(world_, model_); }
    void add(const Usage& u) override {
        world_.db.write([&](Session& s) {
            add_spend(s, model_, {u.calls, u.tokens_in, u.tokens_out, u.micros});
        });
    }

private:
    World& world_;
    Id model_;
};

class StoredShelf final : public AnswerShelf {
public:
    StoredShelf(World& world, Id model) : world_(world), model_(model) {}
    std::optional<Reply> find(const std::string& key) override {
        const auto found = world_.db.read([&](Session& s) { return find_answer(s, model_, key); });
        if (!found) return std::nullopt;
        Reply reply;
        reply.status = found->status;
        reply.body = found->reply;
        return reply;
    }
    void keep(const std::string& key, const Reply& reply) override {
        world_.db.write([&](Session& s) {
            put_answer(s, model_, key, {reply.status, reply.body}, world_.clock.now());
        });
    }

private:
    World& world_;
    Id model_;
};

std::string file_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

constexpr std::size_t key_bytes = 32;

/// The key in that file, made when there is none; of two that make it at once, one wins.
std::string key_of_file(const std::string& path) {
    const auto fresh = path + "." + hex(random_bytes(8));
    if (::access(path.c_str(), F_OK) != 0) {
        const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file < 0) throw Breakdown("The key file " + path + " cannot be made.");
        const auto key = new_sealing_key();
        const bool written =
            ::write(file, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
            ::fsync(file) == 0;
        ::close(file);
        if (written) static_cast<void>(::link(fresh.c_str(), path.c_str()));
        ::unlink(fresh.c_str());
    }
    auto key = file_text(path);
    if (key.size() != key_bytes)
        throw Breakdown("The key file " + path +
                        " is not one: put the right one back, or delete it and set the models' "
                        "keys anew.");
    return key;
}

}  // namespace

namespace {

/// Drafts of the task that stand, by models that are on, without what they carried of others.
std::vector<MemberDraft> drafts_by_others(World& world, Id own, Id task) {
    std::vector<MemberDraft> out;
    world.db.read([&](Session& s) {
        for (auto& draft : drafts_of(s, task)) {
            const auto version =
                draft.current ? find_model_version(s, draft.model_version) : std::nullopt;
            if (!version || version->model == own) continue;
            const auto model = find_model(s, version->model);
            if (!model || !model->enabled) continue;
            std::erase_if(draft.regions, [](const Region& region) {
                return region.meta.is_object() && region.meta.contains("drafted_by");
            });
            out.push_back({wire_id('k', model->id), model->kind, std::move(draft.regions)});
        }
    });
    return out;
}

}  // namespace

Outside Connectors::outside(World& world, Id model) {
    Outside out;
    out.fetcher = world.fetcher;
    out.clock = &world.clock;
    out.pause = pause;
    out.state = states_.with([&](auto& states) {
        auto& state = states[model];
        if (!state) state = new_connector_state();
        return state;
    });
    out.book = std::make_shared<StoredBook>(world, model);
    out.shelf = std::make_shared<StoredShelf>(world, model);
    out.secret = [this, &world, model](std::string_view name) {
        return secret(world, model, name);
    };
    out.cassettes = world.data_dir + "/cassettes";
    out.programs = programs;
    out.label_studio = &label_studio_words();
    out.drafts = [&world, model](Id task) { return drafts_by_others(world, model, task); };
    out.seed = static_cast<std::uint64_t>(model);
    return out;
}

const std::string& Connectors::sealing_key(const std::string& data_dir) {
    return keys_.with([&](auto& keys) -> const std::string& {
        auto& key = keys[data_dir];
        if (key.empty()) key = key_of_file(data_dir + "/secret.key");
        return key;
    });
}

std::string Connectors::secret(World& world, Id model, std::string_view name) {
    const auto all = world.db.read([&](Session& s) { return countersign::secrets_of(s, model); });
    for (const auto& row : all)
        if (row.name == name)
            return unseal(row.sealed, sealing_key(world.data_dir)).value_or(std::string());
    return {};
}

void Connectors::fresh_start(Id model) {
    states_.with([&](auto& states) {
        const auto at = states.find(model);
        if (at == states.end()) return;
        std::scoped_lock hold(at->second->mutex);
        at->second->breaker.succeeded();
        at->second->noted.clear();
    });
}

Result<> Connectors::set_secret(World& world, Id model, const std::string& name,
                                const std::string& value) {
    constexpr std::size_t longest = 4096, shown = 4;
    if (value.empty() || value.size() > longest)
        return Refusal{Code::invalid, "A model's \"" + name + "\" has 1 to 4,096 bytes."};
    for (const char c : value)
        if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f)
            return Refusal{Code::invalid, "A model's \"" + name +
                                              "\" is made of visible ASCII characters: look for a "
                                              "blank or a line end that was copied with it."};
    SealedSecret row;
    row.name = name;
    row.sealed = seal(value, sealing_key(world.data_dir));
    // Of a short one four characters would say too much.
    row.tail = value.size() >= 3 * shown ? value.substr(value.size() - shown) : std::string();
    row.changed = world.clock.now();
    world.db.write([&](Session& s) { put_secret(s, model, row); });
    fresh_start(model);
    return Done{};
}

bool Connectors::remove_secret(World& world, Id model, const std::string& name) {
    fresh_start(model);
    return world.db.write([&](Session& s) { return delete_secret(s, model, name); });
}

std::vector<SecretView> secrets_of(World& world, Id model) {
    std::vector<SecretView> out;
    for (const auto& row :
         world.db.read([&](Session& s) { return countersign::secrets_of(s, model); }))
        out.push_back({row.name, row.tail, row.changed});
    return out;
}

Usage spent_by(World& world, Id model) {
    const auto spent = world.db.read([&](Session& s) { return spend_of(s, model); });
    return {spent.calls, spent.tokens_in, spent.tokens_out, spent.micros};
}

}  // namespace countersign
