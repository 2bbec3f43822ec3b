// Imports from a bucket: a small S3 of our own that checks every signature, and a real one when
// there is one (COUNTERSIGN_TEST_S3, see tests/s3).
#include "story.h"

#include <atomic>

#include "base/test_web.h"
#include "formats/s3_source.h"
#include "media/codecs.h"
#include "store/job_store.h"

using namespace countersign;
using namespace countersign::testing;

namespace {

const S3Keys good_keys{"AKID", "a secret key", ""};

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hex_pair = text[i] == '%' && i + 2 < text.size();
        out += hex_pair ? (*from_hex(lower_ascii(text.substr(i + 1, 2))))[0] : text[i];
        if (hex_pair) i += 2;
    }
    return out;
}

std::string escaped_xml(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '&' ? std::string("&amp;") : std::string(1, c);
    return out;
}

/// Lists two keys a page, serves ranges, and refuses what is not signed as it should be.
class SmallS3 {
public:
    std::map<std::string, std::string> objects;
    std::atomic<int> busy = 0;  ///< So many requests are answered with 503.
    TestWeb web{[this](const WebRequest& r) { return answer(r); }};

    S3Place place(std::string prefix) const {
        return {"media", std::move(prefix), web.url(""), "eu-central-1"};
    }

private:
    static std::string fault(int status, std::string_view code) {
        return web_answer(status, "<Error><Code>" + std::string(code) + "</Code></Error>");
    }

    static bool is_signed(const WebRequest& r, const std::string& path,
                          const std::map<std::string, std::string>& query) {
        S3Request again;
        again.host = r.header("host");
        again.path = path;
        again.query = query;
        for (const auto* name : {"range", "if-match"})
            if (const auto value = r.header(name); !value.empty()) again.headers[name] = value;
        const auto date = r.header("x-amz-date");  // Noon of the story's clock.
        for (const auto& [name, value] : sign_s3(again, good_keys, "eu-central-1", noon))
            if (name == "authorization") return value == r.header("authorization") && !date.empty();
        return false;
    }

    std::string answer(const WebRequest& r) {
        if (busy > 0 && busy-- > 0) return fault(503, "SlowDown");
        const auto mark = r.target.find('?');
        const auto path = r.target.substr(0, mark);
        std::map<std::string, std::string> query;
        if (mark != std::string::npos)
            for (const auto pair : split(std::string_view(r.target).substr(mark + 1), '&'))
                query[unescaped(pair.substr(0, pair.find('=')))] =
                    unescaped(pair.substr(pair.find('=') + 1));
        if (!is_signed(r, path, query)) return fault(403, "SignatureDoesNotMatch");
        if (path == "/media") return list(query);
        if (!path.starts_with("/media/")) return fault(404, "NoSuchBucket");
        const auto found = objects.find(unescaped(path.substr(7)));
        if (found == objects.end()) return fault(404, "NoSuchKey");
        std::size_t from = 0, to = 0;
        if (std::sscanf(r.header("range").c_str(), "bytes=%zu-%zu", &from, &to) != 2)
            return web_answer(200, found->second);
        return web_answer(206, std::string_view(found->second).substr(from, to - from + 1),
                          "ETag: \"1\"\r\n");
    }

    std::string list(const std::map<std::string, std::string>& query) {
        const auto& prefix = query.at("prefix");
        const auto after =
            query.contains("continuation-token") ? query.at("continuation-token") : std::string();
        std::string xml = "<?xml version=\"1.0\"?><ListBucketResult>", last;
        int n = 0;
        bool more = false;
        for (const auto& [key, bytes] : objects) {
            if (!key.starts_with(prefix) || (!after.empty() && key <= after)) continue;
            more = n == 2;
            if (more) break;
            xml += "<Contents><Key>" + escaped_xml(key) + "</Key><Size>" +
                   std::to_string(bytes.size()) + "</Size></Contents>";
            last = key;
            ++n;
        }
        xml += std::string("<IsTruncated>") + (more ? "true" : "false") + "</IsTruncated>";
        if (more) xml += "<NextContinuationToken>" + escaped_xml(last) + "</NextContinuationToken>";
        return web_answer(200, xml + "</ListBucketResult>");
    }
};

void open_network(Story& at, const S3Keys& keys = good_keys) {
    at.world.fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
    at.world.s3_keys = keys;
}

Job ended(Story& at, const Project& project, const S3Place& place, ImportOptions options = {}) {
    const auto job = Story::sure(at.imports.start_s3(at.boss, project.id, place, options));
    at.work();
    return Story::sure(at.jobs.find(job.id));
}

ImportReport report_of(const Job& job) {
    INFO(job.error);
    REQUIRE(job.state == JobState::done);
    return Story::sure(from_json<ImportReport>(job.result));
}

std::string grey(int n) {
    const Image image{40, 30, std::vector<std::uint8_t>(40 * 30 * 3, static_cast<std::uint8_t>(n))};
    return *encode_jpeg(image, 90);
}

Schema pictures() {
    Control kind;
    kind.name = "kind";
    kind.labels = {{"cat", "", "", "", {}}};
    return {Modality::image, "image", {kind}};
}

}  // namespace

TEST_CASE(
    "a folder of images in a bucket becomes tasks, page by page, with verdicts as for a folder") {
    each_story([](Story& at) {
        open_network(at);
        SmallS3 s3;
        for (int i = 1; i <= 7; ++i) s3.objects["photos/" + std::to_string(i) + ".jpg"] = grey(i);
        s3.objects["photos/a b+c&d/ü.jpg"] = grey(100);
        s3.objects["photos/broken.jpg"] = "not an image";
        s3.objects["photos/"] = "";
        s3.objects["photos/../x.jpg"] = "never read";
        s3.objects["photos2/other.jpg"] = grey(200);
        const auto project = at.project(0.02, pictures());
        for (const std::string prefix : {"photos", "photos/"}) {
            const auto report = report_of(ended(at, project, s3.place(prefix)));
            CHECK(report.format == "images");
            CHECK(report.accepted == 8);
            CHECK(report.rejected == 2);
            CHECK(report.added == (prefix == "photos" ? 8 : 0));
        }
        at.db.read([&](Session& s) {
            const auto task = find_task_by_key(s, project.id, "ü.jpg");
            REQUIRE(task);
            CHECK(Story::sure(at.blobs->get(find_media(s, task->media)->sha256)) == grey(100));
        });
    });
}

TEST_CASE("a JSONL object is streamed in parts, and an archive becomes its entries") {
    each_story([](Story& at) {
        open_network(at);
        SmallS3 s3;
        const std::string filler(500, 'x');
        std::string many;
        for (int i = 1; many.size() < (std::size_t{9} << 20); ++i)
            many += R"({"id":")" + std::to_string(i) + R"(","text":")" + filler + "\"}\n";
        const auto rows = std::count(many.begin(), many.end(), '\n');
        s3.objects["sets/tasks.jsonl"] = many;
        const auto project = at.project();
        s3.busy = 2;
        const auto report = report_of(ended(at, project, s3.place("sets/tasks.jsonl")));
        CHECK(report.format == "jsonl");
        CHECK(report.added == rows);
        std::error_code error;
        for (const auto& left :
             std::filesystem::directory_iterator(at.folder.path + "/uploads", error))
            FAIL(left.path().string());
    });
}

TEST_CASE("what the storage refuses is said with the next step") {
    each_story([](Story& at) {
        SmallS3 s3;
        s3.objects["a.jsonl"] = lines(1, 2);
        const auto project = at.project();
        const auto error = [&](S3Place place) { return ended(at, project, place).error; };
        open_network(at, {"AKID", "a wrong key", ""});
        CHECK(error(s3.place("")).find("SignatureDoesNotMatch") != std::string::npos);
        open_network(at, {});
        CHECK(error(s3.place("")).find("AWS_ACCESS_KEY_ID") != std::string::npos);
        open_network(at);
        auto other = s3.place("");
        other.bucket = "other";
        CHECK(error(other).find("NoSuchBucket") != std::string::npos);
        CHECK(error(s3.place("nothing/")).find("There is nothing at s3://media/nothing/") !=
              std::string::npos);
        auto path = s3.place("");
        path.endpoint += "/x";
        CHECK(error(path).find("has a path") != std::string::npos);
        at.world.fetcher = make_fetcher();
        CHECK(error(s3.place("")).find("--reach 127.0.0.1") != std::string::npos);
    });
}

TEST_CASE("a place in S3 is a bucket and a key, and nothing else") {
    CHECK(Story::sure(parse_s3("s3://media/a/b c.zip")).prefix == "a/b c.zip");
    CHECK(Story::sure(parse_s3("s3://my.media-2")).bucket == "my.media-2");
    for (const auto* text : {"s3://", "s3:///x", "s3://a/", "s3://a b/x", "s3://u@bucket/x",
                             "http://bucket/x", "s3://bucket?x/y"})
        CHECK_MESSAGE(!parse_s3(text), text);
}

TEST_CASE("a real S3 server gives what was put into it") {
    const char* url = std::getenv("COUNTERSIGN_TEST_S3");
    if (!url || !*url) {
        MESSAGE("skipped: COUNTERSIGN_TEST_S3 is not set (tests/s3 start)");
        return;
    }
    // "http://127.0.0.1:PORT ACCESS SECRET BUCKET", with what tests/s3 put into the bucket.
    const auto words = split(url, ' ');
    REQUIRE(words.size() == 4);
    const S3Keys keys{std::string(words[1]), std::string(words[2]), ""};
    const SystemClock clock;
    const auto fetcher = make_fetcher(*Reach::parse({"127.0.0.1"}));
    const S3Place place{std::string(words[3]), "photos", std::string(words[0]), "us-east-1"};
    const auto source = Story::sure(open_s3(place, {fetcher, keys, clock}, "/tmp"));
    std::vector<std::string> names;
    for (const auto& entry : source->entries()) names.push_back(entry.name);
    CHECK(names == std::vector<std::string>{"1.txt", "a b+c/ü.txt", "big.bin"});
    CHECK(Story::sure(source->read_all("a b+c/ü.txt")) == "ü");
    CHECK(Story::sure(source->read_all("big.bin")).size() == (std::size_t{20} << 20));
    const S3Keys wrong{keys.access, "wrong", ""};
    CHECK(open_s3(place, {fetcher, wrong, clock}, "/tmp").refusal().code == Code::forbidden);
}
