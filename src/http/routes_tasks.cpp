#include "http/routes.h"
#include "http/wire_tasks.h"

namespace countersign {

namespace {

Result<Response> find_task(Services& on, Request& request) {
    const auto detail = TRY(on.desk.detail(request.caller, TRY(request.id("t"))));
    TaskDetailOut out;
    out.task = task_out(detail.task);
    if (detail.media.id != 0) out.media.emplace(media_out(detail.media));
    for (const auto& draft : detail.drafts)
        out.drafts.push_back(draft_out(
            draft, on.world.cache->version(on.world.db, on.world.clock, draft.model_version)));
    for (const auto& annotation : detail.annotations)
        out.annotations.push_back(annotation_out(annotation));
    for (const auto& comment : detail.comments) out.comments.push_back(comment_out(comment));
    return answer(out);
}

Result<Response> list_comments(Services& on, Request& request) {
    const auto detail = TRY(on.desk.detail(request.caller, TRY(request.id("t"))));
    std::vector<CommentOut> items;
    for (const auto& comment : detail.comments) items.push_back(comment_out(comment));
    return page(items, 0);
}

struct CommentBody {
    std::string text;
};
template <class V>
void fields(V& v, CommentBody& o) {
    v("text", o.text, "1 to 10,000 bytes; @name or @u... mentions a person of the project");
}

Result<Response> add_comment(Services& on, Request& request) {
    const auto body = TRY(request.json<CommentBody>());
    const auto comment = TRY(on.desk.comment(request.caller, TRY(request.id("t")), body.text));
    return answer(comment_out(comment), 201);
}

}  // namespace

std::vector<Route> task_routes() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/tasks/{t}",
         .access = needs(Permission::see_projects),
         .summary = "One task with its drafts, annotations and comments",
         .handle = find_task,
         .gives = schema_of<TaskDetailOut>},
        {.method = "GET",
         .pattern = "/api/v1/tasks/{t}/comments",
         .access = needs(Permission::label),
         .summary = "Comments on a task",
         .handle = list_comments,
         .gives = page_of<CommentOut>},
        {.method = "POST",
         .pattern = "/api/v1/tasks/{t}/comments",
         .access = needs(Permission::label),
         .summary = "Comment on a task",
         .handle = add_comment,
         .status = 201,
         .takes = schema_of<CommentBody>,
         .gives = schema_of<CommentOut>},
    };
}

}  // namespace countersign
