#include "core/task_filter.h"

#include <doctest/doctest.h>

namespace countersign {

namespace {

/// The one text of what `text` says, or why it is refused.
std::string read_back(std::string_view text) {
    const auto filter = parse_task_filter(text);
    if (!filter) return filter.refusal().message;
    const auto again = parse_task_filter(filter_text(*filter));
    REQUIRE(again);
    CHECK(*again == *filter);
    return filter_text(*filter);
}

constexpr Millis noon = 1'700'000'000'000;  // 2023-11-14T22:13:20Z

TimeRange times(std::string_view text) {
    const auto filter = parse_task_filter(text);
    REQUIRE(filter);
    return time_range(filter->terms.at(0).values.at(0), noon);
}

}  // namespace

TEST_CASE("a filter reads back as what it says") {
    for (const std::string_view text :
         {"", "state:ready", "state:ready,leased -flagged:yes", "label:cat,animal=dog",
          R"(-label:"my control"="a \"big\" dog")", "probability:0.2..0.6 confidence:..0.5",
          "by:ada,me assigned:anyone", R"(text:"late parcel")", "import:j000000000c",
          "created:7d.. decided:2026-11-01..2026-11-30", "decided:2026-11-01", "probability:1",
          "text:a:b", "key:..", "created:2026-11-29T08:05..12h", "decided:7d..7d"})
        CHECK(read_back(text) == text);
    CHECK(read_back("  state:ready   lane:edge ") == "state:ready lane:edge");
    CHECK(read_back("text:\"plain\"") == "text:plain");
}

TEST_CASE("a filter that is wrong is refused by the part at fault") {
    const auto says = [](std::string_view text, std::string_view part) {
        const auto why = parse_task_filter(text);
        REQUIRE(!why);
        INFO(why.refusal().message);
        CHECK(why.refusal().message.find(part) != std::string::npos);
    };
    says("parcel", R"("parcel": write field:value)");
    says("state:ready colour:red", R"("colour": write field:value)");
    says("state:ready,redy",
         R"("state:ready,redy": state is one of ready, leased, done, disputed)");
    says("state:", R"("state:": a value is missing)");
    says("state:ready,", R"("state:ready,": a value is missing)");
    says("-flagged:maybe", R"("-flagged:maybe": say yes or no)");
    says("probability:0.9..0.1", "the lower end comes first");
    says("probability:2", "numbers from 0 to 1");
    says("probability:..", "numbers from 0 to 1");
    says("probability:nan..", "numbers from 0 to 1");
    says("decided:2026-02-30", "range of times");
    says("decided:7d", "range of times");
    says("created:2026-11-29T24:00..", "range of times");
    says(R"(text:"open)", "a quote is not closed");
    says(R"(text:"\n")", "backslash");
    says(R"(text:"a"b)", "cannot stand here");
    says(R"(text:"a"éb)", R"("text:"a"é": this cannot stand here)");
    says("label:=cat", "no control");
    says("state:a=b", "one of ready");
    says("import:t0000000001", "as j0000000012");
    says("text:\xff", "not UTF-8");
    says("text:" + std::string(2000, 'a'), "2,000 bytes");
    says("action:skipped", "action is one of");
}

TEST_CASE("a day at the upper end is included whole, and an age counts from now") {
    const auto days = times("decided:2023-11-01..2023-11-02");
    CHECK(days.from == 1'698'796'800'000);
    CHECK(days.before == 1'698'796'800'000 + 2 * 86'400'000);
    CHECK(times("created:2023-11-01T10:30..").from == 1'698'796'800'000 + 37'800'000);
    CHECK(!times("created:2023-11-01..").before);
    const auto week = times("created:7d..1h");
    CHECK(week.from == noon - 7 * 86'400'000);
    CHECK(week.before == noon - 3'600'000);
}

TEST_CASE("a sort reads back, and names what there is when it does not") {
    for (const std::string_view text : {"imported", "-decided", "key", "-probability"})
        CHECK(sort_text(*parse_task_sort(text)) == text);
    CHECK(*parse_task_sort("") == TaskSort{});
    CHECK(!parse_task_sort("size"));
    CHECK(!parse_task_sort("--key"));
}

TEST_CASE("who may not see drafts, arms and assignments may not ask by them either") {
    Caller annotator, supervisor;
    supervisor.role = Role::supervisor;
    for (const auto& field : filter_fields()) {
        INFO(std::string(field.name));
        TaskFilter filter;
        filter.terms.push_back({field.field, false, {{}}});
        filter.terms[0].values[0].text = "x";
        CHECK(check_may_ask(supervisor, filter, {}));
        const bool open = field.for_all && field.field != FilterField::assigned;
        for (const bool none_of : {false, true}) {
            filter.terms[0].none_of = none_of;
            CHECK(static_cast<bool>(check_may_ask(annotator, filter, {})) == open);
        }
    }
    CHECK(check_may_ask(annotator, *parse_task_filter("assigned:me"), {}));
    CHECK(!check_may_ask(annotator, *parse_task_filter("assigned:me,ada"), {}));
    CHECK(check_may_ask(annotator, {}, {TaskOrder::decided, true}));
    CHECK(!check_may_ask(annotator, {}, {TaskOrder::probability, false}));
    CHECK(check_may_ask(supervisor, {}, {TaskOrder::probability, false}));
}

}  // namespace countersign
