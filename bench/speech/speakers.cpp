// Room: models
// Who speaks when, on one-minute cuts of real meetings (spk_ami_1min): cold, and after 5 seconds a
// speaker were labelled. The error rate itself is first held against the published figures of three
// systems (spk_ami_systems).
//
//     bench_speech_speakers        COUNTERSIGN_DATA, COUNTERSIGN_MODELS
#include <cmath>
#include <ctime>

#include "../figure_line.h"
#include "der.h"
#include "models/speakers.h"
#include "sound_file.h"

namespace {

using namespace countersign;
using namespace countersign::bench;

constexpr double meeting_threshold = 0.2;

bool error_rate_holds(const std::string& data) {
    struct Known {
        const char* file;
        double rate;
    };
    bool good = true;
    const auto reference = rttm_file(data + "/ref_rttm_test.rttm");
    for (const auto& known : {Known{"rttm_test_vb", .2150}, Known{"rttm_test_sc", .2356},
                              Known{"rttm_test_rpn", .2543}, Known{"rttm_dl_test", .1986}}) {
        const auto system = rttm_file(data + "/" + known.file + ".rttm");
        ErrorTime sum;
        for (const auto& [name, turns] : reference) {
            const auto found = system.find(name);
            sum.add(error_time(turns, found == system.end() ? std::vector<Turn>{} : found->second,
                               {}, 0));
        }
        line(std::string("speakers_check_") + known.file, sum.rate(), "share");
        good = good && std::abs(sum.rate() - known.rate) < 0.0006;
    }
    return good;
}

std::vector<Turn> named(const std::vector<SpeakerTurn>& turns) {
    std::vector<Turn> out;
    for (const auto& turn : turns)
        out.push_back({turn.start, turn.end, std::to_string(turn.speaker)});
    return out;
}

/// The first `seconds` of each speaker in which nobody else speaks, as a person would label them.
std::vector<SpeakerTurn> enrolment(const std::vector<Turn>& reference, double seconds,
                                   const std::vector<std::string>& speakers) {
    std::vector<SpeakerTurn> out;
    constexpr double step = 0.1;
    for (std::size_t k = 0; k < speakers.size(); ++k) {
        double left = seconds;
        for (double t = 0; t < 3600 && left > 0; t += step) {
            bool own = false, other = false;
            for (const auto& turn : reference)
                if (turn.start <= t && t + step <= turn.end)
                    (turn.speaker == speakers[k] ? own : other) = true;
                else if (turn.start < t + step && t < turn.end)
                    other = other || turn.speaker != speakers[k];
            if (!own || other) continue;
            out.push_back({t, t + step, static_cast<int>(k), 1});
            left -= step;
        }
    }
    return out;
}

struct Sums {
    ErrorTime cold, cold_collar, enrolled, enrolled_collar, one, oracle, oracle_enrolled;
    double seconds = 0, work = 0;
};

/// What is scored once the enrolled seconds are left out.
std::vector<std::pair<double, double>> without(const std::vector<std::pair<double, double>>& scored,
                                               const std::vector<SpeakerTurn>& labelled) {
    auto out = scored;
    for (const auto& turn : labelled) {
        std::vector<std::pair<double, double>> next;
        for (const auto& [start, end] : out) {
            if (turn.end <= start || end <= turn.start) {
                next.push_back({start, end});
                continue;
            }
            if (start < turn.start) next.push_back({start, turn.start});
            if (turn.end < end) next.push_back({turn.end, end});
        }
        out = std::move(next);
    }
    return out;
}

std::vector<TimeSpan> spoken(const std::vector<Turn>& turns) {
    std::vector<TimeSpan> out;
    auto sorted = turns;
    std::sort(sorted.begin(), sorted.end(),
              [](const Turn& a, const Turn& b) { return a.start < b.start; });
    for (const auto& turn : sorted) {
        if (!out.empty() && turn.start <= out.back().end)
            out.back().end = std::max(out.back().end, turn.end);
        else
            out.push_back({turn.start, turn.end});
    }
    return out;
}

void measure(const VoiceActivity& voice, const Sound& sound, const std::vector<Turn>& reference,
             const std::vector<std::pair<double, double>>& scored, Sums& sums) {
    std::set<std::string> names;
    for (const auto& turn : reference) names.insert(turn.speaker);
    const std::vector<std::string> speakers(names.begin(), names.end());
    const auto n = static_cast<int>(speakers.size());
    const auto labelled = enrolment(reference, 5, speakers);
    const auto rest = without(scored, labelled);
    const std::clock_t before = std::clock();
    const auto spans = voice.speech(sound, {.threshold = meeting_threshold});
    const auto speech = hear_speech(sound, spans);
    const auto cold = named(cluster_speakers(speech, {.most_speakers = 8}));
    sums.work += static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    sums.seconds += sound.seconds();
    const auto enrolled = named(assign_speakers(speech, n, labelled, {}, {}));
    std::vector<Turn> one;
    for (const auto& span : spans) one.push_back({span.start, span.end, "one"});
    sums.cold.add(error_time(reference, cold, scored, 0));
    sums.cold_collar.add(error_time(reference, cold, scored, 0.25));
    sums.enrolled.add(error_time(reference, enrolled, rest, 0));
    sums.enrolled_collar.add(error_time(reference, enrolled, rest, 0.25));
    sums.one.add(error_time(reference, one, scored, 0));
    const auto truth = hear_speech(sound, spoken(reference));
    sums.oracle.add(
        error_time(reference, named(cluster_speakers(truth, {.speakers = n})), scored, 0));
    sums.oracle_enrolled.add(
        error_time(reference, named(assign_speakers(truth, n, labelled, {}, {})), rest, 0));
}

void print(const std::string& name, const ErrorTime& sum, std::optional<double> confused) {
    line("speakers_" + name + "_der", sum.rate(), "share");
    line("speakers_" + name + "_missed", sum.missed / sum.total, "share");
    line("speakers_" + name + "_false", sum.false_alarm / sum.total, "share");
    line("speakers_" + name + "_confused", sum.confused / sum.total, "share", confused, true);
}

}  // namespace

int main() {
    const std::string source = environment("COUNTERSIGN_SOURCE", ".");
    const std::string data = environment("COUNTERSIGN_DATA", source + "/../shared/data");
    const auto voice = VoiceActivity::load(
        environment("COUNTERSIGN_MODELS", source + "/models/cache") + "/silero.onnx");
    if (!voice) return std::printf("# %s\n", voice.refusal().message.c_str()), 3;
    if (!error_rate_holds(data + "/spk_ami_systems"))
        return std::puts("# the error rate is not the published one: nothing is measured"), 1;
    const std::string set = data + "/spk_ami_1min/";
    Sums sums;
    int files = 0;
    for (const char* part : {"debug.train", "debug.development", "debug.test", "sample"}) {
        auto scored = uem_file(set + part + ".uem");
        for (const auto& [name, turns] : rttm_file(set + part + ".rttm")) {
            const auto sound = wav_file(set + name + ".wav");
            if (!sound) continue;
            auto within = scored[name];
            if (within.empty()) within = {{0, sound->seconds()}};
            measure(*voice, *sound, turns, within, sums);
            ++files;
        }
    }
    if (files == 0) return std::printf("# no recordings in %s\n", set.c_str()), 3;
    std::printf("# %d recordings, %.0f s\n", files, sums.seconds);
    print("cold", sums.cold, std::nullopt);
    line("speakers_cold_collar_der", sums.cold_collar.rate(), "share");
    print("enrolled_5s", sums.enrolled, 0.055);
    line("speakers_enrolled_5s_collar_der", sums.enrolled_collar.rate(), "share");
    line("speakers_one_for_all_der", sums.one.rate(), "share");
    print("known_speech_cold", sums.oracle, 0.2);
    print("known_speech_enrolled_5s", sums.oracle_enrolled, 0.055);
    line("speakers_speed", sums.seconds / sums.work, "x_real_time", 50);
    return short_of > 0;
}
