// Wire types of the live board.
#pragma once

#include <string>
#include <vector>

#include "app/live.h"
#include "base/fields.h"
#include "http/wire_jobs.h"

namespace countersign {

struct LiveTaskOut {
    std::string task;
    std::string key;
    Millis since = 0;
    Millis until = 0;
    Millis saved = 0;
};
template <class V>
void fields(V& v, LiveTaskOut& o) {
    v("task", o.task, "t...");
    v("key", o.key, "name its source gave it");
    v("since", o.since, "ms UTC: on the desk");
    v("until", o.until, "ms UTC: it goes back to the queue by itself");
    v("saved", o.saved, "ms UTC when work on it was last saved; 0: never");
}

struct LivePersonOut {
    std::string person;
    std::string display;
    std::int64_t last_5 = 0;
    std::int64_t last_60 = 0;
    std::int64_t accepted = 0;
    std::int64_t edited = 0;
    std::int64_t rejected = 0;
    std::int64_t created = 0;
    std::int64_t skipped = 0;
    Millis seen = 0;
    bool stuck = false;
    std::vector<LiveTaskOut> held;
};
template <class V>
void fields(V& v, LivePersonOut& o) {
    v("person", o.person, "u...");
    v("display", o.display, "shown name");
    v("last_5", o.last_5, "decisions in the last 5 minutes");
    v("last_60", o.last_60, "decisions in the last 60 minutes");
    v("accepted", o.accepted, "decisions since the history starts: the draft as it stood");
    v("edited", o.edited, "the draft changed");
    v("rejected", o.rejected, "the draft thrown away");
    v("created", o.created, "labelled from nothing");
    v("skipped", o.skipped, "skips");
    v("seen", o.seen, "ms UTC of the last sign of work");
    v("stuck", o.stuck, "holds tasks, and gave no sign for as long as a lease lasts");
    v("held", o.held, "tasks on the desk");
}

struct LiveLaneOut {
    Lane lane = Lane::routine;
    std::int64_t ready = 0;
    std::int64_t leased = 0;
    std::int64_t done = 0;
    std::int64_t disputed = 0;
};
template <class V>
void fields(V& v, LiveLaneOut& o) {
    v("lane", o.lane, "why tasks come to a person");
    v("ready", o.ready, "wait in the queue");
    v("leased", o.leased, "with a person");
    v("done", o.done, "have a label");
    v("disputed", o.disputed, "answers differ");
}

struct LiveHistoryOut {
    Millis from = 0;
    Millis width = 0;
    std::vector<std::int64_t> decisions;
};
template <class V>
void fields(V& v, LiveHistoryOut& o) {
    v("from", o.from, "ms UTC");
    v("width", o.width, "ms of one stretch");
    v("decisions", o.decisions, "in each; the last one goes on");
}

struct LiveOut {
    Millis now = 0;
    bool whole = false;
    std::vector<LivePersonOut> people;
    std::vector<LiveLaneOut> lanes;
    LiveHistoryOut history;
    std::vector<JobOut> jobs;
};
template <class V>
void fields(V& v, LiveOut& o) {
    v("now", o.now, "ms UTC on the server");
    v("whole", o.whole, "everybody's lines; false: the caller's own");
    v("people", o.people, "who holds a task, or decided since the history starts");
    v("lanes", o.lanes, "the queue, those without tasks left out");
    v("history", o.history, "the pace");
    v("jobs", o.jobs, "that wait or work; for supervisors");
}

struct TakeBackBody {
    std::string person;
    std::string task;
};
template <class V>
void fields(V& v, TakeBackBody& o) {
    v("person", o.person, "u...: who holds it");
    v("task", o.task, "t...; empty: all they hold in the project");
}

}  // namespace countersign
