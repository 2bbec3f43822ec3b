#include "formats/s3_source.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <pugixml.hpp>
#include <thread>

#include "base/crypto.h"
#include "base/text.h"
#include "formats/reader.h"
#include "formats/xml.h"

namespace countersign {

namespace {

constexpr std::int64_t piece_bytes = 8 << 20, page_bytes = 16 << 20;
constexpr Millis piece_ms = 120'000;
constexpr int attempts = 3;
constexpr std::size_t most_left_out = 1000;

std::string child_text(const pugi::xml_node& node, const char* name) {
    return node.child(name).text().get();
}

/// One bucket, asked with signed requests.
class S3Bucket {
public:
    S3Bucket(S3Place place, S3Access access, Url endpoint)
        : place_(std::move(place)), access_(std::move(access)), endpoint_(std::move(endpoint)) {}

    const S3Place& place() const { return place_; }

    struct Object {
        std::string key;
        std::int64_t bytes = 0;
    };
    /// Calls `each` for every object whose key begins with `prefix`, in pages of `page` keys.
    Result<> list(const std::string& prefix, int page, bool only_first,
                  const std::function<Result<>(const Object&)>& each) const {
        std::string token;
        do {
            S3Request request;
            request.query = {
                {"list-type", "2"}, {"prefix", prefix}, {"max-keys", std::to_string(page)}};
            if (!token.empty()) request.query["continuation-token"] = token;
            const auto answer = TRY(ask(std::move(request), "", page_bytes));
            pugi::xml_document document;
            if (xml_depth(answer.body) > deepest_xml ||
                !document.load_buffer(answer.body.data(), answer.body.size()))
                return Refusal{Code::unavailable,
                               "The storage at \"" + endpoint_.host +
                                   "\" does not answer as S3 does: see that --s3-endpoint is the "
                                   "address of its S3 interface."};
            const auto root = document.child("ListBucketResult");
            for (const auto& node : root.children("Contents"))
                TRY(each({child_text(node, "Key"),
                          std::strtoll(child_text(node, "Size").c_str(), nullptr, 10)}));
            auto next = child_text(root, "NextContinuationToken");
            const bool more = child_text(root, "IsTruncated") == "true" && !only_first;
            if (more && (next.empty() || next == token))
                return Refusal{Code::unavailable, "The storage at \"" + endpoint_.host +
                                                      "\" does not say how its list goes on."};
            token = more ? std::move(next) : std::string();
        } while (!token.empty());
        return Done{};
    }

    /// Bytes [from, from + n) of an object; `etag` is filled by the first and holds for the others.
    Result<std::string> piece(const std::string& key, std::int64_t from, std::int64_t n,
                              std::string& etag) const {
        S3Request request;
        request.headers["range"] =
            "bytes=" + std::to_string(from) + "-" + std::to_string(from + n - 1);
        if (!etag.empty()) request.headers["if-match"] = etag;
        auto answer = TRY(ask(std::move(request), key, n));
        if (etag.empty()) etag = answer.header("etag");
        return std::move(answer.body);
    }

private:
    Result<Fetched> ask(S3Request request, const std::string& key, std::int64_t most) const {
        Url url = endpoint_;
        const bool by_path = !place_.endpoint.empty();
        if (!by_path) url.host = place_.bucket + "." + endpoint_.host;
        url.target = by_path ? "/" + place_.bucket : std::string();
        if (!key.empty() || !by_path) url.target += "/" + s3_encoded(key, true);
        request.host = url.authority();
        request.path = url.target;
        if (const auto query = request.query_text(); !query.empty()) url.target += "?" + query;
        for (int attempt = 1;; ++attempt) {
            FetchRequest fetch;
            fetch.url = url.text();
            fetch.headers = sign_s3(request, access_.keys, place_.region, access_.clock.now());
            fetch.max_bytes = most;
            fetch.max_redirects = 0;
            fetch.total_ms = piece_ms;
            fetch.cancelled = access_.cancelled;
            auto answer = access_.fetcher->fetch(fetch);
            if (answer && answer->good()) return answer;
            auto refusal = answer ? refusal_of(*answer, key) : answer.refusal();
            if (refusal.code != Code::unavailable || attempt == attempts) return refusal;
            std::this_thread::sleep_for(std::chrono::milliseconds(250 << attempt));
            if (access_.cancelled && access_.cancelled()) return refusal;
        }
    }

    Refusal refusal_of(const Fetched& answer, const std::string& key) const {
        const auto code = code_in(answer.body);
        const auto what =
            key.empty() ? "The bucket " + in_quotes(place_.bucket) : "The object " + in_quotes(key);
        const auto said =
            " (" + std::to_string(answer.status) + (code.empty() ? "" : " " + code) + ")";
        if (answer.status == 404) return {Code::not_found, what + " is not there" + said + "."};
        if (answer.status == 412)
            return {Code::conflict, what + " was changed while it was read: import it again."};
        const auto region = answer.header("x-amz-bucket-region");
        if ((answer.status >= 300 && answer.status < 400) || code == "AuthorizationHeaderMalformed")
            return {Code::invalid, what + " is kept elsewhere" + said + ": say its --region" +
                                       (region.empty() ? "." : ", " + std::string(region) + ".")};
        if (answer.status == 401 || answer.status == 403)
            return {Code::forbidden,
                    what + " is not open to " +
                        (access_.keys.empty()
                             ? std::string("anybody, and AWS_ACCESS_KEY_ID and "
                                           "AWS_SECRET_ACCESS_KEY are not set")
                             : "the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") +
                        said + "."};
        const bool later = answer.status == 429 || answer.status >= 500;
        return {later ? Code::unavailable : Code::invalid, what + " cannot be read" + said + "."};
    }

    static std::string code_in(std::string_view body) {
        pugi::xml_document document;
        if (xml_depth(body) > deepest_xml || !document.load_buffer(body.data(), body.size()))
            return {};
        std::string code = child_text(document.child("Error"), "Code");
        const bool word = code.size() <= 60 && std::all_of(code.begin(), code.end(), [](char c) {
                              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                          });
        return word ? code : std::string();
    }

    S3Place place_;
    S3Access access_;
    Url endpoint_;
};

ReadBytes reader_of(std::shared_ptr<const S3Bucket> bucket, std::string key, std::int64_t bytes) {
    struct Place {
        std::int64_t fetched = 0;
        std::size_t given = 0;
        std::string piece, etag;
    };
    return [bucket = std::move(bucket), key = std::move(key), bytes,
            at = std::make_shared<Place>()](char* into, std::size_t room) -> Result<std::size_t> {
        if (at->given == at->piece.size()) {
            if (at->fetched >= bytes) return std::size_t{0};
            const auto n = std::min(piece_bytes, bytes - at->fetched);
            at->piece = TRY(bucket->piece(key, at->fetched, n, at->etag));
            if (static_cast<std::int64_t>(at->piece.size()) != n)
                return Refusal{Code::unavailable, "The storage gave another part of the object " +
                                                      in_quotes(key) + " than was asked for."};
            at->fetched += n;
            at->given = 0;
        }
        const auto n = at->piece.copy(into, room, at->given);
        at->given += n;
        return n;
    };
}

class S3Source final : public Source {
public:
    explicit S3Source(std::shared_ptr<const S3Bucket> bucket) : bucket_(std::move(bucket)) {}

    Result<> fill(const std::string& folder) {
        return bucket_->list(folder, 1000, false, [&](const S3Bucket::Object& object) -> Result<> {
            if (!object.key.starts_with(folder))
                return Refusal{Code::unavailable, "The storage lists " + in_quotes(object.key) +
                                                      ", which is not in the folder " +
                                                      in_quotes(folder) + " that was asked for."};
            auto name = object.key.substr(folder.size());
            if (name.empty() || (name.ends_with('/') && object.bytes == 0)) return Done{};
            if (is_system_file(name)) return Done{};
            if (const auto fault = fault_of_name(name); !fault.empty()) {
                if (left_out_.size() < most_left_out)
                    left_out_.push_back({repair_utf8(name), std::string(fault)});
                return Done{};
            }
            entries_.push_back({std::move(name), object.bytes});
            if (static_cast<std::int64_t>(entries_.size()) > SourceLimits{}.max_entries)
                return Refusal{Code::too_large,
                               "The bucket " + in_quotes(bucket_->place().bucket) +
                                   " holds more than 2,000,000 objects there: name a folder."};
            return Done{};
        });
    }
    void seal(std::string folder) {
        folder_ = std::move(folder);
        std::sort(entries_.begin(), entries_.end(),
                  [](const SourceEntry& a, const SourceEntry& b) { return a.name < b.name; });
    }

    const std::vector<SourceEntry>& entries() const override { return entries_; }
    bool remote() const override { return true; }
    Result<ReadBytes> open(std::string_view name) const override {
        const auto at =
            std::lower_bound(entries_.begin(), entries_.end(), name,
                             [](const SourceEntry& e, std::string_view n) { return e.name < n; });
        if (at == entries_.end() || at->name != name)
            return Refusal{Code::not_found,
                           "There is no object \"" + std::string(name) + "\" in the import."};
        return reader_of(bucket_, folder_ + at->name, at->bytes);
    }

private:
    std::shared_ptr<const S3Bucket> bucket_;
    std::string folder_;
    std::vector<SourceEntry> entries_;
};

/// A file that was fetched, and is deleted when nobody reads it any more.
class FetchedFile final : public Source {
public:
    explicit FetchedFile(std::string path) : path_(std::move(path)) {}
    ~FetchedFile() override {
        inner_.reset();
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    Result<> open_as(const std::string& name) {
        inner_ = TRY(open_file(path_, name));
        left_out_ = inner_->left_out();
        return Done{};
    }
    const std::vector<SourceEntry>& entries() const override { return inner_->entries(); }
    Result<ReadBytes> open(std::string_view name) const override { return inner_->open(name); }

private:
    std::string path_;
    std::unique_ptr<Source> inner_;
};

Result<std::unique_ptr<Source>> open_object(const std::shared_ptr<const S3Bucket>& bucket,
                                            const S3Bucket::Object& object,
                                            const std::string& folder) {
    std::filesystem::create_directories(folder);
    const auto path = folder + "/." + hex(random_bytes(8));
    auto file = std::make_unique<FetchedFile>(path);
    {
        std::ofstream out(path, std::ios::binary);
        const auto read = reader_of(bucket, object.key, object.bytes);
        std::string piece(1 << 18, '\0');
        while (const auto n = TRY(read(piece.data(), piece.size())))
            out.write(piece.data(), static_cast<std::streamsize>(n));
        if (!out.flush()) throw Breakdown("The disk of the data directory took no more bytes.");
    }
    TRY(file->open_as(std::string(base_name(object.key))));
    return std::unique_ptr<Source>(std::move(file));
}

Result<Url> endpoint_of(const S3Place& place) {
    if (place.endpoint.empty()) return parse_url("https://s3." + place.region + ".amazonaws.com/");
    auto url = TRY(parse_url(place.endpoint));
    if (url.target == "/") return url;
    return Refusal{Code::invalid, "The endpoint \"" + shown_url(place.endpoint) +
                                      "\" has a path: leave it out, the bucket stands there."};
}

bool is_word(std::string_view text, std::string_view also) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               also.find(c) != std::string_view::npos;
    });
}

}  // namespace

bool looks_like_s3(std::string_view text) {
    return text.starts_with("s3://");
}

Result<S3Place> parse_s3(std::string_view text) {
    constexpr std::size_t longest_key = 1024;
    const auto refuse = [&](const char* why) {
        return Refusal{Code::invalid, in_quotes(text) + " " + why +
                                          ": write s3://bucket/folder/ or s3://bucket/object."};
    };
    if (!looks_like_s3(text)) return refuse("is not a place in S3");
    const auto rest = text.substr(5);
    const auto slash = std::min(rest.find('/'), rest.size());
    S3Place place;
    place.bucket = rest.substr(0, slash);
    if (slash < rest.size()) place.prefix = rest.substr(slash + 1);
    if (place.bucket.size() < 3 || place.bucket.size() > 63 ||
        !is_word(lower_ascii(place.bucket), "-._"))
        return refuse("names no bucket");
    if (place.prefix.size() > longest_key || !is_utf8(place.prefix))
        return refuse("has a key that no object can have");
    return place;
}

Result<std::unique_ptr<Source>> open_s3(const S3Place& place, const S3Access& access,
                                        const std::string& folder) {
    if (place.region.empty() || !is_word(place.region, "-"))
        return Refusal{Code::invalid, "--region must be a name such as eu-central-1; " +
                                          in_quotes(place.region) + " is not."};
    const auto bucket = std::make_shared<const S3Bucket>(place, access, TRY(endpoint_of(place)));
    auto below = place.prefix;
    if (!below.empty() && !below.ends_with('/')) below += '/';
    auto source = std::make_unique<S3Source>(bucket);
    TRY(source->fill(below));
    source->seal(below);
    if (!source->entries().empty() || !source->left_out().empty())
        return std::unique_ptr<Source>(std::move(source));
    std::optional<S3Bucket::Object> object;
    if (below != place.prefix)
        TRY(bucket->list(place.prefix, 1, true, [&](const S3Bucket::Object& found) -> Result<> {
            if (found.key == place.prefix) object = found;
            return Done{};
        }));
    if (!object)
        return Refusal{Code::not_found, "There is nothing at s3://" + place.bucket + "/" +
                                            place.prefix +
                                            ": see that bucket and folder are "
                                            "written as they are."};
    return open_object(bucket, *object, folder);
}

}  // namespace countersign
