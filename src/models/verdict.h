// How a check of grounding leaves its verdict on a region.
#pragma once

#include <string>

#include "core/region.h"

namespace countersign {

/// A verdict only gets worse; the first reason for the worst stays in front.
inline void find_fault(Region& region, Grounding verdict, const std::string& reason) {
    if (verdict > region.grounding) {
        region.grounding = verdict;
        region.reason = region.reason.empty() ? reason : reason + " " + region.reason;
    } else {
        region.reason += (region.reason.empty() ? "" : " ") + reason;
    }
}

}  // namespace countersign
