// libarchive converts names by the thread's locale; in the "C" locale every name that is not ASCII
// is lost. While one of these lives, this thread (and no other) has UTF-8.
#pragma once

#include <locale.h>

namespace countersign {

class Utf8Locale {
public:
    Utf8Locale() : before_(utf8() ? uselocale(utf8()) : nullptr) {}
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;
    ~Utf8Locale() {
        if (before_) uselocale(before_);
    }

private:
    /// Made once: making one reads files.
    static locale_t utf8() {
        static const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return made;
    }
    locale_t before_;
};

}  // namespace countersign
