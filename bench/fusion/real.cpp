// How good is one answer made from several, on real answers with known truth: transcripts by seven
// people each, speaker turns by three systems, and entity spans by seven systems.
//
// Usage: bench_fusion_real, with COUNTERSIGN_DATA naming the folder of the sets; a set that is not
// there is skipped.
// Room: quality
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "../figure_line.h"
#include "base/rng.h"
#include "quality/box_fusion.h"
#include "quality/rover.h"
#include "quality/segment_fusion.h"
#include "quality/span_fusion.h"
#include "quality/word_alignment.h"

namespace {

using namespace countersign;
using bench::line;

double seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::vector<std::string> tabs(const std::string& text) {
    std::vector<std::string> out;
    std::stringstream in(text);
    for (std::string cell; std::getline(in, cell, '\t');) {
        if (!cell.empty() && cell.back() == '\r') cell.pop_back();
        out.push_back(cell);
    }
    return out;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::vector<std::string> out;
    std::ifstream in(path);
    for (std::string text; std::getline(in, text);) out.push_back(text);
    return out;
}

struct Numbers {
    std::map<std::string, std::uint32_t> of;
    std::uint32_t operator()(const std::string& name) {
        return of.try_emplace(name, static_cast<std::uint32_t>(of.size())).first->second;
    }
};

void transcripts(const std::filesystem::path& folder) {
    Numbers items, people;
    std::vector<TranscribedItem> given;
    const auto crowd = lines_of(folder / "dev-clean-crowd.tsv");
    for (std::size_t i = 1; i < crowd.size(); ++i) {
        const auto cells = tabs(crowd[i]);
        if (cells.size() < 3) continue;
        const auto item = items(cells[0]);
        if (item == given.size()) given.emplace_back();
        given[item].answers.push_back(
            {people(cells[2]), words_of(normalised_transcript(cells[1])), {}});
    }
    std::vector<std::string> truth(given.size());
    for (const auto& text : lines_of(folder / "dev-clean-gt.txt"))
        if (const auto cells = tabs(text); cells.size() == 2)
            if (const auto it = items.of.find(cells[0]); it != items.of.end())
                truth[it->second] = normalised_transcript(cells[1]);
    std::map<std::string, EditCounts> peers;
    const auto baselines = lines_of(folder / "dev-clean-baselines.tsv");
    const auto names = baselines.empty() ? std::vector<std::string>() : tabs(baselines[0]);
    for (std::size_t i = 1; i < baselines.size(); ++i) {
        const auto cells = tabs(baselines[i]);
        const auto it = cells.empty() ? items.of.end() : items.of.find(cells[0]);
        for (std::size_t c = 1; it != items.of.end() && c < cells.size() && c < names.size(); ++c)
            peers[names[c]] += word_errors(truth[it->second], normalised_transcript(cells[c]));
    }
    for (const auto& [name, counts] : peers) line("transcripts.peer_" + name, counts.rate(), "WER");
    EditCounts single;
    for (std::size_t i = 0; i < given.size(); ++i) {
        std::string text;
        for (const auto& word : given[i].answers.front().words) text += word + ' ';
        single += word_errors(truth[i], text);
    }
    line("transcripts.one_person", single.rate(), "WER");
    for (const bool weighs : {false, true}) {
        TranscriptFusionOptions options;
        options.weigh_people = weighs;
        const double from = seconds();
        const auto fused = fuse_transcripts(given, people.of.size(), options);
        const double spent = seconds() - from;
        EditCounts counts;
        for (std::size_t i = 0; i < given.size(); ++i)
            counts += word_errors(truth[i], fused.items[i].text());
        if (weighs) {
            line("transcripts.rover_weighted", counts.rate(), "WER", 0.0605, true);
        } else {
            line("transcripts.rover", counts.rate(), "WER", 0.0605, true);
            line("transcripts.rover_ms", 1000 * spent / static_cast<double>(given.size()),
                 "ms/utterance", 1, true);
        }
    }
}

using Meetings = std::map<std::string, std::vector<Turn>>;

Meetings meetings(const std::filesystem::path& path) {
    Meetings out;
    std::map<std::string, Numbers> speakers;
    for (const auto& text : lines_of(path)) {
        std::stringstream in(text);
        std::string type, file, channel, no, other, speaker;
        double start = 0, length = 0;
        in >> type >> file >> channel >> start >> length >> no >> other >> speaker;
        if (type == "SPEAKER" && length > 0)
            out[file].push_back({start, start + length, speakers[file](speaker)});
    }
    return out;
}

DiarizationErrors errors_of(const Meetings& reference, const Meetings& other,
                            const DiarizationOptions& options = {}) {
    DiarizationErrors sum;
    for (const auto& [file, turns] : reference) {
        const auto it = other.find(file);
        sum += diarization_errors(turns, it == other.end() ? std::vector<Turn>() : it->second,
                                  options);
    }
    return sum;
}

void turns(const std::filesystem::path& folder) {
    const auto reference = meetings(folder / "ref_rttm_test.rttm");
    std::vector<Meetings> systems;
    const std::map<std::string, double> known = {{"vb", .2150}, {"sc", .2356}, {"rpn", .2543}};
    for (const auto& [name, rate] : known) {
        systems.push_back(meetings(folder / ("rttm_test_" + name + ".rttm")));
        const double from = seconds();
        const auto found = errors_of(reference, systems.back());
        if (name == "vb") line("turns.errors_seconds", seconds() - from, "s", 0.1, true);
        line("turns.system_" + name + "_from_known", std::abs(found.rate() - rate), "DER", 0.00005,
             true);
    }
    line("turns.dover_lap", errors_of(reference, meetings(folder / "rttm_dl_test.rttm")).rate(),
         "DER");
    Meetings fused;
    for (const auto& [file, ignored] : reference) {
        std::vector<std::vector<Turn>> of;
        for (const auto& system : systems) {
            const auto it = system.find(file);
            of.push_back(it == system.end() ? std::vector<Turn>() : it->second);
        }
        const auto vote = vote_turns(of);
        fused[file].assign(vote.turns.begin(), vote.turns.end());
    }
    line("turns.vote", errors_of(reference, fused).rate(), "DER", 0.1986, true);
    DiarizationOptions collar;
    collar.collar = 0.25;
    line("turns.vote_collar_250ms", errors_of(reference, fused, collar).rate(), "DER");
}

struct Tagged {
    std::vector<std::vector<TokenSpan>> items;
    std::vector<std::uint32_t> tokens;
};

Tagged tagged(const std::filesystem::path& path, Numbers& labels) {
    Tagged out;
    std::vector<TokenSpan> spans;
    std::uint32_t at = 0;
    std::string before;
    const auto finish = [&] {
        if (at > 0) out.items.push_back(std::move(spans)), out.tokens.push_back(at);
        spans.clear(), at = 0, before.clear();
    };
    for (const auto& text : lines_of(path)) {
        std::stringstream in(text);
        std::string token, tag, word;
        in >> token;
        while (in >> word) tag = word;
        if (token.empty()) {
            finish();
            continue;
        }
        if (tag.size() > 2 && tag[1] == '-') {
            const auto name = tag.substr(2);
            const auto label = labels(name);
            const bool goes_on = tag[0] == 'I' && name == before && !spans.empty();
            if (goes_on)
                spans.back().end = at + 1;
            else
                spans.push_back({at, at + 1, label});
            before = name;
        } else {
            before.clear();
        }
        ++at;
    }
    finish();
    return out;
}

double f1(const std::vector<std::vector<TokenSpan>>& truth,
          const std::vector<std::vector<TokenSpan>>& found) {
    double hits = 0, sizes = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const std::set<TokenSpan> right(truth[i].begin(), truth[i].end());
        for (const auto& s : found[i]) hits += right.contains(s) ? 1 : 0;
        sizes += static_cast<double>(truth[i].size() + found[i].size());
    }
    return sizes > 0 ? 2 * hits / sizes : 1;
}

void spans(const std::filesystem::path& folder) {
    Numbers labels;
    const auto truth = tagged(folder / "emerging.test.annotated", labels);
    const std::map<std::string, double> known = {
        {"arcada", .3998},      {"drexel_cci", .2630},     {"flytxt", .3835},
        {"mic-cis.txt", .3706}, {"sjtu_adapt.txt", .4042}, {"spinningbytes.txt", .4078},
        {"uh_ritual", .4186}};
    std::vector<SpanItem> items(truth.items.size());
    std::uint32_t person = 0;
    for (const auto& [name, rate] : known) {
        const auto system = tagged(folder / "systems" / name, labels);
        if (system.items.size() != truth.items.size()) {
            line("spans." + name + "_sentences", static_cast<double>(system.items.size()), "n",
                 static_cast<double>(truth.items.size()));
            return;
        }
        line("spans." + name + "_from_known", std::abs(f1(truth.items, system.items) - rate), "F1",
             0.00005, true);
        for (std::size_t i = 0; i < items.size(); ++i) {
            items[i].tokens = truth.tokens[i];
            items[i].answers.push_back({person, system.items[i]});
        }
        ++person;
    }
    for (const auto method : {SpanFusion::vote, SpanFusion::token_vote, SpanFusion::dawid_skene}) {
        SpanFusionOptions options;
        options.method = method;
        const double from = seconds();
        const auto fused = fuse_spans(items, person, labels.of.size(), options);
        const double spent = seconds() - from;
        std::vector<std::vector<TokenSpan>> found(items.size());
        for (std::size_t i = 0; i < items.size(); ++i)
            found[i].assign(fused.items[i].begin(), fused.items[i].end());
        const auto name = "spans." + std::string(name_of(method));
        line(name, f1(truth.items, found), "F1",
             method == SpanFusion::vote ? std::optional(0.4678) : std::nullopt);
        line(name + "_cut", fused.cut, "p");
        line(name + "_seconds", spent, "s");
    }
}

}  // namespace

int main() {
    const char* root = std::getenv("COUNTERSIGN_DATA");
    const std::filesystem::path data = root ? root : "../shared/data";
    const auto run = [&](const char* set, auto measure) {
        if (std::filesystem::exists(data / set))
            measure(data / set);
        else
            std::printf("# %s is not there: skipped\n", set);
    };
    run("asr_crowdspeech", transcripts);
    run("spk_ami_systems", turns);
    run("ner_wnut17", spans);
    return bench::short_of > 0;
}
