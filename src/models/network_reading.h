// From the outputs of somebody's own network to a draft, as a model's config says: boxes by the
// table of detectors (detector_decoders.h), or a choice.
//
// Config:
//   "control"     the control it drafts; else the schema's first of boxes or choices
//   "reads"       the model whose boxes it classifies, one by one (box_classifier.h): its control
//   is
//                 then one of boxes or of choices about each region
//   "names"       the names of the model's labels, in its order
//   "map"         {"car": "Vehicle", ...}; without it names are matched to labels by themselves
//   "decoder"     a row of detector_families(), or "auto"
//   "threshold"   least score of a box (0.25), or of a further label of a multiple choice (0.5)
//   "overlap"     of two boxes of one name over this IoU the better one stays (0.6)
//   "first_label" the number of the first name, where the family's is not the model's
//   "activation"  of a classifier: "auto", "softmax", "sigmoid", "none"
//   "input"       {"width", "height", "fit", "channels", "mean", "deviation", "around"}: what
//   differs
//                 from the family's
//   "calibration" [[score, probability], ...]; without it drafts say no probability
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/classifier_decode.h"
#include "models/detector_decoders.h"
#include "models/drafter.h"
#include "models/score_map.h"

namespace countersign {

/// The fields of a config that NetworkReading takes.
std::vector<ConfigField> network_fields();
/// check_config() of a kind that has these among its fields.
Result<> check_network_config(std::string_view kind, const std::vector<ConfigField>& fields,
                              const Json& config);

class NetworkReading {
public:
    /// `own_names`: what the model says itself; the config's go first. Refuses what the schema or
    /// the table does not have, by name.
    static Result<NetworkReading> from(const Schema& schema, const Json& config,
                                       std::vector<std::string> own_names);

    const Control& control() const { return control_; }
    /// The model whose boxes it classifies; empty: it looks at the whole picture.
    const std::string& reads() const { return reads_; }
    bool classifies() const { return control_.kind == ControlKind::choices || !reads_.empty(); }
    /// Pixels of the input, given what the model says of it (0: nothing).
    std::pair<int, int> input_size(int width, int height) const;
    /// Settles a decoder left to "auto", and names that nobody gave, by outputs of the right shape.
    /// Refuses with Code::unsupported, saying what came.
    Result<> settle(std::span<const Tensor> outputs, int input_width, int input_height);
    /// How a picture is prepared; after settle().
    PictureInput input() const;
    Placing placing(const Image& image, int input_width, int input_height) const;

    Result<DraftAnswer> answer(std::span<const Tensor> outputs, const Placing& placing) const;
    /// A classifier's answer: at most one region, of the control's kind and without a place.
    Result<DraftAnswer> choice(std::span<const Tensor> outputs) const;

private:
    struct Given {
        int width = 0, height = 0;
        std::optional<Fit> fit;
        std::optional<Channels> channels;
        std::optional<std::array<float, 3>> mean, deviation;
        std::optional<float> around;
    };
    Result<> read_input(const Json& input);
    Result<> read_numbers(const Json& config);
    Result<> read_map(const Json& config);
    void match_names();
    Result<DraftAnswer> boxes(std::span<const Tensor> outputs, const Placing& placing) const;
    Region region(std::size_t number, std::string label, double score) const;

    Control control_;
    std::string reads_;
    std::vector<std::string> names_;
    std::vector<int> labels_;  ///< Of each name: index in the control, or -1.
    Json map_;
    const DetectorFamily* family_ = nullptr;
    Given given_;
    double threshold_ = 0, overlap_ = 0.6;
    std::optional<int> first_label_;
    Activation activation_ = Activation::automatic;
    std::optional<ScoreMap> calibration_;
};

}  // namespace countersign
