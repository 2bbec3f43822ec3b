#include "http/dispatcher.h"
#include "http/routes.h"
#include "http/wire_people.h"

namespace countersign {

namespace {

std::string link_path(const std::string& secret) {
    return "/sign-in#" + secret;
}

Response with_session(Services& on, const SignedIn& signed_in, const Request& request) {
    auto response =
        answer(SessionOut{person_out(signed_in.person), signed_in.csrf, signed_in.expires,
                          on.notifications.unread(signed_in.person.id)});
    response.headers.emplace_back("Set-Cookie",
                                  std::string(session_cookie) + "=" + signed_in.secret +
                                      "; Path=/; HttpOnly; SameSite=Strict; Max-Age=1209600" +
                                      (request.secure ? "; Secure" : ""));
    return response;
}

/// A refusal to listen says for how long.
Result<Response> opened(Services& on, const Request& request, const std::string& name,
                        const Result<SignedIn>& signed_in) {
    if (signed_in) return with_session(on, *signed_in, request);
    auto refused = problem(signed_in.refusal());
    const int pause = on.people.sign_in_pause(name, request.address);
    if (refused.status == 429 && pause > 0) say_retry_after(refused, pause);
    return refused;
}

Result<Response> sign_in(Services& on, Request& request) {
    const auto body = TRY(request.json<SignInBody>());
    return opened(on, request, body.name,
                  on.people.sign_in(body.name, body.password, request.address));
}

Result<Response> sign_in_by_link(Services& on, Request& request) {
    const auto body = TRY(request.json<LinkBody>());
    return opened(on, request, "", on.people.sign_in_by_link(body.token, request.address));
}

Result<Response> session(Services& on, Request& request) {
    const auto person = TRY(on.people.find(request.caller.person));
    return answer(SessionOut{person_out(person), request.csrf, request.expires,
                             on.notifications.unread(person.id)});
}

Result<Response> sign_out(Services& on, Request& request) {
    if (!request.session.empty()) on.people.sign_out(request.session);
    auto response = no_content();
    response.headers.emplace_back(
        "Set-Cookie",
        std::string(session_cookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    return response;
}

Result<Response> list_people(Services& on, Request& request) {
    const int limit = TRY(request.limit());
    const auto people = TRY(on.people.list(request.caller, TRY(request.cursor()), limit));
    std::vector<PersonOut> items;
    for (const auto& person : people) items.push_back(person_out(person));
    return page(items, static_cast<int>(people.size()) == limit ? people.back().id : 0);
}

Result<Response> add_person(Services& on, Request& request) {
    const auto body = TRY(request.json<NewPersonBody>());
    const auto person =
        TRY(on.people.add(request.caller, body.name, body.display, body.role, body.password));
    const auto secret = TRY(on.people.make_link(request.caller, person.id));
    return answer(NewPersonOut{person_out(person), link_path(secret)}, 201);
}

Result<Response> change_person(Services& on, Request& request) {
    const auto body = TRY(request.json<PersonChangeBody>());
    const auto person = TRY(on.people.change(request.caller, TRY(request.id("u")),
                                             {.display = body.display,
                                              .password = body.password,
                                              .role = body.role,
                                              .active = body.active}));
    return answer(person_out(person));
}

Result<Response> make_link(Services& on, Request& request) {
    return answer(
        LinkOut{link_path(TRY(on.people.make_link(request.caller, TRY(request.id("u")))))});
}

Result<Response> list_tokens(Services& on, Request& request) {
    std::vector<TokenOut> items;
    for (const auto& token : on.people.tokens(request.caller)) items.push_back(token_out(token));
    return page(items, 0);
}

Result<Response> make_token(Services& on, Request& request) {
    const auto body = TRY(request.json<NewTokenBody>());
    const auto made = TRY(on.people.make_token(request.caller, body.name, body.days));
    return answer(NewTokenOut{token_out(made.token), made.secret}, 201);
}

Result<Response> delete_token(Services& on, Request& request) {
    TRY(on.people.delete_token(request.caller, TRY(request.id("q"))));
    return no_content();
}

}  // namespace

std::vector<Route> people_routes() {
    return {
        {.method = "POST",
         .pattern = "/api/v1/session",
         .access = anybody,
         .summary = "Sign in with a password; sets the session cookie",
         .handle = sign_in,
         .takes = schema_of<SignInBody>,
         .gives = schema_of<SessionOut>,
         .body_limit = 16 << 10,
         .slow = true},
        {.method = "POST",
         .pattern = "/api/v1/session/link",
         .access = anybody,
         .summary = "Sign in with a one-time link; sets the session cookie",
         .handle = sign_in_by_link,
         .takes = schema_of<LinkBody>,
         .gives = schema_of<SessionOut>,
         .body_limit = 16 << 10},
        {.method = "GET",
         .pattern = "/api/v1/session",
         .access = signed_in,
         .summary = "Who is signed in",
         .handle = session,
         .gives = schema_of<SessionOut>},
        {.method = "DELETE",
         .pattern = "/api/v1/session",
         .access = signed_in,
         .summary = "Sign out",
         .handle = sign_out,
         .status = 204},
        {.method = "GET",
         .pattern = "/api/v1/people",
         .access = needs(Permission::see_people),
         .summary = "People",
         .handle = list_people,
         .gives = page_of<PersonOut>,
         .query = {cursor_field, limit_field}},
        {.method = "POST",
         .pattern = "/api/v1/people",
         .access = needs(Permission::manage_people),
         .summary = "Add a person; the answer has a one-time sign-in link",
         .handle = add_person,
         .status = 201,
         .takes = schema_of<NewPersonBody>,
         .gives = schema_of<NewPersonOut>,
         .slow = true},
        {.method = "PATCH",
         .pattern = "/api/v1/people/{u}",
         .access = signed_in,
         .summary = "Change a person: one's own name and password, or anybody for an admin",
         .handle = change_person,
         .takes = schema_of<PersonChangeBody>,
         .gives = schema_of<PersonOut>,
         .slow = true},
        {.method = "POST",
         .pattern = "/api/v1/people/{u}/link",
         .access = needs(Permission::manage_people),
         .summary = "A new one-time sign-in link",
         .handle = make_link,
         .gives = schema_of<LinkOut>},
        {.method = "GET",
         .pattern = "/api/v1/tokens",
         .access = signed_in,
         .summary = "One's own API tokens",
         .handle = list_tokens,
         .gives = page_of<TokenOut>},
        {.method = "POST",
         .pattern = "/api/v1/tokens",
         .access = signed_in,
         .summary = "Make an API token",
         .handle = make_token,
         .status = 201,
         .takes = schema_of<NewTokenBody>,
         .gives = schema_of<NewTokenOut>},
        {.method = "DELETE",
         .pattern = "/api/v1/tokens/{q}",
         .access = signed_in,
         .summary = "Delete an API token",
         .handle = delete_token,
         .status = 204},
    };
}

}  // namespace countersign
