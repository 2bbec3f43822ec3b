// What a random sample says about the whole it was drawn from: exact, for a finite batch, without
// replacement. Nothing is approximated, so that the stated confidence holds for every size.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace countersign {

/// P(X <= errors) when `sample` of `population` items are drawn without replacement and `wrong` of
/// all are wrong (hypergeometric). All counts >= 0, wrong and sample <= population.
double hypergeometric_cdf(std::int64_t population, std::int64_t wrong, std::int64_t sample,
                          std::int64_t errors);

/// The exact one-sided upper bound: the largest number of wrong items in the population for which
/// at most `errors` in the sample still have a probability over `delta`. The true number exceeds it
/// with probability `delta` at most, whatever it is. delta in (0, 1), errors <= sample. (The finite
/// form of Clopper and Pearson 1934; Buonaccorsi 1987.) O(log population * errors).
std::int64_t most_wrong(std::int64_t population, std::int64_t sample, std::int64_t errors,
                        double delta);

/// The smallest sample in which `errors` wrong items still show, with confidence 1 - delta, that
/// the share of wrong ones in the population is at most `alpha`, in [0, 1); nothing when not even
/// looking at all of it would.
std::optional<std::int64_t> sample_size(std::int64_t population, std::int64_t errors, double alpha,
                                        double delta);

/// `sample` different places in [0, population), a function of its arguments only; every such set
/// has the same chance. In the order they were drawn. (Floyd's algorithm: Bentley and Floyd 1987.)
std::vector<std::int64_t> draw_sample(std::int64_t population, std::int64_t sample,
                                      std::uint64_t seed);

}  // namespace countersign
