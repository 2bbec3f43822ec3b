// People's boxes against those of models that have not seen them.
#include <doctest/doctest.h>

#include <deque>

#include "quality/dataset_check.h"

using namespace countersign;

namespace {

/// Pictures of 400 x 100 with a cat at 0, a dog at 100 and a bee at 200, each 40 wide and high. A
/// model reads cats and dogs where they are, and bees never.
class Zoo {
public:
    explicit Zoo(CheckOptions options = {}) : check_(options) {}

    /// `change`: of the boxes drawn in one more picture, and of those read there.
    template <class Change>
    Zoo& picture(const Change& change) {
        auto& drawn = kept_.emplace_back();
        auto& read = reads_.emplace_back();
        for (int i = 0; i < 3; ++i) {
            drawn.push_back(box(i, 100.0 * i));
            if (i < 2) read.push_back(reading(100.0 * i, static_cast<std::uint32_t>(i), 0.8));
        }
        change(drawn, read);
        GivenItem item;
        item.name = names_.emplace_back("p" + std::to_string(names_.size()));
        item.width = 400, item.height = 100;
        item.labels.push_back({"eve", &drawn, 0, 0});
        check_.add(item);
        return *this;
    }
    Zoo& pictures(int n) {
        for (int i = 0; i < n; ++i) picture([](auto&, auto&) {});
        return *this;
    }

    static Region box(int label, double x) {
        static constexpr const char* labels[] = {"cat", "dog", "bee"};
        Region r;
        r.id = labels[label];
        r.control = "animal";
        r.kind = ControlKind::boxes;
        r.labels = {labels[label]};
        r.x = x, r.y = 10, r.width = r.height = 40;
        return r;
    }
    static BoxReadings::Read reading(double x, std::uint32_t label, double probability) {
        return {x, 10, x + 40, 50, label, probability};
    }

    BoxReadings readings() const {
        BoxReadings out;
        out.by = "a model";
        for (std::uint32_t i = 0; i < reads_.size(); ++i) out.items.push_back(i);
        out.reads = reads_;
        return out;
    }
    std::vector<BoxStanding> standing() const {
        return standing_of_boxes(check_.corpus(), readings());
    }
    std::vector<std::string> found() {
        check_.add_boxes(readings());
        std::vector<std::string> out;
        for (const auto& f : check_.finish()) {
            if (row_of(f.check).kind != FindingKind::label_error) continue;
            REQUIRE(f.place);
            out.push_back(std::string(row_of(f.check).name) + " " + f.label + " at " +
                          std::to_string(static_cast<int>(f.place->x)));
        }
        return out;
    }

private:
    DatasetCheck check_;
    std::deque<Regions> kept_;
    std::vector<std::vector<BoxReadings::Read>> reads_;
    std::deque<std::string> names_;
};

using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("a box that is left out, renamed, moved, or drawn around nothing is named") {
    Zoo zoo;
    zoo.pictures(20);
    SUBCASE("nothing is wrong") {
        CHECK(zoo.found().empty());
    }
    SUBCASE("left out") {
        zoo.picture([](auto& drawn, auto&) { drawn.erase(drawn.begin()); });
        CHECK(zoo.found() == Said{"missing-region cat at 0"});
    }
    SUBCASE("renamed") {
        zoo.picture([](auto& drawn, auto&) { drawn[0].labels = {"bee"}; });
        CHECK(zoo.found() == Said{"swapped-label bee at 0"});
    }
    SUBCASE("moved") {
        zoo.picture([](auto& drawn, auto&) { drawn[1].x += 18; });
        CHECK(zoo.found() == Said{"misplaced-region dog at 118"});
    }
    SUBCASE("around nothing") {
        zoo.picture([](auto& drawn, auto&) { drawn.push_back(Zoo::box(1, 330)); });
        CHECK(zoo.found() == Said{"spurious-region dog at 330"});
    }
}

TEST_CASE("of a label that the model does not read nothing is said, and its standing says so") {
    Zoo zoo;
    zoo.pictures(20).picture([](auto& drawn, auto&) { drawn.push_back(Zoo::box(2, 330)); });
    const auto standing = zoo.standing();
    REQUIRE(standing.size() == 3);
    CHECK(standing[0].speaks());
    CHECK(standing[0].confirmed == doctest::Approx(1));
    CHECK(standing[0].well_placed == doctest::Approx(1));
    CHECK(!standing[2].speaks());
    CHECK(standing[2].boxes == 22);
    CHECK(zoo.found().empty());
}

TEST_CASE("a label whose boxes read are mostly wrong is not held against anybody") {
    Zoo zoo;
    for (int i = 0; i < 20; ++i)
        zoo.picture([](auto&, auto& read) {
            read.push_back(Zoo::reading(330, 0, 0.9));  // A cat where people see none.
        });
    CHECK(!zoo.standing()[0].speaks());
    CHECK(zoo.standing()[1].speaks());
    CHECK(zoo.found().empty());
}

TEST_CASE("what is read with less probability than is mostly right is not said") {
    Zoo zoo;
    zoo.pictures(20);
    for (int i = 0; i < 40; ++i)
        zoo.picture([](auto&, auto& read) { read.push_back(Zoo::reading(330, 0, 0.2)); });
    CHECK(zoo.standing()[0].sure == doctest::Approx(0.8));
    CHECK(zoo.found().empty());
}

TEST_CASE("a few boxes of a label are believed as far as those of all labels are") {
    const auto bees = [](int wrong) {
        Zoo zoo;
        zoo.pictures(20);
        for (int i = 0; i < 3; ++i)
            zoo.picture([](auto&, auto& read) { read.push_back(Zoo::reading(200, 2, 0.8)); });
        for (int i = 0; i < wrong; ++i)
            zoo.picture([](auto&, auto& read) {
                for (auto& one : read) one.left += 160, one.right += 160;
            });
        return zoo.standing()[2].speaks();
    };
    CHECK(bees(0));
    CHECK(!bees(60));
}

TEST_CASE(
    "whose boxes a model overlooks or draws elsewhere, theirs are not called wrong for that") {
    Zoo overlooked, elsewhere;
    overlooked.pictures(20);
    elsewhere.pictures(20);
    for (int i = 0; i < 15; ++i) {
        overlooked.picture([](auto&, auto& read) { read.pop_back(); });
        elsewhere.picture([](auto& drawn, auto&) { drawn[1].x += 11; });  // IoU 0.57
    }
    elsewhere.picture([](auto& drawn, auto&) { drawn[1].x += 18; });
    CHECK(overlooked.standing()[1].speaks());
    CHECK(!overlooked.standing()[1].tells_nothing_there());
    CHECK(overlooked.found().empty());
    CHECK(elsewhere.standing()[1].speaks());
    CHECK(!elsewhere.standing()[1].tells_places());
    CHECK(elsewhere.found().empty());
}

TEST_CASE("a box that two labels share is moved from neither") {
    Zoo zoo;
    zoo.pictures(20).picture([](auto& drawn, auto&) {
        drawn[1].x = 20;  // Behind the cat, where no dog is read.
    });
    const auto found = zoo.found();
    CHECK(std::find(found.begin(), found.end(), "misplaced-region cat at 0") == found.end());
}

TEST_CASE("checks of boxes that are switched off name nothing") {
    CheckOptions options;
    options.off.set(static_cast<std::size_t>(Check::missing_region));
    Zoo zoo(options);
    zoo.pictures(20).picture([](auto& drawn, auto&) { drawn.erase(drawn.begin()); });
    CHECK(zoo.found().empty());
}
