// libarchive converts names by the thread's locale; in the "C" locale every name that is not ASCII
// is lost. While one of these lives, this thread (and no other) has UTF-8.
#pragma once

#include <locale.h>

namespace countersign {

class Utf8Locale {
public:
    Utf8Locale()
        : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)),
          before_(utf8_ ? uselocale(utf8_) : nullptr) {}
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;
    ~Utf8Locale() {
        if (!utf8_) return;
        uselocale(before_);
        freelocale(utf8_);
    }

private:
    locale_t utf8_, before_;
};

}  // namespace countersign
