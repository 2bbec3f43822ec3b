// The `value` of one Label Studio region: percent becomes pixels, UTF-16 offsets become code
// points, labels become the schema's.
#pragma once

#include "formats/label_studio_regions.h"

namespace countersign {

class LabelStudioValues {
public:
    explicit LabelStudioValues(const ResultContext& context) : c_(context) {}
    /// Place, text or rating, as `r.kind` says; not its labels.
    Result<> take(Dom item, Dom value, Region& r) const;
    Result<> take_labels(Dom value, std::string_view type, Region& r) const;

private:
    Result<std::pair<double, double>> image_size(Dom item) const;
    Result<> take_box(Dom item, Dom value, Region& r) const;
    Result<> take_polygon(Dom item, Dom value, Region& r) const;
    Result<> take_painted(Dom item, Dom rle, Region& r) const;
    Result<> take_point(Dom item, Dom value, Region& r) const;
    Result<> take_span(Dom item, Dom value, Region& r) const;
    Result<> take_segment(Dom item, Dom value, Region& r) const;
    Result<> take_text(Dom item, Dom value, Region& r) const;
    Result<> take_nothing(Dom item, Dom value, Region& r) const;

    const ResultContext& c_;
};

}  // namespace countersign
