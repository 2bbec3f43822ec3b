// ELAN's EAF (annotation format 3.0): tiers of annotations between time slots of the recording
// (milliseconds), and tiers of annotations that refer to others.
//
// Read: the label is the tier's participant, else its name; the value is what was said, or the
// label itself where nothing is written down; a tier whose values are all labels has the speaker of
// each annotation. An annotation that refers to another one is the text of that segment. A slot
// without a time lies evenly between its neighbours. Written: a tier a label; a text of the whole
// recording is a tier of one annotation.
#include <algorithm>
#include <cmath>
#include <pugixml.hpp>

#include "base/text.h"
#include "formats/sound_formats.h"
#include "formats/sound_kit.h"
#include "formats/xml.h"

namespace countersign {

namespace {

using Slots = std::map<std::string, double, std::less<>>;  ///< Seconds by name.

Slots slots_of(const pugi::xml_node& order, Mends& mends) {
    std::vector<std::pair<std::string, std::optional<double>>> list;
    for (const auto slot : order.children("TIME_SLOT")) {
        const auto ms = seconds_in(slot.attribute("TIME_VALUE").value());
        list.emplace_back(slot.attribute("TIME_SLOT_ID").value(),
                          ms ? std::optional(to_microsecond(*ms / 1000)) : std::nullopt);
    }
    Slots slots;
    double before = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (!list[i].second) {
            std::size_t next = i;
            while (next < list.size() && !list[next].second) ++next;
            if (next == list.size()) break;  // Nothing says where these are.
            const auto steps = static_cast<double>(next - i + 1);
            for (std::size_t k = i; k < next; ++k)
                list[k].second =
                    to_microsecond(before + (*list[next].second - before) *
                                                static_cast<double>(k - i + 1) / steps);
            mends.mended("slots without a time were put evenly between their neighbours");
        }
        before = *list[i].second;
        slots.emplace(list[i].first, before);
    }
    return slots;
}

class EafReader final : public SoundFilesReader {
public:
    using SoundFilesReader::SoundFilesReader;

private:
    bool is_mine(std::string_view name) const override { return extension(name) == "eaf"; }

    Result<> take(std::string_view text, SoundLabels& labels, ImportedRow& row,
                  std::string& recording) override {
        if (xml_depth(text) > deepest_xml)
            return Refusal{Code::invalid, "its elements are nested deeper than 64"};
        pugi::xml_document document;
        const auto parsed = document.load_buffer(text.data(), text.size(), pugi::parse_default,
                                                 pugi::encoding_utf8);
        if (!parsed)
            return Refusal{Code::invalid, "it is not valid XML (" +
                                              std::string(parsed.description()) + " at byte " +
                                              std::to_string(parsed.offset) + ")"};
        const auto root = document.child("ANNOTATION_DOCUMENT");
        if (!root) return Refusal{Code::invalid, "it has no <ANNOTATION_DOCUMENT>"};
        const auto header = root.child("HEADER");
        const std::string_view url =
            header.child("MEDIA_DESCRIPTOR").attribute("MEDIA_URL").value();
        recording = base_name(url);
        for (const auto property : header.children("PROPERTY"))
            if (std::string_view(property.attribute("NAME").value()) == "countersign:seconds")
                if (const auto seconds = seconds_in(property.child_value());
                    seconds && *seconds > 0)
                    row.seconds = *seconds;
        const auto slots = slots_of(root.child("TIME_ORDER"), labels.mends());
        Taken taken{labels, slots, {}, {}, {}};
        for (const auto tier : root.children("TIER"))
            if (tier.child("ANNOTATION").child("ALIGNABLE_ANNOTATION")) aligned(tier, taken);
        for (const auto tier : root.children("TIER"))
            if (tier.child("ANNOTATION").child("REF_ANNOTATION")) referring(tier, taken);
        for (auto& t : taken.turns) labels.turn(std::move(t));
        for (auto& [control, words] : taken.whole) labels.whole(std::move(words), {}, control);
        return Done{};
    }

    struct Taken {
        SoundLabels& labels;
        const Slots& slots;
        std::vector<SpokenTurn> turns;
        std::map<std::string, std::size_t, std::less<>> turn_of;  ///< By the annotation's id.
        std::map<std::string, std::string> whole;
    };

    static void aligned(const pugi::xml_node& tier, Taken& taken) {
        const std::string name(trim(tier.attribute("TIER_ID").value()));
        const std::string said(trim(tier.attribute("PARTICIPANT").value()));
        const std::string label = said.empty() ? name : said;
        const auto* schema = taken.labels.schema();
        const auto* control = schema ? schema->control(name) : nullptr;
        const bool whole =
            (control && control->kind == ControlKind::text) || (!schema && name == "transcript");
        bool of_labels = false;
        if (schema && !whole && !taken.labels.is_label(label)) {
            of_labels = true;
            for (const auto a : tier.children("ANNOTATION"))
                of_labels = of_labels && taken.labels.is_label(
                                             trim(a.first_child().child_value("ANNOTATION_VALUE")));
        }
        for (const auto a : tier.children("ANNOTATION")) {
            const auto one = a.child("ALIGNABLE_ANNOTATION");
            if (!one) continue;
            const auto start = taken.slots.find(one.attribute("TIME_SLOT_REF1").value()),
                       end = taken.slots.find(one.attribute("TIME_SLOT_REF2").value());
            if (start == taken.slots.end() || end == taken.slots.end()) {
                taken.labels.mends().left_out("an annotation's slot has no time");
                continue;
            }
            const std::string value(trim(one.child_value("ANNOTATION_VALUE")));
            if (whole) {
                auto& all = taken.whole[name];
                all += (all.empty() ? "" : " ") + value;
                continue;
            }
            SpokenTurn t;
            t.start = start->second, t.end = end->second;
            t.label = of_labels ? value : label;
            if (!of_labels && value != label) t.text = value;
            const std::string id = one.attribute("ANNOTATION_ID").value();
            taken.turn_of.emplace(id, taken.turns.size());
            t.id = id.size() <= 58 ? id : std::string();
            taken.turns.push_back(std::move(t));
        }
    }

    /// Texts of the segment that they refer to, by way of others where they refer to such.
    static void referring(const pugi::xml_node& tier, Taken& taken) {
        for (const auto a : tier.children("ANNOTATION")) {
            const auto one = a.child("REF_ANNOTATION");
            if (!one) continue;
            const auto about = taken.turn_of.find(one.attribute("ANNOTATION_REF").value());
            if (about == taken.turn_of.end()) {
                taken.labels.mends().left_out("an annotation refers to one that is not there");
                continue;
            }
            auto& turn = taken.turns[about->second];
            const auto place = about->second;
            const std::string value(trim(one.child_value("ANNOTATION_VALUE")));
            taken.turn_of.emplace(one.attribute("ANNOTATION_ID").value(), place);
            if (value.empty()) continue;
            if (!turn.text.empty())
                taken.labels.mends().mended("several texts of a segment were joined");
            turn.text += (turn.text.empty() ? "" : " ") + value;
        }
    }
};

class EafWriter final : public SoundZipWriter {
public:
    using SoundZipWriter::SoundZipWriter;

private:
    std::string_view file_extension() const override { return "eaf"; }

    struct Annotation {
        std::int64_t start, end;  ///< Milliseconds.
        std::string value;
    };

    std::int64_t milliseconds(double seconds) {
        const double ms = std::round(seconds * 1000);
        if (std::abs(seconds * 1000 - ms) > 1e-4)
            lose("time finer than a millisecond, rounded to it");
        return static_cast<std::int64_t>(ms);
    }

    Result<std::string> file_of(const Recording& one) override {
        // Annotations of one tier may not overlap: a further tier of the same participant has them.
        std::vector<std::pair<std::string, std::vector<Annotation>>> tiers;
        double end = one.seconds;
        for (const auto& t : one.turns) {
            lose_words(t.words);
            if (t.confidence) lose("confidence of a segment");
            if (t.text == t.label) lose("text that is the name of its label");
            put(tiers, t.label,
                {milliseconds(t.start), milliseconds(t.end), t.text.empty() ? t.label : t.text});
            end = std::max(end, t.end);
        }
        for (const auto& text : one.texts) {
            lose_words(text.words);
            for (const auto& w : text.words) end = std::max(end, w.end);
            put(tiers, text.control, {0, std::max<std::int64_t>(milliseconds(end), 1), text.text});
        }
        return text_of(one, tiers);
    }

    static void put(std::vector<std::pair<std::string, std::vector<Annotation>>>& tiers,
                    const std::string& label, Annotation a) {
        for (auto& [name, list] : tiers)
            if (name == label && list.back().end <= a.start) return list.push_back(std::move(a));
        tiers.emplace_back(label, std::vector<Annotation>{std::move(a)});
    }

    static std::string text_of(
        const Recording& one,
        const std::vector<std::pair<std::string, std::vector<Annotation>>>& tiers) {
        std::string out =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ANNOTATION_DOCUMENT AUTHOR=\"\" "
            "DATE=\"1970-01-01T00:00:00Z\" FORMAT=\"3.0\" VERSION=\"3.0\">\n"
            "  <HEADER MEDIA_FILE=\"\" TIME_UNITS=\"milliseconds\">\n    <MEDIA_DESCRIPTOR";
        append_attribute(out, "MEDIA_URL", "./" + one.name);
        append_attribute(out, "MIME_TYPE", "audio/*");
        out += "/>\n";
        if (one.seconds > 0) {
            out += "    <PROPERTY NAME=\"countersign:seconds\">";
            append_json_number(out, one.seconds);
            out += "</PROPERTY>\n";
        }
        out += "  </HEADER>\n  <TIME_ORDER>\n";
        std::string body;
        int slot = 0, id = 0;
        std::map<std::string, int> used;
        for (const auto& [label, list] : tiers) {
            std::string name = label;
            while (used.count(name)) name = label + " " + std::to_string(++used[label]);
            used[name] = 1;
            body += "  <TIER";
            append_attribute(body, "LINGUISTIC_TYPE_REF", "default-lt");
            append_attribute(body, "PARTICIPANT", label);
            append_attribute(body, "TIER_ID", name);
            body += ">\n";
            for (const auto& a : list) {
                const auto from = "ts" + std::to_string(++slot), to = "ts" + std::to_string(++slot);
                for (const auto& [ts, ms] : {std::pair(from, a.start), std::pair(to, a.end)})
                    out += "    <TIME_SLOT TIME_SLOT_ID=\"" + ts + "\" TIME_VALUE=\"" +
                           std::to_string(ms) + "\"/>\n";
                body += "    <ANNOTATION>\n      <ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a" +
                        std::to_string(++id) + "\" TIME_SLOT_REF1=\"" + from +
                        "\" TIME_SLOT_REF2=\"" + to + "\">\n        <ANNOTATION_VALUE>";
                append_xml(body, a.value);
                body += "</ANNOTATION_VALUE>\n      </ALIGNABLE_ANNOTATION>\n    </ANNOTATION>\n";
            }
            body += "  </TIER>\n";
        }
        out += "  </TIME_ORDER>\n" + body +
               "  <LINGUISTIC_TYPE GRAPHIC_REFERENCES=\"false\" LINGUISTIC_TYPE_ID=\"default-lt\" "
               "TIME_ALIGNABLE=\"true\"/>\n</ANNOTATION_DOCUMENT>\n";
        return out;
    }
};

}  // namespace

double recognise_eaf(const Source& source) {
    for (const auto& e : source.entries())
        if (extension(e.name) == "eaf") return 0.95;
    return 0;
}

Result<std::unique_ptr<RowReader>> read_eaf(std::shared_ptr<const Source> source,
                                            const ReadContext& context) {
    return std::unique_ptr<RowReader>(std::make_unique<EafReader>(std::move(source), context));
}
Result<std::unique_ptr<RowWriter>> write_eaf(const WriteContext& context) {
    return std::unique_ptr<RowWriter>(std::make_unique<EafWriter>(context));
}

}  // namespace countersign
