// Agreement, error rates and average precision of real data, in full length, for a script that
// takes the same of the same files by other implementations.
//
// Usage: bench_peers_figures, with COUNTERSIGN_DATA naming the folder of the sets. Lines of `name
// value`; a set that is not there is left out.
// Room: quality
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.h"
#include "quality/agreement.h"
#include "quality/draft_scores.h"
#include "quality/segment_fusion.h"
#include "quality/shape_overlap.h"
#include "quality/word_alignment.h"

namespace {

using namespace countersign;
namespace fs = std::filesystem;

void say(const std::string& name, double value) {
    std::printf("%s %.17g\n", name.c_str(), value);
}

std::vector<std::string> lines_of(const fs::path& path) {
    std::vector<std::string> out;
    std::ifstream in(path);
    for (std::string text; std::getline(in, text);) {
        if (!text.empty() && text.back() == '\r') text.pop_back();
        out.push_back(text);
    }
    return out;
}

std::vector<std::string> cells_of(const std::string& line, char by) {
    std::vector<std::string> out;
    std::stringstream in(line);
    for (std::string cell; std::getline(in, cell, by);) out.push_back(cell);
    return out;
}

struct Numbers {
    std::map<std::string, std::uint32_t> of;
    std::uint32_t operator()(const std::string& name) {
        return of.try_emplace(name, static_cast<std::uint32_t>(of.size())).first->second;
    }
};

void say_alphas(const std::string& name, const Ratings& ratings) {
    std::vector<double> numbers;
    for (std::size_t v = 0; v < ratings.values(); ++v) numbers.push_back(double(v));
    for (const auto& [called, distance] :
         {std::pair{"nominal", Distance::nominal()}, std::pair{"ordinal", Distance::ordinal()},
          std::pair{"interval", Distance::interval(numbers)}})
        if (const auto alpha = krippendorff_alpha(ratings, distance))
            say(name + ".alpha_" + called, alpha->alpha);
}

/// Classes of crowds are numbers already.
void crowd(const fs::path& folder) {
    Numbers tasks, people;
    std::vector<Rating> rows;
    std::uint32_t values = 0;
    const auto lines = lines_of(folder / "labels.csv");
    for (std::size_t i = 1; i < lines.size(); ++i) {
        // From the right: a task's name may hold commas.
        const auto last = lines[i].rfind(','), middle = lines[i].rfind(',', last - 1);
        const auto value = static_cast<std::uint32_t>(std::stoul(lines[i].substr(last + 1)));
        rows.push_back({tasks(lines[i].substr(0, middle)),
                        people(lines[i].substr(middle + 1, last - middle - 1)), value});
        values = std::max(values, value + 1);
    }
    const auto name = folder.filename().string();
    const Ratings ratings(rows, tasks.of.size(), people.of.size(), values);
    say_alphas(name, ratings);
    if (const auto pairs = pair_agreements(ratings, Distance::nominal()); !pairs.empty())
        for (const auto& pair : pairs)
            if (pair.kappa) {
                std::map<std::uint32_t, std::string> names;
                for (const auto& [who, number] : people.of) names[number] = who;
                say(name + ".kappa." + names[pair.a] + "." + names[pair.b], *pair.kappa);
                break;
            }
}

/// Is it safe? No, Unsure, Yes, by 123 people.
void ordered(const fs::path& file) {
    std::ifstream in(file);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto json = parse_json(bytes);
    if (!json) return;
    std::vector<Rating> rows;
    std::uint32_t unit = 0, raters = 0;
    for (const auto& item : (*json)["instances"]) {
        std::uint32_t rater = 0;
        for (const auto& said : item["annotations"]["safety"]["individual_human_scores"]) {
            const auto word = said.get<std::string>();
            rows.push_back({unit, rater++, word == "No" ? 0U : word == "Unsure" ? 1U : 2U});
        }
        raters = std::max(raters, rater), ++unit;
    }
    say_alphas("dices", Ratings(rows, unit, raters, 3));
}

struct Found {
    std::uint32_t begin, end;
    std::string label;
    auto operator<=>(const Found&) const = default;
};
using Sentences = std::vector<std::set<Found>>;

/// Inside goes on where the label does, as CoNLL's evaluation reads tags.
Sentences tagged(const fs::path& path) {
    Sentences out;
    std::vector<Found> spans;
    std::uint32_t at = 0;
    std::string before;
    auto lines = lines_of(path);
    lines.emplace_back();
    for (const auto& text : lines) {
        std::stringstream in(text);
        std::string token, tag, word;
        in >> token;
        while (in >> word) tag = word;
        if (token.empty()) {
            if (at > 0) out.emplace_back(spans.begin(), spans.end());
            spans.clear(), at = 0, before.clear();
            continue;
        }
        const auto label = tag.size() > 2 && tag[1] == '-' ? tag.substr(2) : std::string();
        if (!label.empty() && tag[0] == 'I' && label == before)
            spans.back().end = at + 1;
        else if (!label.empty())
            spans.push_back({at, at + 1, label});
        before = label;
        ++at;
    }
    return out;
}

/// F1 of each system; and how far systems agree on which labels a sentence has.
void spans(const fs::path& folder) {
    const auto truth = tagged(folder / "emerging.test.annotated");
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder / "systems")) files.push_back(entry);
    std::sort(files.begin(), files.end());
    std::vector<Rating> rows;
    std::map<std::vector<std::uint32_t>, std::uint32_t> sets;
    Numbers labels;
    for (std::uint32_t s = 0; s < files.size(); ++s) {
        const auto system = tagged(files[s]);
        if (system.size() != truth.size()) continue;
        double hits = 0, sizes = 0;
        for (std::uint32_t i = 0; i < truth.size(); ++i) {
            std::set<std::uint32_t> of;
            for (const auto& span : system[i])
                hits += truth[i].contains(span), of.insert(labels(span.label));
            sizes += double(truth[i].size() + system[i].size());
            const std::vector<std::uint32_t> key(of.begin(), of.end());
            const auto number = static_cast<std::uint32_t>(sets.size());
            if (!key.empty()) rows.push_back({i, s, sets.try_emplace(key, number).first->second});
        }
        say("wnut." + files[s].stem().string() + ".f1", 2 * hits / sizes);
    }
    std::vector<std::vector<std::uint32_t>> of_value(sets.size());
    for (const auto& [set, number] : sets) of_value[number] = set;
    const Ratings ratings(rows, truth.size(), files.size(), sets.size());
    say("wnut.alpha_masi", krippendorff_alpha(ratings, Distance::masi(of_value))->alpha);
    say("wnut.alpha_jaccard", krippendorff_alpha(ratings, Distance::jaccard(of_value))->alpha);
}

void transcripts(const fs::path& folder) {
    std::map<std::string, std::string> truth;
    for (const auto& line : lines_of(folder / "dev-clean-gt.txt"))
        if (const auto cells = cells_of(line, '\t'); cells.size() == 2) truth[cells[0]] = cells[1];
    EditCounts words, characters;
    const auto crowd = lines_of(folder / "dev-clean-crowd.tsv");
    for (std::size_t i = 1; i < crowd.size(); i += 7) {
        const auto cells = cells_of(crowd[i], '\t');
        if (cells.size() < 3 || !truth.contains(cells[0])) continue;
        // Both by the same rule of their own; the rule is ours, so that peers get its result.
        const auto a = normalised_transcript(truth[cells[0]]), b = normalised_transcript(cells[1]);
        if (a.empty()) continue;
        words += word_errors(a, b), characters += character_errors(a, b);
        std::printf("#transcript\t%s\t%s\n", a.c_str(), b.c_str());
    }
    say("crowdspeech.wer", words.rate());
    say("crowdspeech.cer", characters.rate());
}

using Meetings = std::map<std::string, std::vector<Turn>>;
Meetings meetings(const fs::path& path) {
    Meetings out;
    std::map<std::string, Numbers> speakers;
    for (const auto& text : lines_of(path)) {
        std::stringstream in(text);
        std::string type, file, skipped, speaker;
        double start = 0, length = 0;
        in >> type >> file >> skipped >> start >> length >> skipped >> skipped >> speaker;
        if (type == "SPEAKER" && length > 0)
            out[file].push_back({start, start + length, speakers[file](speaker)});
    }
    return out;
}

void turns(const fs::path& folder) {
    const auto reference = meetings(folder / "ref_rttm_test.rttm");
    for (const std::string system : {"vb", "sc", "rpn"}) {
        const auto found = meetings(folder / ("rttm_test_" + system + ".rttm"));
        for (const double collar : {0.0, 0.25}) {
            DiarizationOptions options;
            options.collar = collar;
            DiarizationErrors sum;
            for (const auto& [file, said] : reference)
                sum += diarization_errors(said, found.at(file), options);
            const auto name = "ami." + system + (collar > 0 ? ".collar" : "");
            say(name + ".der", sum.rate());
            say(name + ".missed", sum.missed);
            say(name + ".confused", sum.confused);
        }
    }
}

void boxes(const fs::path& folder) {
    std::ifstream in(folder / "gts/coco_format_v1/instances_default.json");
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto json = parse_json(bytes);
    if (!json) return;
    Schema schema;
    schema.modality = Modality::image;
    Control control;
    control.name = "objects";
    control.kind = ControlKind::boxes;
    // The detector's classes are numbered by name.
    std::map<std::string, int> by_name;
    std::map<int, std::string> names, files;
    for (const auto& c : (*json)["categories"])
        by_name[names[c["id"].get<int>()] = c["name"].get<std::string>()] = 0;
    std::vector<std::string> classes;
    for (const auto& [name, _] : by_name) classes.push_back(name);
    for (const auto& name : classes) control.labels.push_back({name, "", "", "", {}});
    schema.controls.push_back(control);
    const auto box = [](const std::string& label, double x, double y, double w, double h) {
        Region r;
        r.control = "objects";
        r.kind = ControlKind::boxes;
        r.labels = {label};
        r.x = x, r.y = y, r.width = w, r.height = h;
        return r;
    };
    std::map<int, Regions> truth;
    for (const auto& i : (*json)["images"]) {
        const auto id = i["id"].get<int>();
        files[id] = fs::path(i["file_name"].get<std::string>()).stem().string();
        truth[id];
    }
    for (const auto& a : (*json)["annotations"])
        truth[a["image_id"].get<int>()].push_back(box(
            names[a["category_id"].get<int>()], a["bbox"][0].get<double>(),
            a["bbox"][1].get<double>(), a["bbox"][2].get<double>(), a["bbox"][3].get<double>()));
    DraftScores scores(schema);
    double overlap = 0;
    for (const auto& [id, labelled] : truth) {
        std::ifstream file(folder / "dets/abs_xywh" / (files[id] + ".txt"));
        Regions drafted;
        std::size_t label = 0;
        double sure = 0, x = 0, y = 0, w = 0, h = 0;
        while (file >> label >> sure >> x >> y >> w >> h) {
            drafted.push_back(box(classes.at(label), x, y, w, h));
            drafted.back().confidence = sure;
        }
        scores.add(labelled, drafted);
        for (const auto& a : labelled)
            for (const auto& b : drafted)
                overlap += shape_iou({a.x, a.y, a.x + a.width, a.y + a.height, {}},
                                     {b.x, b.y, b.x + b.width, b.y + b.height, {}});
    }
    say("voc.ap50", scores.scores(1, 1).front().value);
    say("voc.overlap", overlap);
}

}  // namespace

int main() {
    const char* root = std::getenv("COUNTERSIGN_DATA");
    const fs::path data = root ? root : "../shared/data";
    for (const auto* name : {"crowd_music_genre", "crowd_sentence_polarity_amt",
                             "crowd_weather_cf_amt", "crowd_zencrowd_us"})
        if (fs::exists(data / name)) crowd(data / name);
    if (fs::exists(data / "multi_rater_dices"))
        ordered(data / "multi_rater_dices/dices_350_crowdsourced.json");
    if (fs::exists(data / "ner_wnut17")) spans(data / "ner_wnut17");
    if (fs::exists(data / "asr_crowdspeech")) transcripts(data / "asr_crowdspeech");
    if (fs::exists(data / "spk_ami_systems")) turns(data / "spk_ami_systems");
    if (fs::exists(data / "det_voc100_with_detections")) boxes(data / "det_voc100_with_detections");
}
