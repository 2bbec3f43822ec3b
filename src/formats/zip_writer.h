// A zip that is written as it goes, into a buffer that the caller drains. Entries are stored, not
// deflated: images are packed already, and labels are small. Times are fixed, so that the same
// records give the same bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace countersign {

class ZipWriter {
public:
    ZipWriter();
    ~ZipWriter();
    ZipWriter(const ZipWriter&) = delete;
    ZipWriter& operator=(const ZipWriter&) = delete;

    void add(std::string_view name, std::string_view bytes, std::string& out);
    /// An entry whose size is not known yet: begin, then any number of write(), until the next
    /// entry.
    void begin(std::string_view name, std::string& out);
    void write(std::string_view bytes, std::string& out);
    void finish(std::string& out);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace countersign
