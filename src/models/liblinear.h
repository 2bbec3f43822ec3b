// Linear support vector machines, one class against the rest, by LIBLINEAR (Fan et al. 2008; solver
// 1, L2-regularised squared hinge loss in the dual: Hsieh et al. 2008). The header of the library
// is named in liblinear.cpp only.
//
// LIBLINEAR draws from the C library's rand() and prints through a global: calls into it hold one
// process-wide lock, seed rand() and are silenced, so that results repeat. The lock is held for one
// class at a time, which is also how soon a stop is heard.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

#include "models/adagrad.h"
#include "models/linear_model.h"

namespace countersign {

/// Trains on the examples and returns the decision values' weights (about -1 to 1, not
/// probabilities). C = `cost`. Class k's examples cost min(10, n / (classes present * n_k)) times
/// as much, so that rare classes count. An example's weight, relative to the lightest, is honoured
/// by repeating it up to four times. A class without examples always answers -1. A stopped token
/// ends it between classes.
LinearModel train_svc(std::span<const TextExample> examples, int classes, int bits,
                      std::uint64_t seed, const std::stop_token& stop, double cost = 1);

}  // namespace countersign
