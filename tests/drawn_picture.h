// Pictures for tests, drawn and packed as PNG without a library: a striped ball on a meadow.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace countersign::testing {

namespace png {

inline std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t crc = ~0u;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

inline void number(std::string& out, std::uint32_t v) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(v >> shift);
}

inline void chunk(std::string& out, std::string_view type, std::string_view body) {
    number(out, static_cast<std::uint32_t>(body.size()));
    const std::string named = std::string(type) + std::string(body);
    out += named;
    number(out, crc32(named));
}

/// zlib's format with nothing compressed.
inline std::string stored(std::string_view bytes) {
    constexpr std::size_t most = 65'535;
    std::string out = "\x78\x01";
    std::uint32_t a = 1, b = 0;
    for (const char c : bytes) {
        a = (a + static_cast<unsigned char>(c)) % 65'521;
        b = (b + a) % 65'521;
    }
    for (std::size_t at = 0; at < bytes.size(); at += most) {
        const auto n = std::min(most, bytes.size() - at);
        out += static_cast<char>(at + n == bytes.size());
        for (const auto v : {n, ~n}) {
            out += static_cast<char>(v);
            out += static_cast<char>(v >> 8);
        }
        out += bytes.substr(at, n);
    }
    number(out, (b << 16) | a);
    return out;
}

}  // namespace png

struct Ball {
    int x = 0, y = 0, radius = 0;  ///< Its middle.
};

/// Where the ball of picture `i` lies.
inline Ball ball_of(int i) {
    return {110 + i * 53 % 100, 90 + i * 37 % 60, 44 + i * 7 % 24};
}

/// 320 x 240: a meadow under a sky, and ball_of(i) striped in red and white.
inline std::string ball_png(int i) {
    constexpr int width = 320, height = 240;
    const Ball ball = ball_of(i);
    std::string rows;
    std::uint32_t noise = static_cast<std::uint32_t>(i) * 2'654'435'761u + 1;
    for (int y = 0; y < height; ++y) {
        rows += '\0';
        for (int x = 0; x < width; ++x) {
            noise = noise * 1'664'525u + 1'013'904'223u;
            const int grain = static_cast<int>(noise >> 27);
            std::array<int, 3> rgb = y < 70 ? std::array{150, 190, 230} : std::array{70, 130, 50};
            const double dx = (x - ball.x) / static_cast<double>(ball.radius),
                         dy = (y - ball.y) / static_cast<double>(ball.radius);
            const double inside = 1 - dx * dx - dy * dy;
            if (inside > 0) {
                const double light = 0.45 + 0.55 * std::sqrt(inside) - 0.2 * dy;
                const bool red = static_cast<int>(std::floor((dx + dy) * 3)) % 2 == 0;
                rgb = red ? std::array{200, 40, 40} : std::array{235, 235, 235};
                for (int& c : rgb) c = static_cast<int>(c * std::min(1.0, light));
            }
            for (const int c : rgb) rows += static_cast<char>(std::min(255, c + grain / 2));
        }
    }
    std::string head;
    png::number(head, width);
    png::number(head, height);
    head += std::string("\x08\x02\0\0\0", 5);
    std::string out = "\x89PNG\r\n\x1a\n";
    png::chunk(out, "IHDR", head);
    png::chunk(out, "IDAT", png::stored(rows));
    png::chunk(out, "IEND", "");
    return out;
}

}  // namespace countersign::testing
