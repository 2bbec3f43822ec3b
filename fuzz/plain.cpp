// What carries no labels: lists of texts, tables with tabs, pictures and recordings as files.
// Room: formats
#include "hostile_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    read_hostile("text", {{"a.txt", input}}, Modality::text);
    read_hostile("tsv", {{"a.tsv", input}}, Modality::text);
    read_hostile("images", {{"a.jpg", input}, {"b/c.png", input}}, Modality::image);
    read_hostile("audio", {{"a.wav", input}, {"b/c.mp3", input}}, Modality::audio);
    return 0;
}
