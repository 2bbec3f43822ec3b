#include "app/convert.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "app/import_rows.h"
#include "app/recordings.h"
#include "formats/reader.h"
#include "media/image.h"

namespace countersign {

namespace {

/// The controls that a file's labels need, from reading them without a schema.
class SchemaGuess {
public:
    explicit SchemaGuess(Modality modality) { schema_.modality = modality; }

    void see(const Regions& regions) {
        for (const auto& r : regions) {
            auto& control = control_of(r);
            control.per_region = control.per_region || !r.parent.empty();
            if (r.kind == ControlKind::choices && r.labels.size() > 1) control.multiple = true;
            if (r.kind == ControlKind::text && doubled(r, regions)) control.multiple = true;
            for (const auto& name : r.labels)
                if (std::none_of(control.labels.begin(), control.labels.end(),
                                 [&](const Label& l) { return l.name == name; }))
                    control.labels.push_back({name, {}, {}, {}, {}});
        }
    }

    Result<Schema> schema() {
        for (auto& c : schema_.controls)
            if (c.kind == ControlKind::rating) fill_rating(c);
        if (schema_.controls.empty()) {  // Nothing is labelled: any schema holds it.
            Control note;
            note.name = "note";
            note.kind = ControlKind::text;
            note.required = false;
            schema_.controls.push_back(std::move(note));
        }
        return check_schema(std::move(schema_));
    }

private:
    Control& control_of(const Region& r) {
        for (auto& c : schema_.controls)
            if (c.name == r.control) return c;
        auto& control = schema_.controls.emplace_back();
        control.name = r.control;
        control.kind = r.kind;
        control.required = false;
        return control;
    }
    static bool doubled(const Region& r, const Regions& regions) {
        return std::count_if(regions.begin(), regions.end(), [&](const Region& other) {
                   return other.control == r.control && other.parent == r.parent;
               }) > 1;
    }
    /// "1" to "5" or further, so that a number is its place.
    static void fill_rating(Control& c) {
        int most = 5;
        for (const auto& l : c.labels) {
            if (l.name.size() > 3 || l.name.find_first_not_of("0123456789") != std::string::npos)
                return;
            most = std::max(most, std::atoi(l.name.c_str()));
        }
        c.labels.clear();
        for (int i = 1; i <= most; ++i) c.labels.push_back({std::to_string(i), {}, {}, {}, {}});
    }
    Schema schema_;
};

class Converter {
public:
    Converter(const ConvertOptions& options, std::shared_ptr<const Source> source,
              std::shared_ptr<const Source> images)
        : options_(options),
          source_(std::move(source)),
          images_(std::move(images)),
          recordings_(source_, images_) {}

    Result<ConvertReport> run(const Format& from, const Format& to,
                              const std::function<void(const std::string&)>& put,
                              const std::function<void(const ImportedRow&)>& verdict) {
        if (!from.read)
            return Refusal{Code::unsupported, std::string(from.title) + " cannot be read."};
        if (!to.write)
            return Refusal{Code::unsupported, std::string(to.title) + " cannot be written."};
        Project project;
        project.name = "converted";
        project.schema = options_.schema ? *options_.schema : TRY(guess(from, to));
        report_.schema = project.schema;
        report_.from = from.name;
        WriteContext context;
        context.project = &project;
        if (options_.with_images)
            context.image_bytes = [this](std::string_view name) { return image_bytes(name); };
        auto writer = TRY(to.write(context));
        std::string out;
        for (int pass = 0; pass < writer->passes(); ++pass) {
            TRY(writer->begin_pass(pass, out));
            TRY(each_row(from, &project.schema, [&](ImportedRow& row) -> Result<> {
                if (pass == 0) count(row, verdict);
                if (row.outcome != RowOutcome::rejected && (!options_.edit || options_.edit(row)))
                    TRY(write_row(row, *writer, out));
                if (out.size() > (1U << 20)) put(out), out.clear();
                return Done{};
            }));
        }
        TRY(writer->finish(out));
        put(out);
        report_.left_out = writer->left_out();
        return std::move(report_);
    }

private:
    Result<Schema> guess(const Format& from, const Format& to) {
        const auto both = [&](Modality m) {
            const auto has = [m](const Format& f) {
                return std::find(f.modalities.begin(), f.modalities.end(), m) != f.modalities.end();
            };
            return has(from) && has(to);
        };
        std::optional<Modality> seen;  // What is the only one that both can carry needs no look.
        int possible = 0;
        for (const auto m : {Modality::text, Modality::image, Modality::audio})
            if (both(m)) ++possible, seen = m;
        if (possible == 0) seen = Modality::text;
        if (possible > 1) seen.reset();
        SchemaGuess on_text(Modality::text), on_image(Modality::image), on_audio(Modality::audio);
        TRY(each_row(from, nullptr, [&](ImportedRow& row) -> Result<> {
            if (row.outcome == RowOutcome::rejected) return Done{};
            const auto& medium = row.media.empty() ? row.media_ref : row.media;
            if (!seen)
                seen = medium.empty()          ? Modality::text
                       : is_sound_name(medium) ? Modality::audio
                                               : Modality::image;
            auto& here = *seen == Modality::text    ? on_text
                         : *seen == Modality::image ? on_image
                                                    : on_audio;
            for (const auto& d : row.drafts) here.see(d.regions);
            for (const auto& a : row.annotations) here.see(a.regions);
            return Done{};
        }));
        return seen == Modality::image   ? on_image.schema()
               : seen == Modality::audio ? on_audio.schema()
                                         : on_text.schema();
    }

    template <class Use>
    Result<> each_row(const Format& from, const Schema* schema, Use&& use) {
        ReadContext context;
        context.schema = schema;
        context.as_written = options_.as_written;
        context.image_size = [this](std::string_view name) { return image_size(name); };
        context.sound_seconds = [this](std::string_view name) { return recordings_.seconds(name); };
        const auto reader = TRY(from.read(source_, context));
        for (;;) {
            auto row = TRY(reader->next());
            if (!row) return Done{};
            TRY(use(*row));
        }
    }

    void count(const ImportedRow& row, const std::function<void(const ImportedRow&)>& verdict) {
        if (row.outcome == RowOutcome::accepted) ++report_.accepted;
        if (row.outcome == RowOutcome::repaired) ++report_.repaired;
        if (row.outcome == RowOutcome::rejected) ++report_.rejected;
        if (row.outcome == RowOutcome::rejected) return verdict(row);
        ++report_.written;
        if (row.outcome != RowOutcome::accepted) verdict(row);
    }

    Result<> write_row(ImportedRow& row, RowWriter& writer, std::string& out) {
        ExportRecord record;
        record.id = row.key.empty() ? "row-" + std::to_string(row.row) : row.key;
        record.key = row.key;
        record.data = row.data;
        record.meta = row.meta;
        const std::string image = row.media.empty() ? row.media_ref : row.media;
        if (!image.empty()) {
            record.image_name = row.key.empty() ? std::string_view(image) : row.key;
            record.sha256 = image;  // What image_bytes() is asked for.
            if (const auto size = image_size(image))
                row.width = size->width, row.height = size->height;
        }
        record.width = row.width;
        record.height = row.height;
        record.seconds = row.seconds;
        std::vector<std::string> texts;
        texts.reserve(row.drafts.size() + row.annotations.size());
        for (const auto& d : row.drafts) {
            ExportRecord::ADraft draft;
            draft.model = d.model;
            draft.regions_text = texts.emplace_back(regions_text(d.regions));
            draft.confidence = d.confidence;
            draft.created = d.created;
            record.drafts.push_back(std::move(draft));
        }
        for (const auto& a : row.annotations) {
            ExportRecord::AnAnnotation annotation;
            annotation.person = a.person;
            annotation.regions_text = texts.emplace_back(regions_text(a.regions));
            annotation.action = a.skipped ? "skipped" : "imported";
            annotation.comment = a.comment;
            annotation.active_ms = a.active_ms;
            annotation.flagged = a.flagged;
            annotation.created = a.created;
            annotation.current = &a == &row.annotations.back();
            record.annotations.push_back(std::move(annotation));
        }
        return writer.write(record, out);
    }

    /// From the files themselves, then from the folder of images.
    Result<std::string> image_bytes(std::string_view name) const {
        if (auto sound = recordings_.bytes(name)) return sound;
        for (const auto* source : {source_.get(), images_.get()}) {
            if (!source) continue;
            for (const auto& e : source->entries())
                if (e.name == name || e.name.ends_with("/" + std::string(name)))
                    return source->read_all(e.name);
        }
        return Refusal{Code::not_found, "There is no image \"" + std::string(name) +
                                            "\": say where the images are with --images."};
    }

    std::optional<ImageSize> image_size(std::string_view name) {
        const auto known = sizes_.find(std::string(name));
        if (known != sizes_.end()) return known->second;
        std::optional<ImageSize> size;
        if (const auto bytes = image_bytes(name))
            if (const auto info = image_info(*bytes)) size = {info->width, info->height};
        sizes_.emplace(name, size);
        return size;
    }

    const ConvertOptions& options_;
    std::shared_ptr<const Source> source_, images_;
    RecordingFiles recordings_;
    std::map<std::string, std::optional<ImageSize>> sizes_;
    ConvertReport report_;
};

const Format* format_called(const std::string& name, Refusal& why) {
    const auto* format = find_format(name);
    if (format) return format;
    why = {Code::invalid,
           "There is no format \"" + name + "\": see `countersign reference formats`."};
    return nullptr;
}

}  // namespace

Result<ConvertReport> convert_files(const ConvertOptions& options,
                                    const std::function<void(const std::string&)>& put,
                                    const std::function<void(const ImportedRow&)>& verdict) {
    std::shared_ptr<const Source> source = TRY(open_import(options.from_paths)), images;
    if (!options.images.empty()) images = TRY(open_import({options.images}));
    Refusal why{Code::invalid, {}};
    const auto* to = format_called(options.to, why);
    if (!to) return why;
    const Format* from = nullptr;
    if (!options.from.empty()) {
        from = format_called(options.from, why);
        if (!from) return why;
    } else {
        double most = 0;
        for (const auto modality : {Modality::text, Modality::image, Modality::audio}) {
            if (options.schema ? options.schema->modality != modality
                               : std::find(to->modalities.begin(), to->modalities.end(),
                                           modality) == to->modalities.end())
                continue;
            const auto found = recognise_format(*source, modality);
            if (found && (*found)->recognise(*source) > most)
                from = *found, most = from->recognise(*source);
        }
        if (!from)
            from = TRY(recognise_format(
                *source, options.schema ? options.schema->modality : to->modalities.front()));
    }
    return Converter(options, std::move(source), std::move(images)).run(*from, *to, put, verdict);
}

}  // namespace countersign
