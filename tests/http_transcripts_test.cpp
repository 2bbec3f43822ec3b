// Runs tests/http/*.http: conversations with the API as data files that anyone can add.
//
//     # a comment
//     == what this part shows                  a new part; names that were kept stay
//     as supervisor                            who asks from here on: a role, or nobody
//     POST /projects {"name": "x"}             a request; below /api/v1 unless it starts with //
//     with Idempotency-Key: k1                 a header of the next request
//     run jobs                                 background jobs run until none is due
//     $web/x.jpg, $web/pips.wav                a picture, two seconds of sound on a server outside
//         201                                  what the answer must be: its status,
//         name = "x"                           a value in its JSON (a.b.0.c walks down),
//         keep id as project                   a value to use later as $project,
//         header Content-Type: problem+json    a part of a header,
//         has "error"                          or a piece of its body.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/test_web.h"
#include "base/text.h"
#include "media/codecs.h"
#include "media/wav.h"
#include "test_app.h"

namespace countersign {

namespace {

class Conversation {
public:
    explicit Conversation(TestApp& app) : app_(app) {
        for (const auto& row : enum_names(Role{}))
            headers_[std::string(row.name)] = app.sign_in(std::string(row.name), row.value);
        headers_["nobody"] = "";
        kept_["web"] = web_.url("");
        app.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
    }

    void line(std::string text) {
        if (const auto end = text.find_last_not_of(" \r"); end != std::string::npos)
            text.resize(end + 1);
        const auto words = std::string(trim(text));
        if (words.empty() || words[0] == '#') return;
        if (words.starts_with("== ")) {
            part_ = words.substr(3);
        } else if (words.starts_with("as ")) {
            REQUIRE_MESSAGE(headers_.contains(words.substr(3)), words);
            who_ = words.substr(3);
        } else if (words == "run jobs") {
            app_.jobs.run_until_idle();
        } else if (words.starts_with("with ")) {
            extra_ += filled(words.substr(5)) + "\r\n";
        } else if (text[0] == ' ') {
            expect(words);
        } else {
            ask(filled(words));
        }
    }

private:
    /// A bright disc in the middle of a dark picture.
    static Image disc() {
        constexpr int width = 160, height = 120, radius = 30;
        Image out{width, height, {}};
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const int dx = x - width / 2, dy = y - height / 2;
                const bool inside = dx * dx + dy * dy <= radius * radius;
                out.bgr.insert(out.bgr.end(), 3, inside ? 220 : 40);
            }
        return out;
    }
    /// The network outside, as $web: pictures, a receiver of webhooks, and what is not there.
    static std::string outside(const testing::WebRequest& r) {
        if (r.target == "/hook") return testing::web_answer(200, "thanks");
        if (r.target == "/disc.jpg") return testing::web_answer(200, *encode_jpeg(disc(), 90));
        if (r.target == "/pips.wav")
            return testing::web_answer(200,
                                       wav_file(std::vector<std::int16_t>(16'000, 8192), 8000));
        if (!r.target.ends_with(".jpg")) return testing::web_answer(404, "no");
        const Image grey{32, 24, std::vector<std::uint8_t>(std::size_t{32} * 24 * 3, 128)};
        return testing::web_answer(200, *encode_jpeg(grey, 80));
    }

    std::string filled(std::string text) const {
        for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept)
            for (auto at = text.find('$' + kept->first); at != std::string::npos;
                 at = text.find('$' + kept->first))
                text.replace(at, kept->first.size() + 1, kept->second);
        return text;
    }

    void ask(const std::string& request) {
        request_ = request;
        const auto method = request.substr(0, request.find(' '));
        auto rest = request.substr(method.size() + 1);
        const auto space = rest.find(' ');
        auto path = rest.substr(0, space);
        const auto body = space == std::string::npos ? std::string() : rest.substr(space + 1);
        path = path.starts_with("//") ? path.substr(1) : "/api/v1" + path;
        auto headers = headers_[who_] + extra_;
        if (!body.empty() && extra_.find("Content-Type") == std::string::npos)
            headers += "Content-Type: application/json\r\n";
        extra_.clear();
        TestClient client(app_.port());
        answer_ = client.ask(method, path, headers, body);
    }

    const Json* value_at(const std::string& path) {
        json_ = answer_.json();
        const Json* value = &json_;
        for (const auto step : split(path, '.')) {
            const std::string name(step);
            if (value->is_array() && name.find_first_not_of("0123456789") == std::string::npos &&
                std::stoul(name) < value->size())
                value = &(*value)[std::stoul(name)];
            else if (value->is_object() && value->contains(name))
                value = &(*value)[name];
            else
                return nullptr;
        }
        return value;
    }

    void expect(const std::string& words) {
        CAPTURE(part_);
        CAPTURE(who_);
        CAPTURE(request_);
        CAPTURE(words);
        CAPTURE(answer_.status);
        CAPTURE(answer_.body);
        if (words.find_first_not_of("0123456789") == std::string::npos) {
            CHECK(answer_.status == std::stoi(words));
        } else if (words.starts_with("keep ")) {
            const auto as = words.find(" as ");
            const auto* value = value_at(words.substr(5, as - 5));
            REQUIRE(value);
            kept_[words.substr(as + 4)] =
                value->is_string() ? value->get<std::string>() : to_text(*value);
        } else if (words.starts_with("header ")) {
            const auto colon = words.find(": ");
            const auto found = answer_.header(lower_ascii(words.substr(7, colon - 7)));
            CAPTURE(found);
            CHECK(found.find(filled(words.substr(colon + 2))) != std::string::npos);
        } else if (words.starts_with("has ")) {
            CHECK(answer_.body.find(filled(words.substr(4))) != std::string::npos);
        } else {
            const auto equals = words.find(" = ");
            REQUIRE(equals != std::string::npos);
            const auto* value = value_at(words.substr(0, equals));
            REQUIRE(value);
            CHECK(to_text(*value) == filled(words.substr(equals + 3)));
        }
    }

    TestApp& app_;
    testing::TestWeb web_{outside};
    std::map<std::string, std::string> headers_, kept_;
    std::string part_, who_ = "nobody", request_, extra_;
    Answered answer_;
    Json json_;
};

std::vector<std::filesystem::path> transcripts() {
    const char* source = std::getenv("COUNTERSIGN_SOURCE");
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(source ? source : ".") / "tests/http"))
        if (entry.path().extension() == ".http") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

TEST_CASE("every conversation in tests/http goes as it is written") {
    const auto files = transcripts();
    REQUIRE_FALSE(files.empty());
    for (const auto& file : files) {
        CAPTURE(file.filename().string());
        TestApp app;
        Conversation conversation(app);
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);) conversation.line(line);
    }
}

}  // namespace countersign
