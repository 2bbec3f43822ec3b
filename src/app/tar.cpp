#include "app/tar.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace countersign {

namespace {

constexpr std::size_t block = 512;
constexpr std::size_t name_at = 0, name_room = 100, mode_at = 100, size_at = 124, time_at = 136,
                      sum_at = 148, type_at = 156, magic_at = 257;
constexpr std::int64_t most_octal = std::int64_t{1} << 33;  // eleven octal digits

using Header = std::array<char, block>;

std::int64_t padding_of(std::int64_t bytes) {
    const auto over = bytes % static_cast<std::int64_t>(block);
    return over == 0 ? 0 : static_cast<std::int64_t>(block) - over;
}

unsigned checksum(const Header& header) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < block; ++i)
        sum += i >= sum_at && i < sum_at + 8 ? ' ' : static_cast<unsigned char>(header[i]);
    return sum;
}

void put_octal(Header& header, std::size_t at, int digits, std::int64_t value) {
    for (int i = digits; i-- > 0; value >>= 3)
        header[at + static_cast<std::size_t>(i)] = static_cast<char>('0' + (value & 7));
    header[at + static_cast<std::size_t>(digits)] = '\0';
}

std::int64_t number_at(const Header& header, std::size_t at, std::size_t room) {
    std::int64_t value = 0;
    if (static_cast<unsigned char>(header[at]) & 0x80) {
        for (std::size_t i = at + room - 8; i < at + room; ++i)
            value = value << 8 | static_cast<unsigned char>(header[i]);
        return value;
    }
    for (std::size_t i = at; i < at + room && header[i] >= '0' && header[i] <= '7'; ++i)
        value = value * 8 + (header[i] - '0');
    return value;
}

}  // namespace

void TarWriter::write(const char* data, std::size_t n) {
    if (n > 0 && std::fwrite(data, 1, n, out_) != n)
        throw Breakdown("The disk took no more bytes of the backup.");
}

void TarWriter::add(const std::string& name, std::int64_t bytes,
                    const std::function<std::size_t(char*, std::size_t)>& read) {
    if (name.size() >= name_room) throw std::logic_error("a name too long for a backup");
    Header header{};
    std::memcpy(&header[name_at], name.data(), name.size());
    put_octal(header, mode_at, 7, 0600);
    put_octal(header, 108, 7, 0);
    put_octal(header, 116, 7, 0);
    if (bytes < most_octal) {
        put_octal(header, size_at, 11, bytes);
    } else {
        header[size_at] = static_cast<char>(0x80);
        for (int i = 0; i < 8; ++i)
            header[size_at + 11 - static_cast<std::size_t>(i)] =
                static_cast<char>(bytes >> (8 * i));
    }
    put_octal(header, time_at, 11, now_ / 1000);
    header[type_at] = '0';
    std::memcpy(&header[magic_at],
                "ustar\0"
                "00",
                8);
    put_octal(header, sum_at, 6, checksum(header));
    header[sum_at + 7] = ' ';
    write(header.data(), block);

    std::vector<char> buffer(1 << 18);
    std::int64_t written = 0;
    while (const auto n = read(buffer.data(), buffer.size())) {
        write(buffer.data(), n);
        written += static_cast<std::int64_t>(n);
    }
    if (written != bytes) throw Breakdown("\"" + name + "\" changed while it was being backed up.");
    const Header zeros{};
    write(zeros.data(), static_cast<std::size_t>(padding_of(bytes)));
}

void TarWriter::finish() {
    const Header zeros{};
    write(zeros.data(), block);
    write(zeros.data(), block);
}

Result<std::optional<TarReader::Entry>> TarReader::next() {
    std::vector<char> buffer(1 << 18);
    while (left_ > 0)
        if (read(buffer.data(), buffer.size()) == 0) break;
    const auto cut = Refusal{Code::invalid, "The backup is cut short: copy the file again."};
    if (left_ > 0 || std::fread(buffer.data(), 1, static_cast<std::size_t>(padding_), in_) !=
                         static_cast<std::size_t>(padding_))
        return cut;
    padding_ = 0;
    Header header;
    if (std::fread(header.data(), 1, block, in_) != block) return cut;
    if (std::all_of(header.begin(), header.end(), [](char c) { return c == 0; }))
        return std::optional<Entry>{};
    if (std::memcmp(&header[magic_at], "ustar", 5) != 0 ||
        number_at(header, sum_at, 8) != checksum(header) || header[type_at] != '0')
        return Refusal{Code::invalid, "The file is no backup of Countersign, or is damaged."};
    Entry entry;
    entry.name.assign(&header[name_at], strnlen(&header[name_at], name_room));
    entry.bytes = number_at(header, size_at, 12);
    if (entry.bytes < 0)
        return Refusal{Code::invalid, "The backup is damaged: a size is negative."};
    left_ = entry.bytes;
    padding_ = padding_of(entry.bytes);
    return std::optional(std::move(entry));
}

std::size_t TarReader::read(char* into, std::size_t room) {
    const auto wanted = std::min<std::int64_t>(left_, static_cast<std::int64_t>(room));
    const auto n = std::fread(into, 1, static_cast<std::size_t>(wanted), in_);
    left_ -= static_cast<std::int64_t>(n);
    return n;
}

}  // namespace countersign
