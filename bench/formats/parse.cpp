// How fast are rows read and written, and are they the same rows? Prints `name value unit`.
// Usage: bench_formats_parse [ROWS]
// Room: formats
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "formats/format.h"

using namespace countersign;

namespace {

/// Processor seconds: one thread works, and the machine may be shared.
double seconds_since(std::clock_t start) {
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

void line(const char* name, double value, const char* unit) {
    std::printf("%s %.0f %s\n", name, value, unit);
}

/// Reads all rows; exits when their number or a verdict differs from what is expected.
double read_rate(const char* format, const char* name, const std::string& bytes,
                 const Schema& schema, std::int64_t expected) {
    ReadContext context;
    context.schema = &schema;
    auto source = open_bytes({{name, bytes}});
    const auto start = std::clock();
    auto reader = find_format(format)->read(std::move(source), context);
    std::int64_t rows = 0, labelled = 0;
    while (reader) {
        const auto row = (*reader)->next();
        if (!row || !*row) break;
        ++rows;
        if ((*row)->outcome != RowOutcome::accepted) {
            std::fprintf(stderr, "%s\n", (*row)->reason.c_str());
            std::exit(1);
        }
        labelled += !(*row)->annotations.empty();
    }
    const double rate = static_cast<double>(rows) / seconds_since(start);
    if (rows != expected || labelled != expected) {
        std::fprintf(stderr, "%s: %lld rows, %lld labelled, %lld expected\n", format,
                     static_cast<long long>(rows), static_cast<long long>(labelled),
                     static_cast<long long>(expected));
        std::exit(1);
    }
    return rate;
}

Schema schema_of(Modality modality, ControlKind kind) {
    Control c;
    c.name = "kind";
    c.kind = kind;
    for (const auto name : {"ham", "spam"}) {
        Label l;
        l.name = name;
        c.labels.push_back(l);
    }
    Schema s;
    s.modality = modality;
    s.source = name_of(modality);
    s.controls = {c};
    return s;
}

}  // namespace

int main(int argc, char** argv) {
    const std::int64_t n = argc > 1 ? std::atoll(argv[1]) : 200'000;
    const auto text = schema_of(Modality::text, ControlKind::choices);
    const auto image = schema_of(Modality::image, ControlKind::boxes);

    std::string plain, table = "id,text,label\n";
    for (std::int64_t i = 0; i < n; ++i) {
        const auto id = std::to_string(i);
        const std::string sentence =
            "Message " + id +
            " says that the parcel waits at the desk, please bring \\\"a card\\\" and 5 pounds.";
        plain += "{\"id\":" + id + ",\"text\":\"" + sentence + "\",\"label\":\"" +
                 (i % 2 ? "spam" : "ham") + "\",\"source\":\"sms\"}\n";
        table += id + ",\"Message " + id +
                 " says that the parcel waits at the desk, please bring \"\"a card\"\" and 5 "
                 "pounds.\"," +
                 (i % 2 ? "spam" : "ham") + "\n";
    }
    line("jsonl_plain_read", read_rate("jsonl", "a.jsonl", plain, text, n), "rows/cpu_s");
    line("csv_read", read_rate("csv", "a.csv", table, text, n), "rows/cpu_s");

    Region box;
    box.id = "r1";
    box.control = "kind";
    box.kind = ControlKind::boxes;
    box.labels = {"spam"};
    box.x = 12.25, box.y = 100.0 / 3, box.width = 200.5, box.height = 99.125;
    const auto regions = regions_text({box, box});
    Project project;
    project.schema = image;
    WriteContext context;
    context.project = &project;
    for (const auto format : {"jsonl", "label-studio", "csv", "coco", "yolo", "voc"}) {
        auto writer = find_format(format)->write(context);
        if (!writer) return 1;
        std::string out, all;
        std::size_t bytes = 0;
        const auto start = std::clock();
        for (int pass = 0; pass < (*writer)->passes(); ++pass) {
            if (!(*writer)->begin_pass(pass, out)) return 1;
            for (std::int64_t i = 0; i < n; ++i) {
                const auto name = "image-" + std::to_string(i) + ".jpg";
                const auto data = "{\"image\":\"" + name + "\"}";
                ExportRecord r;
                r.id = "t0000000001";
                r.key = name;
                r.data = data;
                r.image_name = name;
                r.sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
                r.width = 640, r.height = 480;
                ExportRecord::AnAnnotation a;
                a.id = "a0000000001";
                a.person = "ada@example.org";
                a.regions_text = regions;
                a.action = "accepted";
                a.arm = "assisted";
                a.current = true;
                a.created = 1'700'000'000'000;
                r.annotations.push_back(a);
                if (!(*writer)->write(r, out)) return 1;
                if (out.size() > (1 << 20) && std::string_view(format) != "jsonl") {
                    bytes += out.size();
                    out.clear();
                }
            }
        }
        if (!(*writer)->finish(out)) return 1;
        line((std::string(format) + "_write").c_str(),
             static_cast<double>(n) / seconds_since(start), "rows/cpu_s");
        if (std::string_view(format) == "jsonl")
            line("jsonl_ours_read", read_rate("jsonl", "a.jsonl", out, image, n), "rows/cpu_s");
    }
}
