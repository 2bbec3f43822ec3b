#include "app/fetch_ahead.h"

#include <chrono>

#include "base/fetch.h"
#include "store/task_store.h"

namespace countersign {

namespace {

constexpr int most_tries = 3;

bool may_be_otherwise_later(int status) {
    return status == 408 || status == 429 || status >= 500;
}

}  // namespace

void take_medium(PreparedRow& prepared, const std::string& name, Result<KeptMedium> kept) {
    auto& row = prepared.row;
    if (!kept) {
        row.outcome = RowOutcome::rejected;
        row.reason = name + ": " + kept.refusal().message;
        return;
    }
    prepared.media = std::move(kept->media);
    if (kept->note.empty()) return;
    row.outcome = RowOutcome::repaired;
    row.reason += (row.reason.empty() ? "" : " ") + kept->note;
}

FetchAhead::FetchAhead(World& world, const Project& project, const Source& source,
                       std::stop_token stop)
    : world_(world),
      project_(project.id),
      kind_(media_kind(project.schema.modality)),
      source_(source),
      stop_(std::move(stop)) {}

FetchAhead::~FetchAhead() {
    {
        const std::scoped_lock hold(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
}

void FetchAhead::give(PreparedRow&& row) {
    auto waiting = std::make_unique<Waiting>();
    const bool by_url = !row.row.media_url.empty() && row.row.media_ref.empty();
    const bool by_entry = !row.row.media.empty() && source_.remote();
    waiting->ready = row.row.outcome == RowOutcome::rejected || !(by_url || by_entry);
    waiting->row = std::move(row);
    const bool to_fetch = !waiting->ready;
    {
        const std::scoped_lock hold(mutex_);
        rows_.push_back(std::move(waiting));
    }
    if (!to_fetch) return;
    if (threads_.size() < threads) threads_.emplace_back([this] { work(); });
    changed_.notify_all();
}

bool FetchAhead::full() {
    const std::scoped_lock hold(mutex_);
    return rows_.size() >= most_ahead;
}

std::optional<PreparedRow> FetchAhead::take(bool wait) {
    std::unique_lock hold(mutex_);
    if (rows_.empty()) return std::nullopt;
    if (wait && !changed_.wait(hold, stop_, [&] { return rows_.front()->ready; }))
        return std::nullopt;
    if (!rows_.front()->ready) return std::nullopt;
    const auto first = std::move(rows_.front());
    rows_.pop_front();
    if (first->breakdown) std::rethrow_exception(first->breakdown);
    return std::move(first->row);
}

void FetchAhead::work() {
    const auto mine = [&]() -> Waiting* {
        for (auto& row : rows_)
            if (!row->ready && !row->taken) return row.get();
        return nullptr;
    };
    std::unique_lock hold(mutex_);
    for (;;) {
        Waiting* row = nullptr;
        changed_.wait(hold, stop_, [&] { return ending_ || (row = mine()) != nullptr; });
        if (ending_ || stop_.stop_requested() || !row) return;
        row->taken = true;
        hold.unlock();
        try {
            fetch(row->row);
        } catch (...) {
            row->breakdown = std::current_exception();
        }
        hold.lock();
        row->ready = true;
        changed_.notify_all();
    }
}

/// A second import of the same list asks for what is missing only.
bool FetchAhead::known_already(PreparedRow& prepared) {
    const auto& row = prepared.row;
    const auto media = world_.db.read([&](Session& s) -> std::optional<Media> {
        const auto task = find_task_by_key(s, project_, row.key);
        if (!task || task->media == 0 || task->data != row.data) return std::nullopt;
        return find_media(s, task->media);
    });
    if (!media || !world_.blobs.has(media->sha256)) return false;
    prepared.media = *media;
    return true;
}

void FetchAhead::fetch(PreparedRow& prepared) {
    auto& row = prepared.row;
    if (known_already(prepared)) return;
    const auto refuse = [&](const Refusal& why) {
        row.outcome = RowOutcome::rejected;
        row.reason = why.message;
    };
    if (!row.media.empty()) {
        const auto read = source_.open(row.media);
        if (!read) return refuse(read.refusal());
        return take_medium(prepared, row.media, kind_.keep(world_, *read, stop_));
    }
    const auto bytes = bytes_at(row.media_url);
    if (!bytes) return refuse(bytes.refusal());
    const auto read = [left = std::string_view(*bytes)](char* into, std::size_t room) mutable {
        const auto n = left.copy(into, room);
        left.remove_prefix(n);
        return Result<std::size_t>(n);
    };
    take_medium(prepared, shown_url(row.media_url), kind_.keep(world_, read, stop_));
}

/// Half a second, two seconds; false when the import is ending.
bool FetchAhead::pause(int attempt) {
    std::unique_lock hold(mutex_);
    changed_.wait_for(hold, stop_, std::chrono::milliseconds(500 << (2 * attempt)),
                      [&] { return ending_.load(); });
    return !ending_ && !stop_.stop_requested();
}

Result<std::string> FetchAhead::bytes_at(const std::string& url) {
    FetchRequest request;
    request.url = url;
    request.headers = {{"Accept", std::string(kind_.accept)}};
    request.max_bytes = kind_.largest;
    request.cancelled = [this] { return ending_.load() || stop_.stop_requested(); };
    for (int attempt = 0;; ++attempt) {
        auto answer = world_.fetcher->fetch(request);
        if (answer && answer->good()) return std::move(answer->body);
        const bool again = answer ? may_be_otherwise_later(answer->status)
                                  : answer.refusal().code == Code::unavailable;
        if (again && attempt + 1 < most_tries && pause(attempt)) continue;
        const std::string tries =
            again && attempt > 0 ? " (tried " + std::to_string(attempt + 1) + " times)" : "";
        if (!answer) return Refusal{answer.refusal().code, answer.refusal().message + tries};
        return Refusal{Code::unavailable, "\"" + shown_url(url) + "\" answered " +
                                              std::to_string(answer->status) + tries +
                                              ": see that it can be fetched without signing in, "
                                              "and import the list again."};
    }
}

}  // namespace countersign
