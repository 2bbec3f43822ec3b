// Room: models
// How good are the drafts of every model that is part of the program, on real items with known
// answers, asked as the server asks: how many are right, whether their probabilities can be
// believed (expected calibration error with its 95 % interval), how many are grounded in their
// item, and how many items a processor second drafts. Connectors are asked through the stand-ins of
// the tests: their answers say nothing, but what is made of an answer is grounded or not, and takes
// its time.
//
//     bench_draft_quality_models PROMPTS PAGES STAMPS [full] [NAME]
//
// PROMPTS from bench/speech/prompts.py, PAGES from bench/ocr/pages.mjs, STAMPS the folder of
// tuxpaint-stamps-default; sets from COUNTERSIGN_DATA, weights from COUNTERSIGN_MODELS. A folder
// that is not there is a figure that is short. NAME: one exam only.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "../../tests/standin.h"
#include "../figure_line.h"
#include "../speech/der.h"
#include "../speech/sound_file.h"
#include "base/rng.h"
#include "base/text.h"
#include "models/anthropic.h"
#include "models/coco80.h"
#include "models/connector.h"
#include "models/face_drafter.h"
#include "models/grounding.h"
#include "models/nanodet_drafter.h"
#include "models/open_inference.h"
#include "models/openai_chat.h"
#include "models/picture_learner.h"
#include "models/program_drafter.h"
#include "models/span_learner.h"
#include "models/speaker_drafter.h"
#include "models/text_learner.h"
#include "models/text_reader_drafter.h"
#include "models/transcriber.h"
#include "models/transcription.h"
#include "models/word_model.h"
#include "quality/scores.h"

namespace {

using namespace countersign;
using namespace countersign::bench;
namespace fs = std::filesystem;

struct Item {
    std::string text, file;  ///< One of them; a file is a picture or a WAV.
    Regions truth;
};

/// Drafts and whether each is right.
struct Judged {
    std::vector<double> probability;
    std::vector<std::uint8_t> right;
    double hits = 0, drafted = 0, present = 0;  ///< Of what the set's measure counts.

    void add(std::optional<double> claimed, bool hit) {
        if (!claimed) return;
        probability.push_back(*claimed);
        right.push_back(hit);
    }
    double f1() const { return 2 * hits / std::max(1.0, drafted + present); }
    double recall() const { return hits / std::max(1.0, present); }
};
using Judge = void (*)(const Item& item, const Regions& drafted, Judged& judged);

struct Exam {
    std::string name;
    ModelKind kind;
    Schema schema;
    Json config;  ///< Over what the kind guesses; null: that alone.
    std::vector<Item> reviewed, asked;
    Judge judge = nullptr;  ///< Null: answers are not judged.
    const char* measure = "f1";
    std::optional<double> target = {}, most_ece = {};
    const Outside* outside = nullptr;
};

std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

double seconds_used() {
    double sum = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage used{};
        getrusage(who, &used);
        for (const auto& t : {used.ru_utime, used.ru_stime})
            sum += static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    }
    return sum;
}

double seconds_passed() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

Schema schema_of(Modality modality, ControlKind kind, const std::set<std::string>& labels) {
    Control control;
    control.name = "what";
    control.kind = kind;
    for (const auto& label : labels) control.labels.push_back({label, {}, {}, {}, {}});
    Schema schema{modality, std::string(), {control}};
    auto checked = check_schema(schema);
    return checked ? *checked : schema;
}

Region region_of(ControlKind kind, const std::string& label) {
    Region region;
    region.control = "what";
    region.kind = kind;
    region.labels = {label};
    return region;
}

template <class T>
void shuffle(std::vector<T>& items, std::uint64_t seed) {
    Rng rng(seed);
    for (std::size_t i = items.size(); i > 1; --i)
        std::swap(items[i - 1], items[rng.below(static_cast<std::uint32_t>(i))]);
}

template <class T>
void keep(std::vector<T>& items, std::size_t most) {
    if (items.size() > most) items.resize(most);
}

// What is right.

void same_label(const Item& item, const Regions& drafted, Judged& judged) {
    ++judged.present;
    for (const auto& region : drafted) {
        const bool hit = region.labels == item.truth[0].labels;
        judged.hits += hit;
        ++judged.drafted;
        judged.add(region.probability, hit);
    }
}

void same_span(const Item& item, const Regions& drafted, Judged& judged) {
    judged.present += static_cast<double>(item.truth.size());
    for (const auto& region : drafted) {
        const bool hit =
            std::any_of(item.truth.begin(), item.truth.end(), [&](const Region& truth) {
                return truth.start == region.start && truth.end == region.end &&
                       truth.labels == region.labels;
            });
        judged.hits += hit;
        ++judged.drafted;
        judged.add(region.probability, hit);
    }
}

/// COCO's: the surest first, each object once, IoU 0.5.
void same_box(const Item& item, const Regions& drafted, Judged& judged) {
    judged.present += static_cast<double>(item.truth.size());
    auto order = drafted;
    std::stable_sort(order.begin(), order.end(), [](const Region& a, const Region& b) {
        return a.probability.value_or(0) > b.probability.value_or(0);
    });
    std::vector<bool> taken(item.truth.size());
    for (const auto& region : order) {
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < taken.size(); ++i)
            if (!taken[i] && item.truth[i].labels == region.labels &&
                iou(item.truth[i], region) >= (best ? iou(item.truth[*best], region) : 0.5))
                best = i;
        if (best) taken[*best] = true;
        judged.add(region.probability, best.has_value());
        // F1 is of what people are shown.
        if (region.probability.value_or(1) < 0.5) continue;
        judged.hits += best.has_value();
        ++judged.drafted;
    }
}

/// Lines by their places, read without a wrong character.
void same_line(const Item& item, const Regions& drafted, Judged& judged) {
    judged.present += static_cast<double>(item.truth.size());
    const auto middle = [](const Region& r) {
        const auto e = extent(r);
        return std::pair((e.left + e.right) / 2, (e.top + e.bottom) / 2);
    };
    std::map<std::string, const Region*> places;
    for (const auto& region : drafted)
        if (region.kind == ControlKind::polygons) places[region.id] = &region;
    for (const auto& text : drafted) {
        const auto place = places.find(text.parent);
        if (text.kind != ControlKind::text || place == places.end()) continue;
        const auto [x, y] = middle(*place->second);
        const auto nearest = std::min_element(
            item.truth.begin(), item.truth.end(), [&, x = x, y = y](const auto& a, const auto& b) {
                const auto [ax, ay] = middle(a);
                const auto [bx, by] = middle(b);
                return std::hypot(ax - x, ay - y) < std::hypot(bx - x, by - y);
            });
        const bool hit = nearest != item.truth.end() && nearest->text == text.text;
        judged.hits += hit;
        ++judged.drafted;
        // Without a map of the project's own a reader claims no probability but a confidence.
        judged.add(text.probability ? text.probability : text.confidence, hit);
    }
}

void same_words(const Item& item, const Regions& drafted, Judged& judged) {
    const auto said = spoken_words(item.truth[0].text);
    std::vector<std::string> heard;
    std::vector<std::optional<double>> claimed;
    for (const auto& region : drafted)
        for (const auto& word : region.words) {
            heard.push_back(word.text);
            claimed.push_back(word.confidence);
        }
    const auto wrong = word_errors(said, heard);
    judged.present += static_cast<double>(said.size());
    judged.hits += static_cast<double>(said.size()) - static_cast<double>(wrong.errors);
    for (std::size_t i = 0; i < heard.size(); ++i) judged.add(claimed[i], wrong.right[i] != 0);
}

/// One less the diarization error rate; a turn is right when most of it is its speaker's.
void same_turns(const Item& item, const Regions& drafted, Judged& judged) {
    std::vector<Turn> truth, found;
    for (const auto& r : item.truth) truth.push_back({r.start, r.end, r.labels[0]});
    for (const auto& r : drafted) found.push_back({r.start, r.end, r.labels[0]});
    const auto pieces = pieces_of(truth, found, {}, 0);
    const auto map = best_map(pieces);
    const auto error = error_time(truth, found, {}, 0);
    judged.present += error.total;
    judged.hits += error.total * (1 - error.rate());
    std::map<std::string, int> found_numbers, true_numbers;
    for (const auto& turn : found)
        found_numbers.emplace(turn.speaker, static_cast<int>(found_numbers.size()));
    for (const auto& turn : truth)
        true_numbers.emplace(turn.speaker, static_cast<int>(true_numbers.size()));
    for (const auto& region : drafted) {
        const auto number = static_cast<std::size_t>(found_numbers.at(region.labels[0]));
        double own = 0;
        for (const auto& turn : truth)
            if (number < map.size() && true_numbers.at(turn.speaker) == map[number])
                own += std::max(
                    0.0, std::min(turn.end, region.end) - std::max(turn.start, region.start));
        judged.add(region.probability, own > (region.end - region.start) / 2);
    }
}

// The exam.

struct Opened {
    Image image;
    Sound sound;
    std::string bytes;
};

Opened opened(const Item& item, Modality modality) {
    Opened out;
    if (modality == Modality::image) {
        if (auto image = decode_image(bytes_of(item.file))) out.image = *std::move(image);
    } else if (modality == Modality::audio) {
        out.bytes = bytes_of(item.file);
        if (auto sound = wav_file(item.file)) out.sound = *std::move(sound);
    }
    return out;
}

void take(const Exam& exam, const std::string& models) {
    const auto at = "drafts_" + exam.name + "_";
    const auto fails = [&](const Refusal& why) {
        std::printf("# %s: %s\n", exam.name.c_str(), why.message.c_str());
        line(at + "ran", 0, "bool", 1);
    };
    if (exam.asked.empty()) return fails({Code::not_found, "its set is not there"});
    Json config = Json::object();
    if (const auto guessed = exam.kind.guess(exam.schema)) config = *guessed;
    if (exam.config.is_object()) config.update(exam.config);
    OpenAsk open{exam.schema, config, models};
    open.outside = exam.outside;
    std::string state;
    if (exam.kind.learns() && !exam.reviewed.empty()) {
        std::size_t next = 0;
        const NextItem items = [&]() -> std::optional<LabelledItem> {
            if (next == exam.reviewed.size()) return std::nullopt;
            const auto& item = exam.reviewed[next++];
            auto content = opened(item, exam.schema.modality);
            LabelledItem out;
            out.text = item.text;
            out.image = std::move(content.image);
            out.sound = std::move(content.sound);
            out.regions = item.truth;
            return out;
        };
        const double from = seconds_used();
        auto learned = exam.kind.learn({exam.schema, config, models, items, 1});
        if (!learned) return fails(learned.refusal());
        line(at + "learning", seconds_used() - from, "cpu_s");
        std::printf("# %s: %s\n", exam.name.c_str(), to_text(learned->quality).c_str());
        state = learned->state;
        open.state = state;
    }
    Judged judged;
    double regions = 0, grounded = 0, answered = 0, working = 0, waiting = 0;
    {
        const double from = seconds_used();
        auto drafter = exam.kind.open(open);
        if (!drafter) return fails(drafter.refusal());
        double aside = 0;
        for (const auto& item : exam.asked) {
            const double before = seconds_used();
            const auto content = opened(item, exam.schema.modality);
            DraftAsk ask{.text = item.text};
            if (exam.schema.modality == Modality::image) ask.image = &content.image;
            if (exam.schema.modality == Modality::audio) ask.sound = &content.sound;
            ask.medium = content.bytes;
            ask.medium_type = "audio/wav";
            ask.task_key = item.file.empty() ? item.text : item.file;
            aside += seconds_used() - before;
            const double began = seconds_passed();
            auto answer = (*drafter)->draft(ask, {});
            waiting += seconds_passed() - began;
            const double after = seconds_used();
            if (!answer) {
                std::printf("# %s: %s\n", exam.name.c_str(), answer.refusal().message.c_str());
                if (exam.judge) exam.judge(item, {}, judged);
                continue;
            }
            ++answered;
            const GroundItem ground_in{.text = item.text,
                                       .width = content.image.width,
                                       .height = content.image.height,
                                       .image = content.image.width > 0 ? &content.image : nullptr,
                                       .sound = {content.sound.seconds(), nullptr}};
            const auto checked = ground(exam.schema, ground_in, *std::move(answer));
            for (const auto& region : checked.regions) {
                ++regions;
                grounded += region.grounding <= Grounding::repaired;
            }
            if (exam.judge) exam.judge(item, checked.regions, judged);
            aside += seconds_used() - after;
        }
        drafter->reset();  // A worker's time counts when it has ended.
        working = seconds_used() - from - aside;
    }
    const auto asked = static_cast<double>(exam.asked.size());
    std::printf("# %s: %.0f items, %.0f answered, %.0f regions\n", exam.name.c_str(), asked,
                answered, regions);
    if (exam.judge) {
        const double value = std::string_view(exam.measure) == "f1" ? judged.f1() : judged.recall();
        line(at + exam.measure, value, "share", exam.target);
        if (!judged.right.empty()) {
            const auto error = calibration_error_interval(judged.probability, judged.right, 1);
            line(at + "ece", expected_calibration_error(judged.probability, judged.right), "share",
                 exam.most_ece, true);
            line(at + "ece_low", error.low, "share");
            line(at + "ece_high", error.high, "share");
        }
    } else {
        line(at + "answered", answered / asked, "share", 1);
    }
    line(at + "grounded", regions > 0 ? grounded / regions : 0, "share",
         exam.outside ? std::nullopt : std::optional(0.95));
    if (exam.outside)
        line(at + "speed", asked / waiting, "items/s");
    else
        line(at + "speed", asked / working, "items/cpu_s");
}

// The sets.

/// RFC 4180's first two columns; the header is left out.
std::vector<Item> questions(const fs::path& path) {
    std::vector<Item> out;
    std::vector<std::string> cells{""};
    bool quoted = false, head = true;
    const auto close = [&] {
        if (!head && cells.size() >= 2) {
            Item& item = out.emplace_back();
            item.text = cells[0];
            item.truth = {region_of(ControlKind::choices, cells[1])};
        }
        head = false;
        cells = {""};
    };
    const std::string bytes = bytes_of(path);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (quoted && c == '"' && i + 1 < bytes.size() && bytes[i + 1] == '"')
            cells.back() += bytes[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == ',')
            cells.emplace_back();
        else if (!quoted && c == '\n')
            close();
        else if (c != '\r')
            cells.back() += c;
    }
    return out;
}

std::vector<Item> posts(const fs::path& path) {
    std::vector<Item> out;
    Item item;
    std::string open;
    const auto close = [&] {
        if (!item.text.empty()) out.push_back(std::move(item));
        item = {};
        open.clear();
    };
    std::istringstream lines(bytes_of(path));
    for (std::string row; std::getline(lines, row);) {
        std::istringstream columns(repair_utf8(row));
        std::string word, column, tag = "O";
        columns >> word;
        while (columns >> column) tag = column;
        if (word.empty()) {
            close();
            continue;
        }
        if (!item.text.empty()) item.text += ' ';
        const auto start = static_cast<double>(code_points(item.text));
        item.text += word;
        const auto end = static_cast<double>(code_points(item.text));
        const std::string type = tag.size() > 2 ? tag.substr(2) : "";
        if (!type.empty() && tag[0] == 'I' && type == open) {
            item.truth.back().end = end;
        } else if (!type.empty()) {
            Region span = region_of(ControlKind::spans, type);
            span.start = start, span.end = end;
            item.truth.push_back(span);
        }
        open = type;
    }
    close();
    return out;
}

std::set<std::string> labels_of(const std::vector<Item>& items) {
    std::set<std::string> out;
    for (const auto& item : items)
        for (const auto& region : item.truth)
            out.insert(region.labels.begin(), region.labels.end());
    return out;
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> out;
    if (fs::is_directory(folder))
        for (const auto& entry : fs::directory_iterator(folder)) out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

/// YOLO's rows: class, centre and size in shares.
std::vector<Item> coco_photos(const fs::path& set) {
    std::vector<Item> out;
    for (const auto& photo : files_in(set / "images")) {
        const auto image = decode_image(bytes_of(photo));
        if (!image) continue;
        Item& item = out.emplace_back();
        item.file = photo.string();
        std::istringstream rows(bytes_of(set / "labels" / photo.stem().concat(".txt")));
        std::size_t kind = 0;
        for (double x = 0, y = 0, w = 0, h = 0; rows >> kind >> x >> y >> w >> h;) {
            if (kind >= coco80().size()) continue;
            Region box = region_of(ControlKind::boxes, std::string(coco80()[kind].name));
            box.x = (x - w / 2) * image->width, box.y = (y - h / 2) * image->height;
            box.width = w * image->width, box.height = h * image->height;
            item.truth.push_back(box);
        }
    }
    return out;
}

/// The faces among all that was found, judged by eye (bench/faces).
std::vector<Item> face_photos(const fs::path& source, const fs::path& data) {
    std::map<std::string, Regions> faces;
    std::istringstream rows(bytes_of(source / "bench/faces/judged.tsv"));
    for (std::string row; std::getline(rows, row);) {
        std::istringstream cells(row);
        std::string photo;
        Region box = region_of(ControlKind::boxes, "Face");
        if (row.starts_with('#') || !(cells >> photo >> box.x >> box.y >> box.width >> box.height))
            continue;
        faces[photo].push_back(box);
    }
    std::vector<Item> out;
    for (const char* set : {"det_coco128/images", "det_voc100_with_detections/images"})
        for (const auto& photo : files_in(data / set))
            out.push_back({{}, photo.string(), faces[photo.filename().string()]});
    return out;
}

struct Halves {
    std::vector<Item> reviewed, asked;
};

/// Eight pictures of each kind are reviewed, all others asked.
Halves stamps(const fs::path& folder) {
    Halves out;
    for (const char* kind :
         {"animals/birds", "food/fruit", "plants/flowers", "food/vegetables", "household/tools",
          "animals/mammals/bovines", "animals/fish", "animals/insects"}) {
        std::vector<Item> items;
        for (const auto& file : files_in(folder / kind)) {
            const auto stem = file.stem().string();
            if (file.extension() == ".png" && stem.find("_mirror") == std::string::npos &&
                stem.find("_flip") == std::string::npos)
                items.push_back({{}, file.string(), {region_of(ControlKind::choices, kind)}});
        }
        shuffle(items, 5);
        for (std::size_t i = 0; i < items.size(); ++i)
            (i < 8 ? out.reviewed : out.asked).push_back(items[i]);
    }
    return out;
}

std::vector<Item> pages(const fs::path& folder) {
    std::vector<Item> out;
    std::istringstream rows(bytes_of(folder / "lines.tsv"));
    for (std::string row; std::getline(rows, row);) {
        const auto cells = split(row, '\t');
        if (cells.size() != 11) continue;
        const auto file = (folder / (std::string(cells[0]) + ".png")).string();
        if (out.empty() || out.back().file != file) out.push_back({{}, file, {}});
        Region place = region_of(ControlKind::polygons, "Text");
        for (std::size_t i = 0; i < 8; ++i)
            place.points.push_back(std::strtod(std::string(cells[2 + i]).c_str(), nullptr));
        place.text = cells[10];
        out.back().truth.push_back(place);
    }
    return out;
}

std::vector<Item> prompts(const fs::path& folder) {
    std::vector<Item> out;
    std::istringstream rows(bytes_of(folder / "prompts.tsv"));
    for (std::string row; std::getline(rows, row);) {
        const auto cells = split(row, '\t');
        if (cells.size() != 3) continue;
        Region text = region_of(ControlKind::text, "");
        text.labels.clear();
        text.text = cells[2];
        out.push_back({{}, (folder / std::string(cells[0])).string(), {text}});
    }
    shuffle(out, 7);
    return out;
}

std::vector<Item> meetings(const fs::path& folder) {
    std::vector<Item> out;
    for (const char* part : {"debug.train", "debug.development", "debug.test", "sample"})
        for (const auto& [name, turns] :
             rttm_file((folder / (std::string(part) + ".rttm")).string())) {
            if (!fs::exists(folder / (name + ".wav"))) continue;
            Item& item = out.emplace_back();
            item.file = (folder / (name + ".wav")).string();
            for (const auto& turn : turns) {
                Region segment = region_of(ControlKind::segments, turn.speaker);
                segment.start = turn.start, segment.end = turn.end;
                item.truth.push_back(segment);
            }
        }
    return out;
}

/// Silero's frames of 32 ms on meetings: whether anybody speaks in their middle.
void take_voices(const std::vector<Item>& items, const std::string& models) {
    const auto voice = VoiceActivity::load(models + "/silero.onnx");
    if (!voice || items.empty()) return line("drafts_voice_activity_ran", 0, "bool", 1);
    Judged judged;
    double seconds = 0, work = 0;
    for (const auto& item : items) {
        const auto sound = wav_file(item.file);
        if (!sound) continue;
        const double from = seconds_used();
        const auto found = voice->probabilities(*sound);
        work += seconds_used() - from;
        seconds += sound->seconds();
        for (std::size_t i = 0; i < found.size(); ++i) {
            const double at = (static_cast<double>(i) + 0.5) * voice_frame_seconds;
            const bool spoken =
                std::any_of(item.truth.begin(), item.truth.end(),
                            [&](const Region& r) { return r.start <= at && at < r.end; });
            constexpr float meeting_threshold = 0.2f;
            judged.hits += spoken && found[i] >= meeting_threshold;
            judged.drafted += found[i] >= meeting_threshold;
            judged.present += spoken;
            const double p = static_cast<double>(found[i]);
            judged.add(std::max(p, 1 - p), (p >= 0.5) == spoken);
        }
    }
    const auto error = calibration_error_interval(judged.probability, judged.right, 1);
    line("drafts_voice_activity_f1", judged.f1(), "share");
    line("drafts_voice_activity_ece", expected_calibration_error(judged.probability, judged.right),
         "share");
    line("drafts_voice_activity_ece_low", error.low, "share");
    line("drafts_voice_activity_ece_high", error.high, "share");
    line("drafts_voice_activity_speed", seconds / work, "s/cpu_s", 100);
}

Schema reading_schema() {
    auto schema = schema_of(Modality::image, ControlKind::polygons, {"Text"});
    Control said;
    said.name = "said";
    said.kind = ControlKind::text;
    said.per_region = true;
    schema.controls.push_back(said);
    return schema;
}

}  // namespace

int main(int count, char** words) {
    if (count < 4)
        return std::puts("usage: bench_draft_quality_models PROMPTS PAGES STAMPS [full] [NAME]"), 2;
    const fs::path source = environment("COUNTERSIGN_SOURCE", ".");
    const fs::path data = environment("COUNTERSIGN_DATA", (source / "../shared/data").string());
    const std::string models =
        environment("COUNTERSIGN_MODELS", (source / "models/cache").string());
    bool full = false;
    std::string only;
    for (int i = 4; i < count; ++i) {
        if (std::string_view(words[i]) == "full")
            full = true;
        else
            only = words[i];
    }
    const auto wanted = [&](const char* name) { return only.empty() || only == name; };

    if (wanted("nanodet")) {
        auto photos = coco_photos(data / "det_coco128");
        std::set<std::string> names;
        for (const auto& object : coco80()) names.insert(std::string(object.name));
        take({"nanodet",
              nanodet_kind(),
              schema_of(Modality::image, ControlKind::boxes, names),
              {},
              {},
              std::move(photos),
              same_box},
             models);
    }
    if (wanted("blazeface"))
        take({"blazeface",
              blazeface_kind(),
              schema_of(Modality::image, ControlKind::boxes, {"Face"}),
              {},
              {},
              face_photos(source, data),
              same_box},
             models);
    if (wanted("text_learner")) {
        auto reviewed = questions(data / "text_banking77/train.csv");
        auto asked = questions(data / "text_banking77/test.csv");
        const auto labels = labels_of(reviewed);
        shuffle(reviewed, 5);
        keep(reviewed, 1000);
        take({"text_learner",
              text_learner_kind(),
              schema_of(Modality::text, ControlKind::choices, labels),
              {},
              std::move(reviewed),
              std::move(asked),
              same_label,
              "accuracy",
              {},
              0.05},
             models);
    }
    if (wanted("span_learner")) {
        auto reviewed = posts(data / "ner_wnut17/wnut17train.conll");
        const auto labels = labels_of(reviewed);
        shuffle(reviewed, 5);
        keep(reviewed, 1000);
        take({"span_learner",
              span_learner_kind(),
              schema_of(Modality::text, ControlKind::spans, labels),
              {},
              std::move(reviewed),
              posts(data / "ner_wnut17/emerging.dev.conll"),
              same_span,
              "f1",
              0.188},
             models);
    }
    if (wanted("picture_learner")) {
        auto halves = stamps(words[3]);
        take({"picture_learner",
              picture_learner_kind(),
              schema_of(Modality::image, ControlKind::choices, labels_of(halves.reviewed)),
              {},
              std::move(halves.reviewed),
              std::move(halves.asked),
              same_label,
              "accuracy"},
             models);
    }
    const auto cuts = meetings(data / "spk_ami_1min");
    if (wanted("voice_activity")) take_voices(cuts, models);
    if (wanted("speakers")) {
        std::set<std::string> names;
        for (int i = 1; i <= 8; ++i) names.insert("Speaker " + std::to_string(i));
        take({"speakers",
              speakers_kind(),
              schema_of(Modality::audio, ControlKind::segments, names),
              {},
              {},
              cuts,
              same_turns,
              "speech_right"},
             models);
    }
    if (wanted("transcriber")) {
        auto said = prompts(words[1]);
        const auto tested =
            static_cast<std::ptrdiff_t>(std::min<std::size_t>(full ? 130 : 40, said.size() / 2));
        std::vector<Item> asked(said.begin(), said.begin() + tested);
        said.erase(said.begin(),
                   said.begin() + std::min<std::ptrdiff_t>(130, std::ssize(said) / 2));
        take({"transcriber",
              pocketsphinx_kind(),
              schema_of(Modality::audio, ControlKind::text, {}),
              {},
              std::move(said),
              std::move(asked),
              same_words,
              "words_right"},
             models);
    }
    if (wanted("text_reader")) {
        auto read = pages(words[2]);
        if (!full) keep(read, 12);
        take({"text_reader",
              text_reader_kind(),
              reading_schema(),
              {},
              {},
              std::move(read),
              same_line,
              "lines_right"},
             models);
    }

    // Connectors: to stand-ins.
    Outside outside;
    outside.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
    outside.secret = [](std::string_view) { return std::string("sk-stand-in-0123456789"); };
    outside.programs["names"] = (source / "tests/standins/line_program.py").string();
    auto names = posts(data / "ner_wnut17/emerging.dev.conll");
    std::erase_if(names, [](const Item& item) { return item.text.size() < 20; });
    keep(names, full ? 1000 : 200);
    const auto marked = schema_of(Modality::text, ControlKind::spans, {"Name", "Place"});
    if (wanted("openai_chat") || wanted("anthropic")) {
        const testing::Standin server("chat_server.py");
        if (wanted("openai_chat"))
            take({"openai_chat",
                  openai_chat_kind(),
                  marked,
                  {{"url", server.url("/v1/")}, {"model", "tiny"}},
                  {},
                  names,
                  nullptr,
                  "",
                  {},
                  {},
                  &outside},
                 models);
        if (wanted("anthropic"))
            take({"anthropic",
                  anthropic_kind(),
                  marked,
                  {{"url", server.url()}, {"model", "tiny"}},
                  {},
                  names,
                  nullptr,
                  "",
                  {},
                  {},
                  &outside},
                 models);
    }
    if (wanted("program"))
        take({"program",
              subprocess_kind(),
              schema_of(Modality::text, ControlKind::spans, {"Name"}),
              {{"program", "names"}, {"arguments", {"ours"}}},
              {},
              names,
              nullptr,
              "",
              {},
              {},
              &outside},
             models);
    if (wanted("open_inference")) {
        const testing::Standin server("inference_server.py");
        auto photos = coco_photos(data / "det_coco128");
        keep(photos, 64);
        take({"open_inference",
              open_inference_kind(),
              schema_of(Modality::image, ControlKind::choices, {"R", "G", "B"}),
              {{"url", server.url()}, {"model", "classifier"}, {"names", {"r", "g", "b"}}},
              {},
              std::move(photos),
              nullptr,
              "",
              {},
              {},
              &outside},
             models);
    }
    if (wanted("transcription")) {
        const testing::Standin server("speech_server.py");
        auto said = prompts(words[1]);
        keep(said, 64);
        take({"transcription",
              transcription_kind(),
              schema_of(Modality::audio, ControlKind::text, {}),
              {{"url", server.url("/v1/")}, {"model", "whisper-1"}},
              {},
              std::move(said),
              nullptr,
              "",
              {},
              {},
              &outside},
             models);
    }
    return short_of > 0;
}
