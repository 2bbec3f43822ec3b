// RFC 4180 records out of a stream: quoted cells with doubled quotes, separators and line ends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/pieces.h"

namespace countersign {

struct CsvRecord {
    std::vector<std::string> cells;
    std::int64_t line = 0;   ///< Of its first line, from 1.
    std::string_view fault;  ///< Why the record cannot be read; empty when it can.
};

class CsvRows {
public:
    /// `separator` 0: guessed from the first 64 KiB as the one of , ; tab | that splits lines most
    /// evenly.
    CsvRows(ReadBytes read, char separator) : window_(std::move(read)), separator_(separator) {}
    Result<std::optional<CsvRecord>> next();
    std::int64_t bytes_read() const { return window_.bytes_read(); }

private:
    Result<> begin();
    bool quoted_run(std::string_view view, std::size_t& i, std::string& cell);
    Window window_;
    char separator_;
    bool begun_ = false;
    std::int64_t line_ = 1;
};

/// Appends a cell, in quotes when it needs them.
void append_csv(std::string& out, std::string_view cell, char separator);

/// Windows-1252 (which HTML calls Latin-1) to UTF-8.
std::string from_latin1(std::string_view bytes);

}  // namespace countersign
