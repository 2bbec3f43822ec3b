#include <algorithm>

#include "models/anthropic.h"
#include "models/drafter.h"
#include "models/ensemble.h"
#include "models/face_drafter.h"
#include "models/label_studio_ml.h"
#include "models/nanodet_drafter.h"
#include "models/object_learner.h"
#include "models/onnx_drafter.h"
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

namespace countersign {

std::span<const ModelKind> model_kinds() {
    static const ModelKind rows[] = {
        nanodet_kind(),        blazeface_kind(),     object_learner_kind(),
        text_learner_kind(),   span_learner_kind(),  picture_learner_kind(),
        onnx_kind(),           openai_chat_kind(),   anthropic_kind(),
        text_reader_kind(),    speakers_kind(),      pocketsphinx_kind(),
        open_inference_kind(), transcription_kind(), label_studio_ml_kind(),
        subprocess_kind(),     ensemble_kind(),
    };
    return rows;
}

const ModelKind* find_model_kind(std::string_view kind) {
    const auto rows = model_kinds();
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const ModelKind& row) { return row.kind == kind; });
    return found == rows.end() ? nullptr : &*found;
}

bool should_train(const ModelKind& kind, std::size_t labels_now, std::size_t learned_from) {
    return labels_now >= kind.least_labels &&
           static_cast<double>(labels_now) >= 1.3 * static_cast<double>(learned_from);
}

}  // namespace countersign
