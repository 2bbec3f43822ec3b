// What a storage says is in a bucket: names are safe, and the list ends or is refused.
// Room: formats
#include "formats/s3_source.h"
#include "hostile_rows.h"

namespace {

/// Answers everything with the same bytes.
class Parrot : public Fetcher {
public:
    explicit Parrot(std::string bytes) : bytes_(std::move(bytes)) {}
    Result<Fetched> fetch(const FetchRequest&) override {
        Fetched out;
        // A list that goes on for ever is the list's to end.
        if (++asked_ > 50) return Refusal{Code::invalid, "enough"};
        out.status = 200;
        out.body = bytes_;
        return out;
    }

private:
    std::string bytes_;
    int asked_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const SystemClock clock;
    const S3Access access{
        std::make_shared<Parrot>(std::string(reinterpret_cast<const char*>(data), size)),
        {},
        clock};
    S3Place place;
    place.endpoint = "https://s3.example.org";
    place.bucket = "photos";
    place.prefix = "a/";
    const auto source = open_s3(place, access, "");
    if (!source) {
        if (source.refusal().message.empty()) std::abort();
        return 0;
    }
    for (const auto& entry : (*source)->entries())
        if (!fault_of_name(entry.name).empty()) std::abort();
    return 0;
}
