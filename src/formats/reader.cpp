#include "formats/reader.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/url.h"
#include "formats/shapes.h"

namespace countersign {

std::string_view base_name(std::string_view path) {
    const auto slash = path.find_last_of("/\\");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}
std::string_view stem(std::string_view path) {
    const auto base = base_name(path);
    const auto dot = base.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? base : base.substr(0, dot);
}
std::string extension(std::string_view path) {
    const auto base = base_name(path);
    const auto dot = base.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? std::string()
                                                     : lower_ascii(base.substr(dot + 1));
}
bool is_image_name(std::string_view path) {
    const auto ext = extension(path);
    return ext == "jpg" || ext == "jpeg" || ext == "png" || ext == "webp";
}
std::span<const std::string_view> sound_extensions() {
    static constexpr std::string_view rows[] = {
        "wav", "mp3", "flac", "m4a",  "ogg", "opus", "webm", "aac", "oga",  "wave", "mp4", "mka",
        "mkv", "mov", "m4v",  "aiff", "aif", "wma",  "amr",  "3gp", "aifc", "caf",  "au",  "avi"};
    return rows;
}
bool is_sound_name(std::string_view path) {
    const auto known = sound_extensions();
    return std::find(known.begin(), known.end(), extension(path)) != known.end();
}
std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string out = "\"" + repair_utf8(text.substr(0, longest));
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return out + (text.size() > longest ? "...\"" : "\"");
}

EntryBook::EntryBook(const Source& source)
    : entries_(source.entries()), used_(entries_.size(), false) {
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        const bool sound = is_sound_name(entries_[i].name);
        if (!sound && !is_image_name(entries_[i].name)) continue;
        (sound ? sound_by_base_ : by_base_)[base_name(entries_[i].name)].push_back(i);
        (sound ? sound_by_stem_ : by_stem_)[stem(entries_[i].name)].push_back(i);
    }
}

const SourceEntry* EntryBook::image(std::string_view name) const {
    return named(by_base_, name);
}

const SourceEntry* EntryBook::named(const Index& by_base, std::string_view name) const {
    const auto found = by_base.find(base_name(name));
    if (found == by_base.end()) return nullptr;
    const SourceEntry* ends_so = nullptr;
    int endings = 0;
    for (const auto i : found->second) {
        const auto& e = entries_[i];
        if (e.name == name) return &e;
        if (e.name.size() > name.size() && e.name.ends_with(name) &&
            e.name[e.name.size() - name.size() - 1] == '/')
            ends_so = &e, ++endings;
    }
    if (endings == 1) return ends_so;
    return found->second.size() == 1 ? &entries_[found->second.front()] : nullptr;
}

const SourceEntry* EntryBook::image_by_stem(std::string_view name, std::string_view near) const {
    const auto found = by_stem_.find(stem(name));
    if (found == by_stem_.end()) return nullptr;
    const SourceEntry* best = nullptr;
    std::size_t best_alike = 0;
    for (const auto i : found->second) {
        // "labels/val/a.txt" belongs to "images/val/a.jpg": compare the paths from their ends.
        const std::string_view a = entries_[i].name;
        const auto folder_a = a.substr(0, a.size() - base_name(a).size());
        const auto folder_b = near.substr(0, near.size() - base_name(near).size());
        std::size_t alike = 1;
        while (alike <= std::min(folder_a.size(), folder_b.size()) &&
               folder_a[folder_a.size() - alike] == folder_b[folder_b.size() - alike])
            ++alike;
        if (alike > best_alike) best = &entries_[i], best_alike = alike;
    }
    return best;
}

const SourceEntry* EntryBook::sound(std::string_view name) const {
    if (const auto* exact = named(sound_by_base_, name)) return exact;
    // A name may hold dots of its own: "meeting.Mix-Headset".
    auto found = sound_by_stem_.find(base_name(name));
    if (found == sound_by_stem_.end() && is_sound_name(name))
        found = sound_by_stem_.find(stem(name));
    return found == sound_by_stem_.end() || found->second.size() != 1
               ? nullptr
               : &entries_[found->second.front()];
}

std::string EntryBook::key_of(const SourceEntry& entry) const {
    const auto& by_base = is_sound_name(entry.name) ? sound_by_base_ : by_base_;
    const auto found = by_base.find(base_name(entry.name));
    const bool alone = found == by_base.end() || found->second.size() == 1;
    return alone ? std::string(base_name(entry.name)) : entry.name;
}

void EntryBook::use(const SourceEntry& entry) {
    used_[static_cast<std::size_t>(&entry - entries_.data())] = true;
}

const SourceEntry* EntryBook::next_unused() {
    while (next_ < entries_.size() && used_[next_]) ++next_;
    return next_ < entries_.size() ? &entries_[next_++] : nullptr;
}

LabelFinder::Found LabelFinder::find(ControlKind kind, std::string_view name) {
    auto& memo = memo_[kind];
    auto& slot = memo[std::string(name)];
    if (!slot) {
        slot = std::make_unique<Memo>();
        if (!schema_) *slot = {std::string(name), std::string(name_of(kind)), std::string(name)};
        if (schema_)
            for (const auto& control : schema_->controls)
                if (const auto* label =
                        control.kind == kind ? Schema::find_label(control, name) : nullptr) {
                    *slot = {std::string(name), control.name, label->name};
                    break;
                }
    }
    return {slot->control, slot->label};
}

bool LabelFinder::has(ControlKind kind) const {
    return !schema_ || std::any_of(schema_->controls.begin(), schema_->controls.end(),
                                   [&](const Control& c) { return c.kind == kind; });
}

void Mends::say(std::string text) {
    constexpr std::size_t most = 4;
    if (std::find(said_.begin(), said_.end(), text) != said_.end()) return;
    if (said_.size() < most)
        said_.push_back(std::move(text));
    else
        ++more_;
}

void Mends::apply(ImportedRow& row) const {
    if (said_.empty() || row.outcome == RowOutcome::rejected) return;
    row.outcome = RowOutcome::repaired;
    std::string text;
    if (left_out_ > 0)
        text = std::to_string(left_out_) +
               (left_out_ == 1 ? " label left out: " : " labels left out: ");
    for (const auto& s : said_) text += (&s == said_.data() ? "" : "; ") + s;
    if (more_ > 0) text += "; and " + std::to_string(more_) + " more";
    row.reason += (row.reason.empty() ? "" : "; ") + text + ".";
}

void settle_ids(Regions& regions) {
    std::unordered_set<std::string> taken;
    std::unordered_map<std::string, std::string> renamed;
    for (const bool drawn : {true, false})
        for (auto& r : regions) {
            if (facts_of(r.kind).drawn != drawn) continue;
            if (!r.id.empty() && r.id.size() <= 64 && taken.insert(r.id).second) continue;
            const std::string old = r.id;
            const std::string base = old.empty() || old.size() > 64 ? "r" : old + "-";
            std::size_t n = old.empty() ? taken.size() + 1 : 2;
            while (!taken.insert(base + std::to_string(n)).second) ++n;
            r.id = base + std::to_string(n);
            if (drawn && !old.empty()) renamed.emplace(old, r.id);
        }
    if (renamed.empty()) return;
    for (auto& r : regions)
        for (auto* id : {&r.parent, &r.from, &r.to})
            if (const auto found = renamed.find(*id); found != renamed.end() && !taken.count(*id))
                *id = found->second;
}

namespace {

/// Why the schema cannot hold the region; empty when it can.
std::string fault_of_labels(const Region& r, const Schema& schema) {
    const auto* control = schema.control(r.control);
    if (!control) return "the schema has no control " + in_quotes(r.control);
    if (control->kind != r.kind)
        return "control " + in_quotes(r.control) + " takes " + std::string(name_of(control->kind)) +
               ", not " + std::string(name_of(r.kind));
    for (const auto& label : r.labels)
        if (std::none_of(control->labels.begin(), control->labels.end(),
                         [&](const Label& l) { return l.name == label; }))
            return in_quotes(label) + " is not a label of control " + in_quotes(r.control) +
                   " (add it, or make it an alias)";
    if (facts_of(r.kind).labelled && r.labels.empty()) return "it has no label";
    return {};
}

std::string fault_of_box(Region& r, int width, int height, Mends& mends) {
    for (const double v : {r.x, r.y, r.width, r.height, r.rotation})
        if (!std::isfinite(v)) return "a box has a number that is not finite";
    if (!(r.width > 0 && r.height > 0)) return "a box has no area";
    if (width <= 0 || height <= 0) return {};
    if (r.rotation != 0) {
        const auto corners = corners_of(turned_box(r));
        const double x = (corners[0] + corners[4]) / 2, y = (corners[1] + corners[5]) / 2;
        return x < 0 || y < 0 || x > width || y > height
                   ? "a turned box has its middle outside the image"
                   : "";
    }
    constexpr double slack = 1;  // What core's check_regions cuts off itself.
    if (r.x >= width || r.y >= height || r.x + r.width <= 0 || r.y + r.height <= 0)
        return "a box lies outside the image";
    if (r.x >= -slack && r.y >= -slack && r.x + r.width <= width + slack &&
        r.y + r.height <= height + slack)
        return {};
    const double right = std::min<double>(r.x + r.width, width);
    const double bottom = std::min<double>(r.y + r.height, height);
    r.x = std::max(r.x, 0.0);
    r.y = std::max(r.y, 0.0);
    r.width = right - r.x;
    r.height = bottom - r.y;
    mends.mended("a box stuck out of the image and was cut to it");
    return {};
}

}  // namespace

void fit_regions(Regions& regions, const Schema* schema, int width, int height, Mends& mends) {
    std::unordered_set<std::string> gone;
    std::erase_if(regions, [&](Region& r) {
        auto fault = schema ? fault_of_labels(r, *schema) : std::string();
        if (fault.empty() && r.kind == ControlKind::boxes)
            fault = fault_of_box(r, width, height, mends);
        if (fault.empty() && (r.kind == ControlKind::polygons || r.kind == ControlKind::keypoints))
            fault = fault_of_points(r, width, height, mends);
        if (fault.empty()) return false;
        if (!r.id.empty()) gone.insert(r.id);
        mends.left_out(std::move(fault));
        return true;
    });
    if (gone.empty()) return;
    std::erase_if(regions, [&](const Region& r) {
        const bool orphan = gone.count(r.parent) || gone.count(r.from) || gone.count(r.to);
        if (orphan) mends.left_out("it is about a region that was left out");
        return orphan;
    });
}

EntriesReader::EntriesReader(std::shared_ptr<const Source> source, const ReadContext& context)
    : source_(std::move(source)), context_(context), book_(*source_), labels_(context.schema) {
    for (const auto& e : source_->entries()) bytes_total_ += std::max<std::int64_t>(e.bytes, 0);
}

std::string_view EntriesReader::source_key(Modality guess) const {
    if (context_.schema && !context_.schema->source.empty()) return context_.schema->source;
    return name_of(modality(guess));
}

void EntriesReader::tie_entry(ImportedRow& row, const SourceEntry& entry) {
    book_.use(entry);
    row.media = entry.name;
    if (row.key.empty()) row.key = book_.key_of(entry);
    if (row.data.empty()) {
        row.data = "{";
        append_json_string(
            row.data, source_key(is_sound_name(entry.name) ? Modality::audio : Modality::image));
        row.data += ':';
        append_json_string(row.data, book_.key_of(entry));
        row.data += '}';
    }
}

bool EntriesReader::is_fetched(std::string_view name) const {
    return context_.fetch_media && looks_like_url(name) && !book_.image(name) && !book_.sound(name);
}

void EntriesReader::tie_name(ImportedRow& row, std::string_view name, Modality kind) const {
    if (looks_like_url(name)) row.media_url = repair_utf8(name);
    const bool fetched = is_fetched(name);
    if (!fetched) row.media_ref = repair_utf8(base_name(name).empty() ? name : base_name(name));
    const auto& shown = fetched ? row.media_url : row.media_ref;
    if (row.key.empty()) row.key = shown;
    if (!row.data.empty()) return;
    row.data = "{";
    append_json_string(row.data, source_key(kind));
    row.data += ':';
    append_json_string(row.data, shown);
    row.data += '}';
}

void EntriesReader::tie_image(ImportedRow& row, std::string_view name) {
    if (const auto* entry = book_.image(name))
        tie_entry(row, *entry);
    else
        tie_name(row, name, Modality::image);
}

std::string EntriesReader::known_image(std::string_view bare, std::string_view usual) const {
    if (context_.image_size)
        for (const auto ext : {".jpg", ".jpeg", ".png", ".webp", ".JPG", ".JPEG", ".PNG"})
            if (auto name = std::string(bare) + ext; context_.image_size(name)) return name;
    return std::string(bare) + std::string(usual);
}

bool EntriesReader::know_size(ImportedRow& row) const {
    if (row.width > 0 && row.height > 0) return true;
    const auto& image = row.media.empty() ? row.media_ref : row.media;
    if (const auto size =
            context_.image_size && !image.empty() ? context_.image_size(image) : std::nullopt) {
        row.width = size->width;
        row.height = size->height;
    }
    return row.width > 0 && row.height > 0;
}

void EntriesReader::tie_sound(ImportedRow& row, std::string_view name) {
    if (const auto* entry = book_.sound(name))
        tie_entry(row, *entry);
    else
        tie_name(row, name, Modality::audio);
    if (row.seconds <= 0 && context_.sound_seconds && !(row.media.empty() && row.media_ref.empty()))
        if (const auto known =
                context_.sound_seconds(row.media.empty() ? row.media_ref : row.media))
            row.seconds = *known;
}

ImportedRow EntriesReader::rejected(std::string where, std::string reason) {
    ImportedRow row;
    row.where = std::move(where);
    row.outcome = RowOutcome::rejected;
    row.reason = std::move(reason);
    return row;
}

void EntriesReader::add_labels(ImportedRow& row, Regions regions) const {
    settle_ids(regions);
    const auto origin = context_.labels_are_drafts ? Origin::model : Origin::imported;
    for (auto& r : regions) r.origin = origin;
    if (context_.labels_are_drafts)
        row.drafts.push_back({"imported", std::move(regions), std::nullopt, 0});
    else
        row.annotations.push_back({{}, std::move(regions), false, 0, {}, false, 0});
}

void EntriesReader::add_scored(ImportedRow& row, Regions labels, Regions draft, bool is_labelled,
                               Mends& mends) const {
    fit(labels, row, mends);
    fit(draft, row, mends);
    if (is_labelled) add_labels(row, std::move(labels));
    if (draft.empty()) return;
    settle_ids(draft);
    double worst = 1;
    for (auto& r : draft) {
        r.origin = Origin::model;
        worst = std::min(worst, r.confidence.value_or(1));
    }
    row.drafts.push_back({"imported", std::move(draft), worst, 0});
}

std::optional<ImportedRow> EntriesReader::leftover() {
    if (const auto* entry = book_.next_unused()) {
        entry_done(*entry);
        const bool image =
            is_image_name(entry->name) && modality(Modality::image) == Modality::image;
        const bool sound =
            is_sound_name(entry->name) && modality(Modality::audio) == Modality::audio;
        if (image || sound) {
            ImportedRow row;
            row.where = entry->name;
            tie_entry(row, *entry);
            return row;
        }
        return rejected(entry->name,
                        in_quotes(entry->name) +
                            " is not a file that this format reads: leave it out, or import it "
                            "in its own format.");
    }
    const auto& left = source_->left_out();
    if (left_out_ == left.size()) return std::nullopt;
    const auto& l = left[left_out_++];
    return rejected(l.name, in_quotes(l.name) + " was not read: " + l.reason + ".");
}

Result<std::optional<ImportedRow>> EntriesReader::next() {
    std::optional<ImportedRow> row;
    if (!read_all_) {
        row = TRY(read());
        read_all_ = !row;
    }
    if (read_all_) row = leftover();
    if (row) row->row = ++row_;
    return row;
}

}  // namespace countersign
