#include "formats/format.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/url.h"
#include "formats/image_text.h"
#include "formats/pieces.h"
#include "formats/reader.h"
#include "formats/sound_formats.h"
#include "formats/text_formats.h"
#include "formats/yolo_names.h"

namespace countersign {

namespace {

/// How many entries have one of the extensions.
std::size_t count(const Source& source, std::initializer_list<std::string_view> extensions) {
    std::size_t n = 0;
    for (const auto& e : source.entries()) {
        const auto ext = extension(e.name);
        n += std::find(extensions.begin(), extensions.end(), ext) != extensions.end();
    }
    return n;
}

/// The first bytes of the first entry with that extension; of any entry when `ext` is empty.
std::string head(const Source& source, std::string_view ext, std::size_t bytes = 4096) {
    for (const auto& e : source.entries()) {
        if (!ext.empty() && extension(e.name) != ext) continue;
        const auto read = source.open(e.name);
        if (!read) return {};
        std::string text(bytes, '\0');
        std::size_t got = 0;
        while (got < bytes) {
            const auto n = (*read)(text.data() + got, bytes - got);
            if (!n || *n == 0) break;
            got += *n;
        }
        text.resize(got);
        return text;
    }
    return {};
}

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// Whether one of the JSON files has the marks of COCO: its lists, or a result's members.
bool is_coco(const Source& source) {
    std::size_t looked = 0;
    for (const auto& e : source.entries()) {
        if (extension(e.name) != "json" || ++looked > 20) continue;
        auto read = source.open(e.name);
        if (!read) continue;
        JsonCutter cutter(*std::move(read), false, std::size_t{4} << 20);
        for (int pieces = 0; pieces < 50; ++pieces) {
            const auto piece = cutter.next();
            if (!piece || !*piece) break;
            const auto& p = **piece;
            if (p.element && (p.key == "images" || p.key == "categories")) return true;
            if (p.element && holds(p.text, "\"image_id\"") && holds(p.text, "\"category_id\""))
                return true;
            if (p.element && p.key.empty()) break;
        }
    }
    return false;
}

double recognise_jsonl(const Source& s) {
    if (count(s, {"jsonl", "ndjson", "jsonlines"}) > 0) return 0.9;
    const auto text = head(s, "");
    return s.entries().size() == 1 && text.starts_with('{') && holds(text, "}\n{") ? 0.7 : 0;
}
double recognise_csv(const Source& s) {
    return count(s, {"csv"}) > 0 && count(s, {"yaml", "yml"}) == 0 ? 0.8 : 0;
}
double recognise_tsv(const Source& s) {
    return count(s, {"tsv", "tab"}) > 0 ? 0.8 : 0;
}
double recognise_text(const Source& s) {
    if (count(s, {"txt", "text", "md"}) == 0) return 0;
    return count(s, {"jpg", "jpeg", "png", "webp"}) == 0 ? 0.5 : 0.05;
}
double recognise_images(const Source& s) {
    return count(s, {"jpg", "jpeg", "png", "webp"}) > 0 ? 0.4 : 0;
}
double recognise_urls(const Source& s) {
    if (s.entries().size() != 1 || count(s, {"txt", "text", "urls", "lst"}) != 1) return 0;
    const auto text = head(s, "");
    for (const auto line : split(text, '\n'))
        if (const auto said = trim(line); !said.empty() && said.front() != '#')
            return looks_like_url(said) ? 0.95 : 0;
    return 0;
}
double recognise_coco(const Source& s) {
    return count(s, {"json"}) > 0 && is_coco(s) ? 0.9 : 0;
}
double recognise_label_studio(const Source& s) {
    if (count(s, {"json"}) == 0) return 0;
    const auto text = head(s, "json");
    const auto body =
        trim(std::string_view(text).starts_with("\xEF\xBB\xBF") ? std::string_view(text).substr(3)
                                                                : std::string_view(text));
    if (body.empty() || (body.front() != '[' && body.front() != '{')) return 0;
    return holds(text, "\"data\"") ? 0.85 : body.front() == '[' ? 0.5 : 0.2;
}
double recognise_voc(const Source& s) {
    return count(s, {"xml"}) > 0 && holds(head(s, "xml"), "<annotation") &&
                   !holds(head(s, "xml"), "<annotations")
               ? 0.9
               : 0;
}
double recognise_cvat(const Source& s) {
    return count(s, {"xml"}) > 0 && holds(head(s, "xml"), "<annotations") ? 0.9 : 0;
}
/// The numbers of words of the first line that has any, in the first label file that has lines.
std::size_t words_of_labels(const Source& s, bool& numbers) {
    int looked = 0;
    for (const auto& e : s.entries()) {
        if (extension(e.name) != "txt" || is_yolo_side_file(e.name) || ++looked > 20) continue;
        const auto text = s.read_all(e.name, 1 << 20);
        if (!text || trim(*text).empty()) continue;
        const auto line = trim(split(trim(*text), '\n').front());
        numbers = line.find_first_not_of("0123456789. \teE+-") == std::string_view::npos;
        std::size_t words = 0;
        for (const auto word : split(line, ' ')) words += !trim(word).empty();
        return words;
    }
    return 0;
}
double recognise_yolo_obb(const Source& s) {
    bool numbers = false;
    return count(s, {"txt"}) > 0 && words_of_labels(s, numbers) == 9 && numbers ? 0.91 : 0;
}
double recognise_yolo_pose(const Source& s) {
    if (count(s, {"yaml", "yml"}) == 0) return 0;
    const auto pose = yolo_pose(s);
    return pose && *pose ? 0.95 : 0;
}
double recognise_kitti(const Source& s) {
    bool numbers = false;
    const auto words = count(s, {"txt"}) > 0 ? words_of_labels(s, numbers) : 0;
    return !numbers && (words == 15 || words == 16) ? 0.7 : 0;
}
double recognise_labelme(const Source& s) {
    if (count(s, {"json"}) == 0) return 0;
    const auto text = head(s, "json", std::size_t{64} << 10);
    return holds(text, "\"shapes\"") && !holds(text, "\"annotations\"") ? 0.88 : 0;
}
double recognise_open_images(const Source& s) {
    const auto text = head(s, "csv");
    return text.starts_with("ImageID,") && holds(text, "LabelName") ? 0.9 : 0;
}
/// A names file and labels; or text files that hold lines of five or six numbers.
double recognise_yolo(const Source& s) {
    if (count(s, {"txt"}) == 0) return 0;
    const bool names =
        std::any_of(s.entries().begin(), s.entries().end(), [](const SourceEntry& e) {
            const auto ext = extension(e.name);
            return ext == "yaml" || ext == "yml" || ext == "names" ||
                   base_name(e.name) == "classes.txt";
        });
    int looked = 0;
    for (const auto& e : s.entries()) {
        if (extension(e.name) != "txt" || is_yolo_side_file(e.name) || ++looked > 20) continue;
        const auto text = s.read_all(e.name, 1 << 20);
        if (!text || trim(*text).empty()) continue;
        const auto line = trim(split(*text, '\n').front());
        const bool numbers = line.find_first_not_of("0123456789. \teE+-") == std::string_view::npos;
        const auto words = std::count(line.begin(), line.end(), ' ');
        return numbers && words >= 4 ? 0.9 : 0;
    }
    return names ? 0.6 : 0;
}

}  // namespace

std::span<const Format> formats() {
    using K = ControlKind;
    constexpr auto text = Modality::text, image = Modality::image, audio = Modality::audio;
    const std::vector<K> all = {K::choices,  K::boxes,     K::spans,     K::polygons, K::text,
                                K::segments, K::keypoints, K::relations, K::rating};
    static const std::vector<Format> rows = {
        {"jsonl",
         "JSON Lines",
         "jsonl",
         "application/x-ndjson",
         {text, image, audio},
         all,
         true,
         recognise_jsonl,
         read_jsonl,
         write_jsonl},
        {"label-studio",
         "Label Studio JSON",
         "json",
         "application/json",
         {text, image, audio},
         all,
         false,
         recognise_label_studio,
         read_label_studio,
         write_label_studio},
        {"csv",
         "CSV table",
         "csv",
         "text/csv",
         {text, image, audio},
         {K::choices, K::text, K::rating},
         false,
         recognise_csv,
         read_csv,
         write_csv},
        {"tsv",
         "TSV table",
         "tsv",
         "text/tab-separated-values",
         {text, image, audio},
         {K::choices, K::text, K::rating},
         false,
         recognise_tsv,
         read_csv,
         write_tsv},
        {"conll",
         "CoNLL-2003 (BIO tags)",
         "conll",
         "text/plain",
         {text},
         {K::spans},
         false,
         recognise_conll,
         read_conll,
         write_conll},
        {"conllu",
         "CoNLL-U",
         "conllu",
         "text/plain",
         {text},
         {K::spans},
         false,
         recognise_conllu,
         read_conllu,
         write_conllu},
        {"brat",
         "brat standoff zip",
         "zip",
         "application/zip",
         {text},
         {K::spans, K::relations},
         false,
         recognise_brat,
         read_brat,
         write_brat},
        {"spacy",
         "spaCy JSONL",
         "jsonl",
         "application/x-ndjson",
         {text},
         {K::spans, K::choices},
         false,
         recognise_spacy,
         read_spacy,
         write_spacy},
        {"prodigy",
         "Prodigy JSONL",
         "jsonl",
         "application/x-ndjson",
         {text},
         {K::spans, K::choices},
         false,
         recognise_prodigy,
         read_prodigy,
         write_prodigy},
        {"doccano",
         "doccano JSONL",
         "jsonl",
         "application/x-ndjson",
         {text},
         {K::spans, K::choices, K::relations, K::text},
         false,
         recognise_doccano,
         read_doccano,
         write_doccano},
        {"argilla",
         "Argilla / Hugging Face JSONL",
         "jsonl",
         "application/x-ndjson",
         {text},
         {K::spans, K::choices, K::rating, K::text},
         false,
         recognise_argilla,
         read_argilla,
         write_argilla},
        {"fasttext",
         "fastText",
         "txt",
         "text/plain",
         {text},
         {K::choices},
         false,
         recognise_fasttext,
         read_fasttext,
         write_fasttext},
        {"text",
         "Plain text",
         "txt",
         "text/plain",
         {text},
         {},
         false,
         recognise_text,
         read_text,
         nullptr},
        {"images",
         "Images",
         "zip",
         "application/zip",
         {image},
         {},
         false,
         recognise_images,
         read_images,
         nullptr},
        {"urls",
         "List of URLs of images or recordings",
         "txt",
         "text/plain",
         {image, audio},
         {},
         false,
         recognise_urls,
         read_urls,
         nullptr},
        {"audio",
         "Recordings",
         "zip",
         "application/zip",
         {audio},
         {},
         false,
         recognise_sounds,
         read_sounds,
         nullptr},
        {"rttm",
         "RTTM (who spoke when)",
         "rttm",
         "text/plain",
         {audio},
         {K::segments},
         false,
         recognise_rttm,
         read_rttm,
         write_rttm},
        {"ctm",
         "CTM (words and times)",
         "ctm",
         "text/plain",
         {audio},
         {K::text},
         false,
         recognise_ctm,
         read_ctm,
         write_ctm},
        {"textgrid",
         "TextGrid (Praat) zip",
         "zip",
         "application/zip",
         {audio},
         {K::segments, K::text},
         false,
         recognise_textgrid,
         read_textgrid,
         write_textgrid},
        {"webvtt",
         "WebVTT zip",
         "zip",
         "application/zip",
         {audio},
         {K::segments, K::text},
         false,
         recognise_webvtt,
         read_webvtt,
         write_webvtt},
        {"srt",
         "SRT subtitles zip",
         "zip",
         "application/zip",
         {audio},
         {K::segments, K::text},
         false,
         recognise_srt,
         read_srt,
         write_srt},
        {"audacity",
         "Audacity labels zip",
         "zip",
         "application/zip",
         {audio},
         {K::segments, K::text},
         false,
         recognise_audacity,
         read_audacity,
         write_audacity},
        {"eaf",
         "ELAN EAF zip",
         "zip",
         "application/zip",
         {audio},
         {K::segments, K::text},
         false,
         recognise_eaf,
         read_eaf,
         write_eaf},
        {"asr-manifest",
         "ASR manifest (JSON Lines)",
         "jsonl",
         "application/x-ndjson",
         {audio},
         {K::segments, K::text},
         false,
         recognise_asr_manifest,
         read_asr_manifest,
         write_asr_manifest},
        {"coco",
         "COCO JSON",
         "json",
         "application/json",
         {image},
         {K::boxes, K::polygons, K::keypoints},
         false,
         recognise_coco,
         read_coco,
         write_coco},
        {"yolo",
         "YOLO (Ultralytics) zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes, K::polygons},
         false,
         recognise_yolo,
         read_yolo,
         write_yolo},
        {"voc",
         "Pascal VOC zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes},
         false,
         recognise_voc,
         read_voc,
         write_voc},
        {"cvat",
         "CVAT XML 1.1 zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes, K::polygons, K::keypoints, K::choices, K::rating, K::text},
         false,
         recognise_cvat,
         read_cvat,
         write_cvat},
        {"yolo-obb",
         "YOLO OBB (turned boxes) zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes, K::polygons},
         false,
         recognise_yolo_obb,
         read_yolo_obb,
         write_yolo_obb},
        {"yolo-pose",
         "YOLO pose (keypoints) zip",
         "zip",
         "application/zip",
         {image},
         {K::keypoints},
         false,
         recognise_yolo_pose,
         read_yolo_pose,
         write_yolo_pose},
        {"labelme",
         "LabelMe JSON zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes, K::polygons, K::keypoints, K::choices, K::rating},
         false,
         recognise_labelme,
         read_labelme,
         write_labelme},
        {"kitti",
         "KITTI label_2 zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes},
         false,
         recognise_kitti,
         read_kitti,
         write_kitti},
        {"open-images",
         "Open Images CSV zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes},
         false,
         recognise_open_images,
         read_open_images,
         write_open_images},
        {"icdar",
         "ICDAR text on images zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes, K::polygons, K::text},
         false,
         recognise_icdar,
         read_icdar,
         write_icdar},
        {"ppocr",
         "PPOCRLabel zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes, K::polygons, K::text},
         false,
         recognise_ppocr,
         read_ppocr,
         write_ppocr},
        {"hocr",
         "hOCR zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes, K::polygons, K::text},
         false,
         recognise_hocr,
         read_hocr,
         write_hocr},
        {"alto",
         "ALTO 4 XML zip",
         "zip",
         "application/zip",
         {image},
         {K::boxes, K::polygons, K::text},
         false,
         recognise_alto,
         read_alto,
         write_alto},
    };
    return rows;
}

const Format* find_format(std::string_view name) {
    for (const auto& f : formats())
        if (f.name == name) return &f;
    return nullptr;
}

Result<const Format*> recognise_format(const Source& source, Modality modality) {
    const Format* best = nullptr;
    double most = 0;
    for (const auto& f : formats()) {
        if (!f.read ||
            std::find(f.modalities.begin(), f.modalities.end(), modality) == f.modalities.end())
            continue;
        if (const double sure = f.recognise(source); sure > most) best = &f, most = sure;
    }
    if (best) return best;
    std::string seen, known;
    const auto& entries = source.entries();
    for (std::size_t i = 0; i < std::min<std::size_t>(entries.size(), 3); ++i)
        seen += (i ? ", " : "") + in_quotes(entries[i].name);
    if (entries.size() > 3) seen += " and " + std::to_string(entries.size() - 3) + " more";
    for (const auto& f : formats())
        if (std::find(f.modalities.begin(), f.modalities.end(), modality) != f.modalities.end())
            known += (known.empty() ? "" : ", ") + std::string(f.title);
    return Refusal{Code::unsupported,
                   "No format for " + std::string(name_of(modality)) + " is recognised in " +
                       (seen.empty() ? "an import without files" : seen) + ". Understood are " +
                       known + "; name the format if it is one of them."};
}

}  // namespace countersign
