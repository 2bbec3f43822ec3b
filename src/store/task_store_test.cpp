#include "store/task_list.h"

#include "store/desk_store.h"
#include "store/model_store.h"
#include "store/people_store.h"
#include "store/test_engines.h"

namespace countersign {

using namespace testing;

namespace {

std::vector<InsertOutcome> insert(Db& db, const Project& project,
                                  const std::vector<std::pair<std::string, std::string>>& rows) {
    std::vector<NewTask> tasks;
    for (const auto& [key, data] : rows) {
        NewTask t;
        t.key = key;
        t.data = data;
        tasks.push_back(t);
    }
    return db.write([&](Session& s) { return insert_tasks(s, project.id, tasks, noon); });
}
std::string outcomes(const std::vector<InsertOutcome>& all) {
    std::string out;
    for (const auto& o : all) out += "+=!"[static_cast<int>(o.outcome)];
    return out;
}

}  // namespace

TEST_CASE("importing the same rows again adds nothing and tells what differs") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db), other = make_project(*at.db);
        const auto first =
            insert(*at.db, project, {{"a", "1"}, {"b", "2"}, {"a", "1"}, {"a", "3"}});
        CHECK(outcomes(first) == "++=!");
        CHECK(first[2].task == first[0].task);
        CHECK(first[3].task == first[0].task);
        const auto second = insert(*at.db, project, {{"b", "2"}, {"c", "4"}, {"a", "9"}});
        CHECK(outcomes(second) == "=+!");
        CHECK(second[0].task == first[1].task);
        CHECK(outcomes(insert(*at.db, other, {{"a", "1"}})) == "+");
        CHECK(progress_of(*at.db, project).total == 3);
        CHECK(text_of(progress_of(*at.db, project)) == text_of(counted(*at.db, project)));
    });
}

TEST_CASE("keys of any length and alphabet are told apart") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        const std::string head(5000, 'x');
        const std::string wide = "größe/éé/漢字\t'\\.jpg";
        CHECK(outcomes(insert(
                  *at.db, project,
                  {{head + "1", "{}"}, {head + "2", "{}"}, {wide, "{}"}, {"", "{}"}})) == "++++");
        CHECK(outcomes(insert(*at.db, project, {{head + "2", "{}"}, {wide, "{}"}})) == "==");
        at.db->read([&](Session& s) {
            CHECK(find_task_by_key(s, project.id, head + "2")->key == head + "2");
            CHECK(find_task_by_key(s, project.id, wide)->key == wide);
            CHECK_FALSE(find_task_by_key(s, project.id, head + "3"));
        });
    });
}

TEST_CASE("a file is found by its last part, and two of one name both show") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        insert(*at.db, project,
               {{"a/1.jpg", "{}"},
                {"b/1.jpg", "{}"},
                {"c/2.jpg", "{}"},
                {"3.jpg", "{}"},
                {"d/11.jpg", "{}"}});
        at.db->read([&](Session& s) {
            CHECK(find_tasks_by_file(s, project.id, "1.jpg").size() == 2);
            CHECK(find_tasks_by_file(s, project.id, "2.jpg").at(0).key == "c/2.jpg");
            CHECK(find_tasks_by_file(s, project.id, "3.jpg").size() == 1);
            CHECK(find_tasks_by_file(s, project.id, "4.jpg").empty());
        });
    });
}

TEST_CASE("a medium is stored once, and belongs to the project that shows it") {
    each_engine([](Place& at) {
        const auto project = make_project(*at.db);
        at.db->write([&](Session& s) {
            Media m;
            m.sha256 = std::string(64, 'a');
            m.type = "image/jpeg";
            m.bytes = 1000;
            m.width = 64;
            m.height = 48;
            m.orientation = 6;
            const Id id = insert_media(s, m);
            CHECK(insert_media(s, m) == id);
            CHECK(find_media(s, id)->height == 48);
            CHECK(find_media_by_hash(s, m.sha256)->orientation == 6);
            CHECK_FALSE(project_of_media(s, id));
            NewTask t;
            t.key = "a.jpg";
            t.data = "{}";
            t.media = id;
            const auto added = insert_tasks(s, project.id, {t}, noon);
            CHECK(project_of_media(s, id) == project.id);
            CHECK(find_task(s, added[0].task)->media == id);
        });
    });
}

namespace {

/// t1 cat accepted by Ada, t2 dog edited with a flag, t3 cat and cow imported, t4 leased, t5
/// drafted with probability 0.3, t6 ready.
struct Farm {
    Project project;
    std::vector<Id> tasks;

    explicit Farm(Db& db) : project(make_project(db)) {
        const auto noise = make_project(db);
        make_tasks(db, noise, 3);
        tasks = make_tasks(db, project, 6);
        make_tasks(db, noise, 3, 4);
        db.write([&](Session& s) {
            Person ada;
            ada.name = "ada";
            ada.display = "Ada L.";
            const Id person = insert_person(s, ada);
            Model model;
            model.project = project.id;
            model.name = "learner";
            model.kind = "text-learner";
            ModelVersion version;
            version.model = insert_model(s, model);
            version.name = "1";
            Draft d;
            d.task = tasks[4];
            d.model_version = insert_model_version(s, version);
            d.regions = choose("dog");
            d.probability = 0.3;
            insert_drafts(s, project.id, {d}, true);
            record_imported(s, project, tasks[2], person, both(), noon);
            const auto held = lease(s, project, person, 3, noon);
            decide(s, held[0], Action::accepted, "cat", false);
            decide(s, held[1], Action::edited, "dog", true);
        });
    }
    static Regions both() {
        auto regions = choose("cat");
        regions[0].labels.push_back("cow");
        return regions;
    }
    void decide(Session& s, const Leased& held, Action action, const std::string& label,
                bool flag) {
        Answer a;
        a.task = held.task.id;
        a.person = held.assignment.person;
        a.assignment = held.assignment.id;
        a.regions = choose(label);
        a.action = action;
        a.flagged = flag;
        a.comment = flag ? "odd" : "";
        REQUIRE(record_answer(s, project, a, noon + 5));
    }
};

}  // namespace

TEST_CASE("a listed task says who decided what") {
    each_engine([](Place& at) {
        const Farm farm(*at.db);
        at.db->read([&](Session& s) {
            TaskAsk ask;
            ask.project = farm.project.id;
            const auto rows = list_tasks(s, ask, "", 100)->rows;
            CHECK(rows[1].action == Action::edited);
            CHECK(rows[1].person == "Ada L.");
            CHECK(rows[1].labels == "dog");
            CHECK(rows[1].flagged);
            CHECK(rows[1].decided == noon + 5);
            CHECK(rows[2].labels == "cat,cow");
            CHECK_FALSE(rows[3].action);
            CHECK(rows[3].holder == "Ada L.");
            CHECK(rows[3].lease_until > noon);
            CHECK(rows[1].holder == "");
            CHECK(rows[1].lease_until == 0);
            CHECK(rows[4].probability == 0.3);
            CHECK(rows[4].labels == "");
        });
    });
}

TEST_CASE("an export page holds every task with its drafts and annotations, or the decided ones") {
    each_engine([](Place& at) {
        const Farm farm(*at.db);
        const auto pages = [&](bool decided, int limit) {
            std::string out;
            for (Id after = 0;;) {
                const Id last = at.db->read([&](Session& s) {
                    return export_page(
                        s, farm.project.id, after, limit, decided, [&](const ExportRow& row) {
                            out += row.task->key;
                            for (const auto& d : row.drafts)
                                out += " [" + std::string(d.model) + " " + std::string(d.version) +
                                       " " + std::string(d.grounding) + "]";
                            for (const auto& a : row.annotations)
                                out += " (" + std::string(a.person) + " " + std::string(a.action) +
                                       (a.current ? " current" : "") +
                                       (a.flagged ? " flag " : " ") + std::string(a.comment) + ")";
                            out += "; ";
                            CHECK(row.media == nullptr);
                        });
                });
                if (last == 0) return out;
                after = last;
            }
        };
        const std::string decided =
            "t1 (ada accepted current ); t2 (ada edited current flag odd); "
            "t3 (ada imported current ); ";
        const std::string open = "t4; t5 [learner 1 unchecked]; t6; ";
        for (const int limit : {1, 2, 100}) {
            CHECK(pages(true, limit) == decided);
            CHECK(pages(false, limit) == decided + open);
        }
    });
}

}  // namespace countersign
