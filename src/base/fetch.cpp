#include "base/fetch.h"

#include <curl/curl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "base/guarded.h"
#include "base/text.h"

namespace countersign {

namespace {

struct CloseHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, CloseHandle>;

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
class TextList {
public:
    void add(const std::string& text) {
        auto* longer = curl_slist_append(list_.get(), text.c_str());
        if (!longer) throw std::bad_alloc();
        if (!list_) list_.reset(longer);  // Longer lists keep their head.
    }
    curl_slist* get() const { return list_.get(); }

private:
    std::unique_ptr<curl_slist, FreeList> list_;
};

/// One hop while it runs: what libcurl's callbacks see.
struct Hop {
    const FetchRequest& request;
    const std::vector<IpAddress>& allowed;
    Fetched answer = {};
    std::int64_t bytes = 0;
    bool cancelled = false, too_large = false, stopped = false, strange_peer = false;

    bool streams() const { return request.into && answer.good(); }
};

curl_socket_t open_checked(void* at, curlsocktype purpose, curl_sockaddr* to) {
    auto& hop = *static_cast<Hop*>(at);
    const auto ip = ip_of(&to->addr);
    const bool known =
        ip && std::find(hop.allowed.begin(), hop.allowed.end(), *ip) != hop.allowed.end();
    if (!known || purpose != CURLSOCKTYPE_IPCXN) {
        hop.strange_peer = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

std::size_t take_body(char* bytes, std::size_t, std::size_t n, void* at) {
    auto& hop = *static_cast<Hop*>(at);
    hop.bytes += static_cast<std::int64_t>(n);
    hop.too_large = hop.bytes > hop.request.max_bytes;
    if (hop.too_large) return 0;
    const std::string_view piece(bytes, n);
    if (!hop.streams()) {
        hop.answer.body += piece;
    } else if (!hop.request.into(piece)) {
        hop.stopped = true;
        return 0;
    }
    return n;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t n, void* at) {
    auto& hop = *static_cast<Hop*>(at);
    const std::string_view line(bytes, n);
    if (line.starts_with("HTTP/")) {  // Also of the answer behind a 100 Continue.
        hop.answer.headers.clear();
        const auto space = line.find(' ');
        hop.answer.status = space == std::string_view::npos
                                ? 0
                                : std::atoi(std::string(line.substr(space)).c_str());
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        hop.answer.headers.emplace_back(lower_ascii(trim(line.substr(0, colon))),
                                        trim(line.substr(colon + 1)));
    }
    return n;
}

int see_progress(void* at, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& hop = *static_cast<Hop*>(at);
    hop.cancelled = hop.request.cancelled && hop.request.cancelled();
    return hop.cancelled ? 1 : 0;
}

std::string joined(const std::vector<IpAddress>& addresses) {
    std::string out;
    for (const auto& ip : addresses) {
        if (!out.empty()) out += ',';
        out += ip.is_v4() ? ip.text() : "[" + ip.text() + "]";
    }
    return out;
}

/// The words for a transfer that libcurl gave up.
std::string_view words_of(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_CONNECT:
            return "refuses connections";
        case CURLE_OPERATION_TIMEDOUT:
            return "took too long to answer";
        case CURLE_PEER_FAILED_VERIFICATION:
            return "has a certificate that cannot be trusted";
        case CURLE_SSL_CONNECT_ERROR:
            return "does not speak TLS";
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_PARTIAL_FILE:
            return "broke the connection off";
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_BAD_CONTENT_ENCODING:
            return "does not answer as HTTP";
        default:
            return {};
    }
}

template <class T>
void set(CURL* handle, CURLoption option, T value) {
    if (curl_easy_setopt(handle, option, value) != CURLE_OK)
        throw Breakdown("libcurl does not take option " + std::to_string(option) + ".");
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

class CurlFetcher final : public Fetcher {
public:
    CurlFetcher(Reach reach, Resolve resolve)
        : reach_(std::move(reach)), resolve_(std::move(resolve)) {
        static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (ready != CURLE_OK) throw Breakdown("libcurl does not start.");
    }

    Result<Fetched> fetch(const FetchRequest& request) override {
        const auto ends = Time::now() + std::chrono::milliseconds(request.total_ms);
        auto url = TRY(parse_url(request.url));
        const Url first = url;
        for (int hops = 0;; ++hops) {
            auto answer = TRY(ask(request, url, url.same_origin(first), ends));
            const auto location = answer.header("location");
            if (request.method != "GET" || !is_redirect(answer.status) || location.empty())
                return answer;
            if (hops == request.max_redirects)
                return Refusal{Code::unavailable, "\"" + shown_url(request.url) +
                                                      "\" redirects more than " +
                                                      std::to_string(request.max_redirects) +
                                                      " times: give the URL it leads to."};
            auto next = follow_url(url, location);
            if (!next)
                return Refusal{next.refusal().code, "\"" + shown_url(request.url) +
                                                        "\" redirects to a URL that is not "
                                                        "followed. " +
                                                        next.refusal().message};
            if (url.scheme == "https" && next->scheme == "http")
                return Refusal{Code::forbidden, "\"" + shown_url(request.url) +
                                                    "\" redirects from https to http, which is not "
                                                    "followed: give the URL it leads to."};
            if (request.strict && next->host != url.host)
                return Refusal{Code::forbidden, "\"" + shown_url(request.url) +
                                                    "\" redirects to another host, \"" +
                                                    next->host +
                                                    "\", which is not followed: give the URL it "
                                                    "leads to."};
            url = *std::move(next);
        }
    }

private:
    using Time = std::chrono::steady_clock;

    /// The judged addresses of the host.
    Result<std::vector<IpAddress>> addresses_of(const Url& url, bool strict) {
        const auto literal = parse_ip(url.host);
        auto addresses = literal ? std::vector{*literal} : TRY(resolve_(url.host));
        if (addresses.empty())
            return Refusal{Code::unavailable, "The host \"" + url.host + "\" has no address."};
        const bool reached = reach_.holds(url);
        for (const auto& ip : addresses) {
            const auto kind = kind_of(ip);
            if (strict && (kind == IpKind::metadata || kind == IpKind::link_local))
                return Refusal{Code::forbidden, "\"" + url.host + "\" leads to " +
                                                    std::string(countersign::words_of(kind)) +
                                                    ", where no model is asked: give the server "
                                                    "another address."};
            // A name that is let through is still never a way to a cloud's credentials.
            const bool fine =
                kind == IpKind::public_ || (reached && (literal || kind != IpKind::metadata));
            if (fine) continue;
            return Refusal{Code::forbidden,
                           "\"" + url.host + "\" leads to " +
                               std::string(countersign::words_of(kind)) +
                               ", which this server does not ask: whoever runs it can allow it "
                               "with --reach " +
                               url.authority() + "."};
        }
        return addresses;
    }

    Result<Fetched> ask(const FetchRequest& request, const Url& url, bool own_headers,
                        Time::time_point ends) {
        const auto addresses = TRY(addresses_of(url, request.strict));
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(ends - Time::now()).count();
        if (left <= 0)
            return Refusal{
                Code::unavailable,
                "\"" + url.host + "\" " + std::string(words_of(CURLE_OPERATION_TIMEDOUT)) + "."};
        Handle handle = take();
        Hop hop{request, addresses};
        TextList headers, pins;
        for (const auto& [name, value] : request.headers)
            if (own_headers || lower_ascii(name) == "accept") headers.add(name + ": " + value);
        headers.add("Expect:");
        pins.add(url.host + ":" + std::to_string(url.port) + ":" + joined(addresses));
        set_up(handle.get(), request, url, hop);
        set(handle.get(), CURLOPT_HTTPHEADER, headers.get());
        if (!parse_ip(url.host)) set(handle.get(), CURLOPT_RESOLVE, pins.get());
        set(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(left));
        set(handle.get(), CURLOPT_CONNECTTIMEOUT_MS,
            static_cast<long>(std::min<Millis>(request.connect_ms, left)));
        const auto code = curl_easy_perform(handle.get());
        if (code != CURLE_OK) return refusal_of(code, url, hop);
        give_back(std::move(handle));
        hop.answer.url = url.text();
        return std::move(hop.answer);
    }

    static void set_up(CURL* handle, const FetchRequest& request, const Url& url, Hop& hop) {
        set(handle, CURLOPT_URL, url.text().c_str());
        set(handle, CURLOPT_PATH_AS_IS, 1L);
        set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
        set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        set(handle, CURLOPT_FOLLOWLOCATION, 0L);
        set(handle, CURLOPT_PROXY, "");
        set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(handle, CURLOPT_NOSIGNAL, 1L);
        set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(handle, CURLOPT_USERAGENT, "Countersign");
        set(handle, CURLOPT_OPENSOCKETFUNCTION, open_checked);
        set(handle, CURLOPT_OPENSOCKETDATA, &hop);
        set(handle, CURLOPT_WRITEFUNCTION, take_body);
        set(handle, CURLOPT_WRITEDATA, &hop);
        set(handle, CURLOPT_HEADERFUNCTION, take_header);
        set(handle, CURLOPT_HEADERDATA, &hop);
        set(handle, CURLOPT_XFERINFOFUNCTION, see_progress);
        set(handle, CURLOPT_XFERINFODATA, &hop);
        set(handle, CURLOPT_NOPROGRESS, 0L);
        if (request.method == "POST") {
            set(handle, CURLOPT_POST, 1L);
            set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            set(handle, CURLOPT_POSTFIELDS, request.body.data());
        }
    }

    static Refusal refusal_of(CURLcode code, const Url& url, const Hop& hop) {
        const auto shown = shown_url(url.text());
        if (hop.too_large)
            return {Code::too_large, "\"" + shown + "\" has more than " +
                                         std::to_string(hop.request.max_bytes >> 20) +
                                         " MiB, the most that is fetched."};
        if (hop.cancelled || hop.stopped)
            return {Code::cancelled, "\"" + shown + "\" was not fetched to its end."};
        if (hop.strange_peer)
            return {Code::forbidden, "\"" + url.host +
                                         "\" led to an address that was not checked; nothing was "
                                         "sent to it."};
        const auto why = words_of(code);
        return {Code::unavailable,
                "\"" + url.host + "\" " +
                    (why.empty() ? std::string("could not be asked: ") + curl_easy_strerror(code)
                                 : std::string(why)) +
                    "."};
    }

    /// Handles keep their connections, each of them to an address that was judged when it was made.
    Handle take() {
        auto kept = kept_.with([](std::vector<Handle>& handles) {
            Handle last;
            if (!handles.empty()) {
                last = std::move(handles.back());
                handles.pop_back();
            }
            return last;
        });
        if (!kept) kept.reset(curl_easy_init());
        if (!kept) throw Breakdown("libcurl gives no handle.");
        curl_easy_reset(kept.get());
        return kept;
    }
    void give_back(Handle handle) {
        constexpr std::size_t most = 16;
        kept_.with([&](std::vector<Handle>& handles) {
            if (handles.size() < most) handles.push_back(std::move(handle));
        });
    }

    Reach reach_;
    Resolve resolve_;
    Guarded<std::vector<Handle>> kept_;
};

class NoFetcher final : public Fetcher {
public:
    Result<Fetched> fetch(const FetchRequest&) override {
        return Refusal{Code::unavailable, "This program asks nothing of the network."};
    }
};

}  // namespace

std::string_view Fetched::header(std::string_view name) const {
    for (const auto& [known, value] : headers)
        if (known == name) return value;
    return {};
}

Resolve system_resolver() {
    return [](const std::string& host) -> Result<std::vector<IpAddress>> {
        addrinfo hints{};
        hints.ai_family = AF_UNSPEC;
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = AI_ADDRCONFIG;
        addrinfo* found = nullptr;
        if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0)
            return Refusal{Code::unavailable, "The host \"" + host + "\" is not found (" +
                                                  ::gai_strerror(error) + ")."};
        const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, ::freeaddrinfo);
        std::vector<IpAddress> addresses;
        for (const auto* at = found; at; at = at->ai_next)
            if (const auto ip = ip_of(at->ai_addr);
                ip && std::find(addresses.begin(), addresses.end(), *ip) == addresses.end())
                addresses.push_back(*ip);
        return addresses;
    };
}

Result<Reach> Reach::parse(const std::vector<std::string>& rows) {
    Reach reach;
    for (const auto& text : rows) {
        const bool bare_v6 = parse_ip(text) && text.find(':') != std::string::npos;
        const auto url = parse_url("http://" + (bare_v6 ? "[" + text + "]" : text));
        if (!url || url->target != "/" || text.find_first_of("/?#") != std::string::npos)
            return Refusal{Code::invalid,
                           "--reach must be HOST or HOST:PORT, such as "
                           "minio.internal:9000; \"" +
                               text + "\" is not."};
        const bool has_port = !bare_v6 && text.find(':', text.rfind(']') + 1) != std::string::npos;
        reach.rows_.push_back({url->host, has_port ? url->port : 0});
    }
    return reach;
}

bool Reach::holds(const Url& url) const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
        return row.host == url.host && (row.port == 0 || row.port == url.port);
    });
}

std::shared_ptr<Fetcher> make_fetcher(Reach reach, Resolve resolve) {
    return std::make_shared<CurlFetcher>(std::move(reach), std::move(resolve));
}

std::shared_ptr<Fetcher> no_fetcher() {
    return std::make_shared<NoFetcher>();
}

}  // namespace countersign
