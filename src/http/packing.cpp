#include "http/packing.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

namespace countersign {

namespace {

constexpr std::string_view packed_types[] = {"application/json",
                                             "application/problem+json",
                                             "application/x-ndjson",
                                             "application/xml",
                                             "text/",
                                             "image/svg"};

class Deflater {
public:
    Deflater() {
        if (deflateInit2(&z_, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            throw Breakdown("zlib has no memory to pack an answer");
    }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
    ~Deflater() { deflateEnd(&z_); }

    void add(std::string_view piece, int flush, std::string& out) {
        z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
        z_.avail_in = static_cast<uInt>(piece.size());
        do {
            const auto before = out.size();
            out.resize(before + std::max<std::size_t>(piece.size() / 4, 1024));
            z_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
            z_.avail_out = static_cast<uInt>(out.size() - before);
            deflate(&z_, flush);
            out.resize(out.size() - z_.avail_out);
        } while (z_.avail_out == 0);
    }

private:
    z_stream z_{};
};

}  // namespace

bool packs_well(std::string_view media_type) {
    return std::any_of(std::begin(packed_types), std::end(packed_types),
                       [&](std::string_view one) { return media_type.starts_with(one); });
}

std::optional<std::string> gzip(std::string_view text) {
    std::string out;
    try {
        Deflater().add(text, Z_FINISH, out);
    } catch (const Breakdown&) {
        return {};
    }
    return out;
}

Pull gzip(Pull pull) {
    return [pull = std::move(pull),
            deflater = std::make_shared<Deflater>()](std::string& out) -> Result<bool> {
        std::string piece;
        const bool more = TRY(pull(piece));
        if (!more || !piece.empty()) deflater->add(piece, more ? Z_SYNC_FLUSH : Z_FINISH, out);
        return more;
    };
}

}  // namespace countersign
