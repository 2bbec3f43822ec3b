// Wire types of projects and their history, and how they come from core values.
#pragma once

#include <string>
#include <vector>
#include "app/history.h"
#include "app/projects.h"
#include "base/fields.h"

namespace countersign {

/// The counters with what only supervisors see beside them.
struct ProjectProgress : Progress {
    std::int64_t findings = 0;
};
template <class V>
void fields(V& v, ProjectProgress& p) {
    fields(v, static_cast<Progress&>(p));
    v("findings", p.findings, "findings that are open; only supervisors see how many");
}

struct ProjectOut {
    std::string id;
    std::string name;
    std::string description;
    Schema schema;
    int schema_version = 0;
    std::string guideline;
    int guideline_version = 0;
    Policy policy;
    ProjectProgress progress;
    Millis created = 0;
    bool archived = false;
    bool lists_hidden = false;
};
template <class V>
void fields(V& v, ProjectOut& o) {
    v("id", o.id, "p...");
    v("name", o.name, "shown name");
    v("description", o.description, "what the data is");
    v("schema", o.schema, "what is asked about each item");
    v("schema_version", o.schema_version, "counts its changes");
    v("guideline", o.guideline, "Markdown");
    v("guideline_version", o.guideline_version, "counts its changes");
    v("policy", o.policy, "how work is handed out");
    v("progress", o.progress, "counters, kept up to date");
    v("created", o.created, "ms UTC");
    v("archived", o.archived, "nobody works on it");
    v("lists_hidden", o.lists_hidden,
      "the caller has no task list and live board here: they would tell which tasks are gold");
}

struct NewProjectBody {
    std::string name;
    std::string description;
    Schema schema;
    std::string guideline;
    Policy policy;
};
template <class V>
void fields(V& v, NewProjectBody& o) {
    v("name", o.name, "1 to 200 bytes");
    v("description", o.description, "what the data is");
    v("schema", o.schema, "what is asked about each item");
    v("guideline", o.guideline, "Markdown");
    v("policy", o.policy, "left out: the defaults");
}

struct ProjectChangeBody {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<std::string> guideline;
    std::optional<Policy> policy;
    std::optional<Schema> schema;
    std::optional<bool> archived;
};
template <class V>
void fields(V& v, ProjectChangeBody& o) {
    v("name", o.name, "1 to 200 bytes");
    v("description", o.description, "what the data is");
    v("guideline", o.guideline, "makes a new version");
    v("policy", o.policy, "how work is handed out");
    v("schema", o.schema, "makes a new version; refused when it loses labels in use");
    v("archived", o.archived, "nobody works on it");
}

struct SchemaBody {
    Schema schema;
};
template <class V>
void fields(V& v, SchemaBody& o) {
    v("schema", o.schema, "the schema one thinks of");
}

struct RenamingOut {
    std::string control;
    std::string name;
    std::string from;
    std::string to;
    std::int64_t tasks = 0;
    bool more = false;
};
template <class V>
void fields(V& v, RenamingOut& o) {
    v("control", o.control, "whose label it is");
    v("name", o.name, "the name that answers have");
    v("from", o.from, "the label it reads as now");
    v("to", o.to, "the label it would read as");
    v("tasks", o.tasks, "whose label has this name");
    v("more", o.more, "there are at least so many");
}

struct TemplateOut {
    std::string name;
    std::string title;
    std::string description;
    Schema schema;
    std::string guideline;
};
template <class V>
void fields(V& v, TemplateOut& o) {
    v("name", o.name, "unique");
    v("title", o.title, "shown name");
    v("description", o.description, "what it is for");
    v("schema", o.schema, "to start from");
    v("guideline", o.guideline, "Markdown to start from");
}

struct EventOut {
    std::string id;
    std::int64_t seq = 0;
    std::string kind;
    Nullable<std::string> person;
    Nullable<std::string> task;
    Json body;
    Millis created = 0;
    std::string hash;
};
template <class V>
void fields(V& v, EventOut& o) {
    v("id", o.id, "e...");
    v("seq", o.seq, "1, 2, 3... within the project");
    v("kind", o.kind, "what happened");
    v("person", o.person, "who; null: the program");
    v("task", o.task, "about which task");
    v("body", o.body, "what it says");
    v("created", o.created, "ms UTC");
    v("hash", o.hash, "hex SHA-256 over this event and the hash before it");
}

struct VerifyOut {
    std::int64_t events = 0;
    bool ok = true;
};
template <class V>
void fields(V& v, VerifyOut& o) {
    v("events", o.events, "checked");
    v("ok", o.ok, "every hash, signature and number is right");
}

struct LabelConfigBody {
    std::string xml;
};
template <class V>
void fields(V& v, LabelConfigBody& o) {
    v("xml", o.xml, "a Label Studio labelling configuration, up to 1 MiB");
}

struct LabelConfigOut {
    Schema schema;
    std::vector<std::string> not_understood;
};
template <class V>
void fields(V& v, LabelConfigOut& o) {
    v("schema", o.schema, "what the configuration asks");
    v("not_understood", o.not_understood,
      "what it says beyond that, by tag and attribute, in the order of the document");
}

ProjectOut project_out(const Project& project, const ProjectProgress& progress, bool lists_hidden);
EventOut event_out(const Event& event);

}  // namespace countersign
