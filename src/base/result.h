// A refusal is a value. A breakdown is an exception.
//
// Result<T> carries an answer the caller must be ready to hear: not found, conflict, bad input,
// model unavailable. A broken world (lost database, full disk, a bug) throws Breakdown (or any
// std::exception) and is caught in three places only: the HTTP dispatcher, the job runner, main().
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace countersign {

/// Why a request was refused. Each code has one row in refusal_table().
enum class Code {
    invalid,
    unauthenticated,
    forbidden,
    not_found,
    conflict,
    too_large,
    too_many,
    unsupported,
    unavailable,
    cancelled
};

struct CodeRow {
    Code code;
    std::string_view name;   ///< On the wire: problem+json "code".
    std::string_view title;  ///< problem+json "title": what kind of refusal it is.
    int http_status;
    int exit_code;
};
std::span<const CodeRow> refusal_table();
const CodeRow& row_of(Code code);

struct [[nodiscard]] Refusal {
    Code code;
    std::string message;  ///< One sentence for a person: the thing at fault and the next step.
};

struct Breakdown : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Done {};  ///< The value of a Result that has nothing to say.

template <class T = Done>
class [[nodiscard]] Result {
public:
    Result(T value) : v_(std::in_place_index<0>, std::move(value)) {}
    Result(Refusal why) : v_(std::in_place_index<1>, std::move(why)) {}

    explicit operator bool() const { return v_.index() == 0; }
    T& operator*() & { return std::get<0>(v_); }
    const T& operator*() const& { return std::get<0>(v_); }
    T&& operator*() && { return std::get<0>(std::move(v_)); }
    T* operator->() { return &std::get<0>(v_); }
    const T* operator->() const { return &std::get<0>(v_); }
    const Refusal& refusal() const& { return std::get<1>(v_); }
    Refusal&& refusal() && { return std::get<1>(std::move(v_)); }

private:
    std::variant<T, Refusal> v_;
};

/// TRY(f()) is the value of f(), or returns f()'s refusal from the enclosing function. The counter
/// gives nested uses names of their own.
#define TRY(...) COUNTERSIGN_TRY_(__COUNTER__, __VA_ARGS__)
#define COUNTERSIGN_TRY_(n, ...) COUNTERSIGN_TRY_AS_(n, __VA_ARGS__)
#define COUNTERSIGN_TRY_AS_(n, ...)                                      \
    __extension__({                                                      \
        auto try_result_##n = (__VA_ARGS__);                             \
        if (!try_result_##n) return std::move(try_result_##n).refusal(); \
        *std::move(try_result_##n);                                      \
    })

}  // namespace countersign
