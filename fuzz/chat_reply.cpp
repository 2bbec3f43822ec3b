// What servers of language models reply, in either protocol: read, or refused with a sentence.
// Room: models
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "models/anthropic.h"
#include "models/openai_chat.h"

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Reply reply{200, {reinterpret_cast<const char*>(data), size}};
    ChatDialect dialect;
    for (int i = 0; step_down(dialect, reply, true); ++i)
        if (i > 10) std::abort();
    static_cast<void>(words_of_error(reply));
    for (const auto* protocol : {&openai_chat(), &anthropic_messages()}) {
        const auto said = protocol->read(reply);
        if (!said) {
            if (!is_utf8(said.refusal().message)) std::abort();
            continue;
        }
        if (said->text.empty()) std::abort();
        for (std::size_t begin = 0; begin < said->text.size() && begin < 20; begin += 5)
            if (const auto sure = token_probability(*said, begin, said->text.size());
                sure && !(*sure >= 0 && *sure <= 1))
                std::abort();
    }
    return 0;
}
