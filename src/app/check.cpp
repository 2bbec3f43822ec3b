#include "app/check.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "app/check_learned.h"
#include "app/check_voices.h"
#include "app/crowd.h"
#include "app/import_rows.h"
#include "app/item_of_row.h"
#include "app/learned_probabilities.h"
#include "app/pictures.h"
#include "app/predictions.h"
#include "app/recordings.h"
#include "media/image.h"

namespace countersign {

namespace {

constexpr std::size_t most_learned = 50'000, most_pictures = 20'000, most_recordings = 2'000;
constexpr std::size_t most_seen = 2'000, most_read = 5'000;

class FileCheck {
public:
    explicit FileCheck(CheckRequest request)
        : request_(std::move(request)), check_(with_schema(request_)) {}

    Result<CheckReport> run() {
        source_ = TRY(open_import(request_.paths));
        std::shared_ptr<const Source> images;
        if (!request_.images.empty()) images = TRY(open_import({request_.images}));
        recordings_ = std::make_shared<RecordingFiles>(source_, images, request_.models_dir);
        pictures_ = std::make_shared<PictureFiles>(source_, std::move(images));
        std::optional<Crowd> crowd;
        if (request_.from.empty()) crowd = TRY(read_crowd_tables(*source_));
        if (crowd)
            add_crowd(*crowd);
        else
            TRY(read_rows());
        learn();
        see_boxes();
        measure_distances();
        read_spans();
        hear_voices();
        CheckReport report;
        report.from = from_;
        report.rows = rows_;
        report.labels = labels_;
        report.drafts = drafts_;
        report.findings = check_->finish();
        report.not_done = std::move(not_done_);
        report.check = check_;
        report.picture = [pictures = pictures_, images_of = std::move(images_of_)](
                             std::uint32_t item) -> Result<std::string> {
            const auto at = images_of.find(item);
            if (at == images_of.end()) return Refusal{Code::not_found, "The item has no picture."};
            return thumbnail_jpeg(TRY(pictures->bytes(at->second)), 320);
        };
        return report;
    }

private:
    static std::shared_ptr<DatasetCheck> with_schema(CheckRequest& request) {
        if (request.schema) request.options.schema = &*request.schema;
        return std::make_shared<DatasetCheck>(request.options);
    }

    ReadContext context() const {
        ReadContext out;
        out.as_written = true;
        if (request_.schema) out.schema = &*request_.schema;
        out.image_size = [this](std::string_view name) { return pictures_->size(name); };
        out.sound_seconds = [this](std::string_view name) { return recordings_->seconds(name); };
        return out;
    }

    Result<> read_rows() {
        const auto* format = TRY(format_to_read(*source_, request_.from));
        from_ = format->name;
        for (const auto& path : request_.predictions) TRY(predictions_.read(path, context()));
        if (predictions_.rejected() > 0)
            not_done_.push_back(std::to_string(predictions_.rejected()) +
                                " rows of the predictions could not be read.");
        if (!predictions_.empty()) TRY(learn_controls(*format));
        const auto reader = TRY(format->read(source_, context()));
        for (;;) {
            const auto row = TRY(reader->next());
            if (!row) break;
            ++rows_;
            if (row->outcome != RowOutcome::accepted)
                check_->add_fault(row->where, row->reason, row->outcome == RowOutcome::rejected);
            if (row->outcome != RowOutcome::rejected) add(*row);
        }
        if (pictures_looked_at_ > most_pictures)
            not_done_.push_back("Near duplicates were looked for among the first " +
                                std::to_string(most_pictures) + " pictures only.");
        if (recordings_listened_to_ > most_recordings)
            not_done_.push_back("Silence was looked for in the first " +
                                std::to_string(most_recordings) + " recordings only.");
        return add_tables();
    }

    /// The control of each kind that the labels answer: where predictions belong, whose files call
    /// it otherwise.
    Result<> learn_controls(const Format& format) {
        const auto reader = TRY(format.read(source_, context()));
        for (int n = 0; n < 1'000; ++n) {
            const auto row = TRY(reader->next());
            if (!row) return Done{};
            for (const auto& a : row->annotations)
                for (const auto& r : a.regions)
                    if (r.parent.empty()) control_of_.try_emplace(r.kind, r.control);
        }
        return Done{};
    }

    void add(const ImportedRow& row) {
        const auto item = item_of(row);
        GivenItem given;
        given.name = item.name;
        given.where = row.where;
        given.text = item.text;
        given.is_text = item.is_text;
        given.width = row.width, given.height = row.height;
        given.seconds = row.seconds;
        given.split = item.split.empty() ? split_in_path(row.where) : std::string_view(item.split);
        if (given.split.empty()) given.split = split_in_path(item.image);
        if (!item.image.empty() && !listen_to(item.image, given)) look_at(item.image, given);
        for (const auto& a : row.annotations) {
            if (a.skipped) continue;
            given.labels.push_back(
                {a.person, &a.regions, static_cast<double>(a.active_ms) / 1000, a.created});
            labels_ += static_cast<std::int64_t>(a.regions.size());
        }
        for (const auto& d : row.drafts)
            given.drafts.push_back({d.model, &d.regions, 0, d.created});
        auto predicted = predictions_for(item);
        for (const auto& p : predicted) given.drafts.push_back({p.model, &p.regions, 0, 0});
        for (const auto& d : given.drafts) drafts_ += static_cast<std::int64_t>(d.regions->size());
        const auto number = check_->add(given);
        if (!item.image.empty()) images_of_.emplace(number, item.image);
        if (!predictions_.tables().empty()) numbers_.emplace(bare_name(item.name), number);
    }

    std::vector<Prediction> predictions_for(const RowItem& item) {
        const auto* said = predictions_.empty() ? nullptr : predictions_.of(item.name, item.text);
        if (!said) return {};
        auto out = *said;
        for (auto& p : out)
            for (auto& r : p.regions)
                if (const auto at = control_of_.find(r.kind); at != control_of_.end())
                    r.control = at->second;
        return out;
    }

    /// False when it is no recording that there is.
    bool listen_to(const std::string& name, GivenItem& given) {
        if (is_image_name(name)) return false;
        if (++recordings_listened_to_ > most_recordings) return true;
        auto look = recordings_->look_at(name);
        if (look.bytes == 0) return false;
        given.bytes = look.bytes;
        if (look.seconds > 0) given.seconds = look.seconds;
        given.silences = std::move(look.silences);
        given.voiced = std::move(look.voiced);
        given.sound = std::move(look.print);
        return true;
    }

    void look_at(const std::string& image, GivenItem& given) {
        if (++pictures_looked_at_ > most_pictures) return;
        const auto look = pictures_->look_at(image);
        given.bytes = look.bytes;
        given.picture = look.hash;
        if (given.width <= 0 || given.height <= 0)
            given.width = look.width, given.height = look.height;
    }

    void add_crowd(const Crowd& crowd) {
        struct Answer {
            std::uint32_t person;
            Regions regions;
        };
        from_ = crowd.from;
        rows_ = crowd.rows;
        for (const auto& fault : crowd.faults) {
            const auto colon = fault.find(": ");
            check_->add_fault(fault.substr(0, colon), fault, true);
        }
        std::vector<std::vector<Rating>> of_item(crowd.items.size());
        const auto& question = crowd.questions.front();
        for (const auto& answer : question.answers) of_item[answer.unit].push_back(answer);
        for (std::size_t i = 0; i < crowd.items.size(); ++i) {
            std::vector<Answer> answers;
            for (const auto& rating : of_item[i]) {
                Region r;
                r.id = "r";
                r.control = question.name;
                r.labels = {question.values[rating.value]};
                answers.push_back({rating.rater, {std::move(r)}});
            }
            GivenItem given;
            given.name = crowd.items[i];
            for (const auto& a : answers)
                given.labels.push_back({crowd.people[a.person], &a.regions, 0, 0});
            labels_ += static_cast<std::int64_t>(answers.size());
            check_->add(given);
        }
    }

    /// Ties the rows of probability tables to items and to the choice that has their classes.
    Result<> add_tables() {
        const auto& corpus = check_->corpus();
        for (const auto& table : predictions_.tables()) {
            ClassProbabilities out;
            out.by = table.by;
            bool found = false;
            for (std::uint32_t c = 0; c < corpus.controls() && !found; ++c) {
                const auto& control = corpus.control(c);
                if (control.kind != ControlKind::choices) continue;
                out.control = c;
                out.classes.clear();
                for (const auto& name : table.classes)
                    out.classes.push_back(control.labels.find(name).value_or(no_label));
                found = std::any_of(out.classes.begin(), out.classes.end(),
                                    [](auto label) { return label != no_label; });
            }
            if (!found)
                return Refusal{Code::invalid, "No choice has a label of the table \"" + table.by +
                                                  "\": its columns must be called as the labels."};
            const auto classes = table.classes.size();
            for (std::size_t i = 0; i < table.items.size(); ++i) {
                const auto at = numbers_.find(bare_name(table.items[i]));
                if (at == numbers_.end()) continue;
                out.items.push_back(at->second);
                const auto row = std::span(table.rows).subspan(i * classes, classes);
                out.rows.insert(out.rows.end(), row.begin(), row.end());
            }
            given_probabilities_ = true;
            check_->add_probabilities(std::move(out));
        }
        return Done{};
    }

    /// Probabilities by the text learner, where no table gave them.
    void learn() {
        if (given_probabilities_ || !request_.options.wants(Check::label_error)) return;
        const auto& corpus = check_->corpus();
        for (std::uint32_t c = 0; c < corpus.controls(); ++c) {
            auto items = learnable_items(corpus, c);
            if (items.empty()) continue;
            if (items.size() > most_learned && !request_.learn_all) {
                not_done_.push_back("Label errors of \"" + corpus.control_name(c) +
                                    "\" were not looked for among " + std::to_string(items.size()) +
                                    " texts: that takes minutes; --learn does it.");
                continue;
            }
            auto learned = learned_probabilities(corpus, c, std::move(items));
            if (learned)
                check_->add_probabilities(*std::move(learned));
            else
                not_done_.push_back("Label errors of \"" + corpus.control_name(c) +
                                    "\" were not looked for: " + learned.refusal().message);
        }
    }

    /// Whether so many may be looked at without --learn; else the report says that they were not.
    bool may_look_at(std::size_t n, std::size_t most, const std::string& what) {
        if (n <= most || request_.learn_all) return true;
        not_done_.push_back(what + " among " + std::to_string(n) +
                            ": that takes minutes; --learn does it.");
        return false;
    }

    /// Items that are like no other.
    void measure_distances() {
        if (!request_.options.wants(Check::far_item)) return;
        const auto items = check_->corpus().items();
        const auto texts = static_cast<std::size_t>(std::count_if(
            items.begin(), items.end(), [](const CorpusItem& item) { return item.is_text; }));
        if (texts >= least_compared &&
            may_look_at(texts, most_compared, "Texts that are like no other were not looked for"))
            take(text_distances(check_->corpus()), "Texts that are like no other");
        std::vector<std::uint32_t> pictures;
        for (const auto& [item, name] : images_of_)
            if (items[item].picture) pictures.push_back(item);
        std::sort(pictures.begin(), pictures.end());
        if (pictures.size() < least_compared ||
            !may_look_at(pictures.size(), most_seen,
                         "Pictures that are like no other were not looked for"))
            return;
        const auto bytes = [this](std::uint32_t item) {
            return pictures_->bytes(images_of_.at(item));
        };
        take(picture_distances(pictures, bytes, request_.models_dir, embedded_),
             "Pictures that are like no other");
    }

    void take(Result<ItemDistances> distances, const std::string& what) {
        if (distances)
            check_->add_distances(*std::move(distances));
        else
            not_done_.push_back(what + " were not looked for: " + distances.refusal().message);
    }

    /// Boxes that contradict what a model sees that has not seen them, where no drafts are there.
    void see_boxes() {
        const auto& corpus = check_->corpus();
        if (!wants_boxes(request_.options)) return;
        for (std::uint32_t c = 0; c < corpus.controls(); ++c) {
            auto boxed = boxed_pictures(corpus, c);
            std::erase_if(boxed, [&](std::uint32_t i) { return !corpus.items()[i].picture; });
            if (boxed.size() < least_boxed) continue;
            const auto items = even_sample(boxed, most_boxed);
            const auto what = "Wrong boxes of \"" + corpus.control_name(c) + "\" were ";
            auto readings = read_boxes(c, items);
            if (!readings) {
                not_done_.push_back(what + "not looked for: " + readings.refusal().message);
                continue;
            }
            if (items.size() < boxed.size())
                not_done_.push_back(what + "looked for in " + std::to_string(items.size()) +
                                    " of " + std::to_string(boxed.size()) + " pictures.");
            for (auto& silent : boxes_not_told(corpus, *readings))
                not_done_.push_back(std::move(silent));
            check_->add_boxes(*std::move(readings));
        }
    }

    Result<BoxReadings> read_boxes(std::uint32_t control, const std::vector<std::uint32_t>& items) {
        auto net = TRY(NanoDet::load(request_.models_dir + "/nanodet.onnx"));
        const auto places = [&](std::uint32_t item) -> Result<std::vector<SeenBox>> {
            auto seen = TRY(see_picture(net, TRY(pictures_->bytes(images_of_.at(item)))));
            embedded_[item] = std::move(seen.embedding);
            return std::move(seen.places);
        };
        return box_readings(check_->corpus(), control, items, places,
                            request_.options.limits.near_picture_bits);
    }

    /// Spans that a learner of the other texts contradicts, where no model's drafts are there.
    void read_spans() {
        const auto& corpus = check_->corpus();
        for (std::uint32_t c = 0; c < corpus.controls(); ++c) {
            if (corpus.control(c).kind != ControlKind::spans || has_drafts(corpus, c)) continue;
            const auto labelled = labelled_texts(corpus);
            if (labelled < least_read || !may_look_at(labelled, most_read,
                                                      "Wrong spans of \"" + corpus.control_name(c) +
                                                          "\" were not looked for"))
                continue;
            auto readings = span_readings(corpus, c);
            if (readings)
                check_->add_readings(*std::move(readings));
            else
                not_done_.push_back("Wrong spans of \"" + corpus.control_name(c) +
                                    "\" were not looked for: " + readings.refusal().message);
        }
    }

    /// Segments that sound like another speaker, where no model's drafts are there.
    void hear_voices() {
        const auto& corpus = check_->corpus();
        if (!request_.options.wants(Check::swapped_label)) return;
        for (std::uint32_t c = 0; c < corpus.controls(); ++c) {
            if (!may_be_speakers(corpus, c) || has_drafts(corpus, c)) continue;
            const auto leave_out = [&](const std::string& why) {
                not_done_.push_back("Segments of \"" + corpus.control_name(c) +
                                    "\" that sound like another were not looked for" + why);
            };
            const double seconds = voiced_recordings_seconds(corpus, c);
            if (seconds > most_voice_seconds && !request_.learn_all) {
                leave_out(" in " + std::to_string(static_cast<int>(seconds / 3600)) +
                          " hours of sound: that takes minutes; --learn does it.");
                continue;
            }
            auto voices = voice_readings(corpus, c, [this](std::uint32_t item) {
                return recordings_->sound(images_of_.at(item));
            });
            if (voices)
                check_->add_voices(*std::move(voices));
            else
                leave_out(": " + voices.refusal().message);
        }
    }

    CheckRequest request_;
    std::shared_ptr<DatasetCheck> check_;
    std::shared_ptr<const Source> source_;
    std::shared_ptr<PictureFiles> pictures_;
    std::shared_ptr<RecordingFiles> recordings_;
    Predictions predictions_;
    std::map<ControlKind, std::string> control_of_;
    std::unordered_map<std::uint32_t, std::string> images_of_;
    std::unordered_map<std::uint32_t, std::string> embedded_;  ///< What NanoDet makes of items.
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::string from_;
    std::int64_t rows_ = 0, labels_ = 0, drafts_ = 0;
    std::size_t pictures_looked_at_ = 0, recordings_listened_to_ = 0;
    bool given_probabilities_ = false;
    std::vector<std::string> not_done_;
};

}  // namespace

std::string_view CheckReport::where(const Finding& finding) const {
    if (const auto* of = item(finding.item)) return of->where;
    const bool is_row =
        finding.check == Check::unreadable_row || finding.check == Check::mended_row;
    return is_row ? std::string_view(finding.region) : std::string_view();
}

std::string_view CheckReport::name_of_item(const Finding& finding) const {
    const auto* of = item(finding.item);
    return of && !of->name.empty() ? of->name : where(finding);
}

Result<CheckReport> check_files(CheckRequest request) {
    return FileCheck(std::move(request)).run();
}

}  // namespace countersign
