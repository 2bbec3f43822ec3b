#include "formats/source.h"

#include <archive.h>
#include <archive_entry.h>

#include "formats/joined_source.h"
#include "formats/test_kit.h"
#include "formats/zip_writer.h"

using namespace countersign;
using namespace countersign::test;

namespace {

std::string zip_of(const Files& files) {
    ZipWriter zip;
    std::string out;
    for (const auto& [name, bytes] : files) zip.add(name, bytes, out);
    zip.finish(out);
    return out;
}

/// A tar with one entry of any kind.
std::string tar_of(const char* name, unsigned type, const char* link) {
    std::string out(1 << 16, '\0');
    std::size_t used = 0;
    auto* tar = archive_write_new();
    archive_write_set_format_ustar(tar);
    archive_write_open_memory(tar, out.data(), out.size(), &used);
    auto* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, 0);
    if (link) archive_entry_set_symlink(entry, link);
    archive_write_header(tar, entry);
    archive_entry_free(entry);
    archive_write_free(tar);
    out.resize(used);
    return out;
}

std::vector<std::string> names(const Source& source) {
    std::vector<std::string> all;
    for (const auto& e : source.entries()) all.push_back(e.name);
    return all;
}

}  // namespace

TEST_CASE("a zip becomes its entries, which can be read in any order and more than once") {
    const TemporaryFile file(
        zip_of({{"b/two.txt", "zwei"}, {"a.txt", std::string(200'000, 'x')}, {"ünï.txt", "u"}}));
    const auto source = open_file(file.path());
    REQUIRE(source);
    CHECK(names(**source) == std::vector<std::string>{"a.txt", "b/two.txt", "ünï.txt"});
    for (int i = 0; i < 2; ++i) {
        CHECK(*(*source)->read_all("b/two.txt") == "zwei");
        CHECK((*source)->read_all("a.txt")->size() == 200'000);
    }
    CHECK((*source)->read_all("a.txt", 1000).refusal().code == Code::too_large);
    CHECK((*source)->open("c.txt").refusal().code == Code::not_found);
}

TEST_CASE("names that leave the folder, links and system files never become entries") {
    const TemporaryFile file(zip_of({{"../../etc/passwd", "x"},
                                     {"/abs", "x"},
                                     {"ok.txt", "x"},
                                     {"__MACOSX/._ok.txt", "x"},
                                     {".DS_Store", "x"}}));
    const auto source = open_file(file.path());
    REQUIRE(source);
    CHECK(names(**source) == std::vector<std::string>{"ok.txt"});
    CHECK((*source)->left_out().size() == 2);
    const TemporaryFile link(tar_of("link.jpg", AE_IFLNK, "/etc/passwd"), ".tar");
    auto linked = open_file(link.path());
    REQUIRE(linked);
    CHECK((*linked)->entries().empty());
    REQUIRE((*linked)->left_out().size() == 1);
    CHECK((*linked)->left_out()[0].reason == "it is a link: pack the file itself");
    ReadContext context;
    const auto rows = rows_of("images", std::shared_ptr<const Source>(*std::move(linked)), context);
    REQUIRE(rows);
    REQUIRE(rows->size() == 1);
    CHECK(rows->front().outcome == RowOutcome::rejected);
}

TEST_CASE("an archive beyond its limits is refused") {
    SourceLimits limits;
    limits.max_total = 1000;
    const TemporaryFile file(zip_of({{"a.txt", std::string(2000, 'x')}}));
    CHECK(open_archive(file.path(), limits).refusal().code == Code::too_large);
    limits = {};
    limits.max_entries = 1;
    const TemporaryFile two(zip_of({{"a.txt", "x"}, {"b.txt", "x"}}));
    CHECK(open_archive(two.path(), limits).refusal().code == Code::too_large);
    const TemporaryFile cut(zip_of({{"a.txt", std::string(2000, 'x')}}).substr(0, 500));
    CHECK(open_file(cut.path()).refusal().code == Code::invalid);
}

TEST_CASE("two uploaded files of one name: the second is named, not lost") {
    const TemporaryFile file("x", ".txt");
    const auto source =
        open_files({{"a.txt", file.path()}, {"a.txt", file.path()}, {"..", file.path()}});
    CHECK(source->entries().size() == 1);
    CHECK(source->left_out().size() == 2);
}

TEST_CASE("several sources are one; of two files of one name the first stays") {
    const TemporaryFile plain("plain"), packed(zip_of({{"a.txt", "packed"}, {"b/c.txt", "c"}}));
    CHECK(is_archive(packed.path()));
    CHECK_FALSE(is_archive(plain.path()));
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(open_files({{"a.txt", plain.path()}, {"..", plain.path()}}));
    sources.push_back(*open_archive(packed.path()));
    const auto joined = join_sources(std::move(sources));
    CHECK(names(*joined) == std::vector<std::string>{"a.txt", "b/c.txt"});
    CHECK(*joined->read_all("a.txt") == "plain");
    CHECK(*joined->read_all("b/c.txt") == "c");
    CHECK(joined->left_out().size() == 2);
    CHECK_FALSE(joined->open("z.txt"));
}
