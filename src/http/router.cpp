#include "http/router.h"

#include "base/text.h"

namespace countersign {

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
    std::unique_ptr<Node> any;
    std::map<std::string_view, const Route*> methods;

    /// Depth first, literals before parameters: backs out when a literal leads nowhere.
    const Node* find(const std::vector<std::string>& segments, std::size_t at) const {
        if (at == segments.size()) return methods.empty() ? nullptr : this;
        if (const auto child = literal.find(segments[at]); child != literal.end())
            if (const auto* found = child->second->find(segments, at + 1)) return found;
        return any && !segments[at].empty() ? any->find(segments, at + 1) : nullptr;
    }
};

Router::~Router() = default;

Router::Router(std::vector<Route> routes)
    : routes_(std::move(routes)), root_(std::make_unique<Node>()) {
    for (const auto& route : routes_) {
        Node* node = root_.get();
        for (const auto segment : split(route.pattern.substr(1), '/')) {
            auto& child =
                segment.starts_with('{') ? node->any : node->literal[std::string(segment)];
            if (!child) child = std::make_unique<Node>();
            node = child.get();
        }
        if (!node->methods.emplace(route.method, &route).second)
            throw std::logic_error("two routes for " + std::string(route.pattern));
    }
}

Match Router::match(std::string_view method, const std::vector<std::string>& segments) const {
    Match match;
    const Node* node = root_->find(segments, 0);
    if (!node) return match;
    const auto row = node->methods.find(method == "HEAD" ? "GET" : method);
    if (row == node->methods.end()) {
        for (const auto& [name, route] : node->methods)
            match.allow += (match.allow.empty() ? "" : ", ") + std::string(name) +
                           (name == "GET" ? ", HEAD" : "");
        return match;
    }
    match.route = row->second;
    const auto parts = split(match.route->pattern.substr(1), '/');
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].starts_with('{'))
            match.params.emplace_back(parts[i].substr(1, parts[i].size() - 2), segments[i]);
    return match;
}

}  // namespace countersign
