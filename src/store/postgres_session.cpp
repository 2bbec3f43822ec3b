#include "store/postgres_session.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <deque>
#include <utility>

#include "base/crypto.h"
#include "base/json.h"
#include "store/dialect.h"
#include "store/sql.h"

namespace countersign {

namespace {

constexpr Oid bytea = 17;

/// Writes a little and waits until the log is on disk up to there, and with it every commit before.
constexpr Sql flush_log = "SELECT pg_logical_emit_message(true, 'countersign', '')";

/// What a failure of the transaction's start is known by.
constexpr std::string_view begin_name = "BEGIN";

/// Answers of so many posted statements may wait in the connection.
constexpr std::size_t most_posted = 256;

class PostgresRow final : public RowView {
public:
    PostgresRow(const PGresult* result, int row) : result_(result), row_(row) {}
    bool is_null(int column) const override { return PQgetisnull(result_, row_, column) != 0; }
    std::int64_t integer(int column) const override {
        const auto text = raw(column);
        std::int64_t out = 0;
        std::from_chars(text.data(), text.data() + text.size(), out);
        return out;
    }
    double real(int column) const override {
        const auto text = raw(column);
        double out = 0;
        std::from_chars(text.data(), text.data() + text.size(), out);
        return out;
    }
    std::string_view text(int column) const override {
        const auto text = raw(column);
        if (PQftype(result_, column) != bytea || !text.starts_with("\\x")) return text;
        const auto bytes = from_hex(text.substr(2));
        if (!bytes) throw Breakdown("PostgreSQL sent bytes in a form this program does not read.");
        return decoded_.emplace_back(*bytes);
    }

private:
    std::string_view raw(int column) const {
        return {PQgetvalue(result_, row_, column),
                static_cast<std::size_t>(PQgetlength(result_, row_, column))};
    }
    const PGresult* result_;
    int row_;
    mutable std::deque<std::string> decoded_;
};

/// Values in the shape libpq takes. Numbers go as text, texts and bytes as they are (binary format:
/// no copy, no escaping).
class Values {
public:
    explicit Values(const std::vector<Arg>& args) {
        const auto n = args.size();
        numbers_.resize(n);
        pointers_.resize(n);
        lengths_.resize(n);
        formats_.resize(n);
        for (std::size_t i = 0; i < n; ++i) put(i, args[i]);
    }
    int size() const { return static_cast<int>(pointers_.size()); }
    const char* const* pointers() const { return pointers_.data(); }
    const int* lengths() const { return lengths_.data(); }
    const int* formats() const { return formats_.data(); }

private:
    void put(std::size_t i, const Arg& arg) {
        if (const auto* number = std::get_if<std::int64_t>(&arg)) {
            number_at(i, *number);
        } else if (const auto* real = std::get_if<double>(&arg)) {
            number_at(i, *real);
        } else if (const auto* text = std::get_if<std::string_view>(&arg)) {
            bytes_at(i, *text);
        } else if (const auto* bytes = std::get_if<Bytes>(&arg)) {
            bytes_at(i, bytes->view);
        }
    }
    template <class N>
    void number_at(std::size_t i, N number) {
        auto& buffer = numbers_[i];
        *std::to_chars(buffer.data(), buffer.data() + buffer.size() - 1, number).ptr = '\0';
        pointers_[i] = buffer.data();
    }
    void bytes_at(std::size_t i, std::string_view bytes) {
        pointers_[i] = bytes.data() ? bytes.data() : "";
        lengths_[i] = static_cast<int>(bytes.size());
        formats_[i] = 1;
    }
    std::vector<std::array<char, 40>> numbers_;
    std::vector<const char*> pointers_;
    std::vector<int> lengths_, formats_;
};

/// One value in the text form of COPY.
void append_copied(std::string& out, const Arg& arg) {
    if (std::holds_alternative<std::nullptr_t>(arg)) {
        out += "\\N";
    } else if (const auto* number = std::get_if<std::int64_t>(&arg)) {
        out += std::to_string(*number);
    } else if (const auto* real = std::get_if<double>(&arg)) {
        append_json_number(out, *real);
    } else if (const auto* bytes = std::get_if<Bytes>(&arg)) {
        out += "\\\\x";
        out += hex(bytes->view);
    } else {
        for (const char c : std::get<std::string_view>(arg)) switch (c) {
                case '\\':
                    out += "\\\\";
                    break;
                case '\t':
                    out += "\\t";
                    break;
                case '\n':
                    out += "\\n";
                    break;
                case '\r':
                    out += "\\r";
                    break;
                default:
                    out += c;
            }
    }
}

}  // namespace

PostgresSession::PostgresSession(std::string url, Hints& hints)
    : url_(std::move(url)), hints_(hints) {
    connect();
}

void PostgresSession::connect() {
    statements_.clear();
    posted_.clear();
    connection_.reset(PQconnectdb(url_.c_str()));
    if (PQstatus(connection_.get()) != CONNECTION_OK)
        throw PostgresFailure(
            "Cannot connect to PostgreSQL: " + std::string(PQerrorMessage(connection_.get())), "");
    execute(
        "SET synchronous_commit = on; SET client_min_messages = warning; SET jit = off; "
        "SET application_name = 'countersign'");
}

void PostgresSession::fail(const PGresult* result, std::string_view sql) const {
    const char* state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    std::string why = result ? PQresultErrorMessage(result) : PQerrorMessage(connection_.get());
    while (!why.empty() && why.back() == '\n') why.pop_back();
    std::string code = state ? state : "";
    if (sql == begin_name && PQstatus(connection_.get()) != CONNECTION_OK)
        code = PostgresFailure::never_began;
    throw PostgresFailure("PostgreSQL: " + why + " (in: " + std::string(sql.substr(0, 120)) + ")",
                          code);
}

void PostgresSession::check(const PGresult* result, std::string_view sql) const {
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(result, sql);
}

void PostgresSession::execute(const std::string& sql) {
    settle();
    const ResultPtr result(PQexec(connection_.get(), sql.c_str()));
    check(result.get(), sql);
}

void PostgresSession::begin(const std::string& mode) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) connect();
    wrote_ = false;
    post_plain("BEGIN " + mode, begin_name);
}

void PostgresSession::begin_write() {
    begin("");
    post_plain("SET LOCAL synchronous_commit = off", "SET LOCAL");
}

void PostgresSession::commit() {
    if (!wrote_) return execute("COMMIT");
    post_plain("COMMIT", "COMMIT");
    run(flush_log);
}

void PostgresSession::roll_back() noexcept {
    try {
        settle();
    } catch (const PostgresFailure&) {
        // It failed into the transaction that ends here.
    }
    const ResultPtr result(PQexec(connection_.get(), "ROLLBACK"));
}

void PostgresSession::enter_pipeline() {
    if (posted_.empty() && PQenterPipelineMode(connection_.get()) != 1) fail(nullptr, "pipeline");
}

void PostgresSession::post_plain(const std::string& sql, std::string_view known_as) {
    enter_pipeline();
    if (PQsendQueryParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                          0) != 1)
        fail(nullptr, known_as);
    posted_.push_back(known_as);
}

void PostgresSession::post(std::string_view sql, const std::vector<Arg>& args) {
    if (posted_.size() >= most_posted) settle();
    const auto& statement = kept(sql, args.size());
    const Values values(args);
    enter_pipeline();
    if (PQsendQueryPrepared(connection_.get(), statement.name.c_str(), values.size(),
                            values.pointers(), values.lengths(), values.formats(), 0) != 1)
        fail(nullptr, sql);
    posted_.push_back(statement.sql);
    wrote_ = true;
}

PostgresSession::ResultPtr PostgresSession::finish_pipeline(std::string_view last) {
    auto waiting = std::exchange(posted_, {});
    if (!last.empty()) waiting.push_back(last);
    if (PQpipelineSync(connection_.get()) != 1) fail(nullptr, waiting.front());
    ResultPtr result, failed;
    std::string_view at_fault;
    for (const auto sql : waiting) {
        result.reset(PQgetResult(connection_.get()));
        const auto status = PQresultStatus(result.get());
        if (at_fault.empty() && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            failed = std::move(result);  // Null when the connection broke.
            at_fault = sql;
        }
        const ResultPtr none(PQgetResult(connection_.get()));  // Ends the statement.
    }
    const ResultPtr synchronised(PQgetResult(connection_.get()));
    PQexitPipelineMode(connection_.get());
    if (!at_fault.empty()) fail(failed.get(), at_fault);
    return result;
}

void PostgresSession::settle() {
    if (!posted_.empty()) finish_pipeline({});
}

const PostgresSession::Kept& PostgresSession::kept(std::string_view sql, std::size_t args) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return *found->second;
    settle();
    auto fresh = std::make_unique<Kept>();
    fresh->sql = sql;
    fresh->name = "s" + std::to_string(statements_.size());
    const auto text = in_dialect(Engine::postgres, sql);
    const ResultPtr result(PQprepare(connection_.get(), fresh->name.c_str(), text.c_str(),
                                     static_cast<int>(args), nullptr));
    check(result.get(), sql);
    const std::string_view key = fresh->sql;
    return *statements_.emplace(key, std::move(fresh)).first->second;
}

std::int64_t PostgresSession::run(std::string_view sql, const std::vector<Arg>& args,
                                  const std::function<void(const RowView&)>& each) {
    const auto& statement = kept(sql, args.size());
    const Values values(args);
    ResultPtr result;
    if (posted_.empty()) {
        result.reset(PQexecPrepared(connection_.get(), statement.name.c_str(), values.size(),
                                    values.pointers(), values.lengths(), values.formats(), 0));
    } else {
        if (PQsendQueryPrepared(connection_.get(), statement.name.c_str(), values.size(),
                                values.pointers(), values.lengths(), values.formats(), 0) != 1)
            fail(nullptr, sql);
        result = finish_pipeline(statement.sql);
    }
    return give(result.get(), sql, each);
}

std::int64_t PostgresSession::run_once(std::string_view sql, const std::vector<Arg>& args,
                                       const std::function<void(const RowView&)>& each) {
    settle();
    const auto text = in_dialect(Engine::postgres, sql);
    const Values values(args);
    const ResultPtr result(PQexecParams(connection_.get(), text.c_str(), values.size(), nullptr,
                                        values.pointers(), values.lengths(), values.formats(), 0));
    return give(result.get(), sql, each);
}

std::int64_t PostgresSession::give(PGresult* result, std::string_view sql,
                                   const std::function<void(const RowView&)>& each) {
    check(result, sql);
    const int rows = PQntuples(result);
    for (int i = 0; i < rows; ++i) each(PostgresRow(result, i));
    if (std::string_view(PQcmdStatus(result)).starts_with("SELECT")) {
        wrote_ = wrote_ || !sql.starts_with("SELECT");  // WITH ... may have written.
        return 0;
    }
    std::int64_t changed = 0;
    const char* count = PQcmdTuples(result);
    std::from_chars(count, count + std::strlen(count), changed);
    wrote_ = wrote_ || changed > 0;
    return changed;
}

void PostgresSession::bulk(std::string_view into, const std::vector<Arg>& values) {
    const auto columns = static_cast<std::size_t>(std::count(into.begin(), into.end(), ',')) + 1;
    constexpr std::size_t piece = 1 << 18;
    std::size_t i = 0;
    copy_in(std::string(into), [&](std::string& rows) {
        rows.clear();
        for (; i < values.size() && rows.size() < piece; ++i) {
            append_copied(rows, values[i]);
            rows += (i + 1) % columns == 0 ? '\n' : '\t';
        }
    });
}

void PostgresSession::copy_in(const std::string& into,
                              const std::function<void(std::string& rows)>& next) {
    const std::string sql = "COPY " + into + " FROM STDIN";
    settle();
    wrote_ = true;
    const ResultPtr started(PQexec(connection_.get(), sql.c_str()));
    if (PQresultStatus(started.get()) != PGRES_COPY_IN) fail(started.get(), sql);
    bool sent = true;
    std::string rows;
    const auto end = [&](const char* why) {
        sent = PQputCopyEnd(connection_.get(), why) == 1 && sent;
        ResultPtr last;
        while (ResultPtr result{PQgetResult(connection_.get())}) last = std::move(result);
        return last;
    };
    try {
        for (next(rows); sent && !rows.empty(); next(rows))
            sent =
                PQputCopyData(connection_.get(), rows.data(), static_cast<int>(rows.size())) == 1;
    } catch (...) {
        end("the rows ended early");
        throw;
    }
    const auto last = end(nullptr);
    if (!sent) fail(nullptr, sql);
    check(last.get(), sql);
}

void PostgresSession::copy_out(const std::string& from,
                               const std::function<void(std::string_view)>& take) {
    const std::string sql = "COPY " + from + " TO STDOUT";
    settle();
    const ResultPtr started(PQexec(connection_.get(), sql.c_str()));
    if (PQresultStatus(started.get()) != PGRES_COPY_OUT) fail(started.get(), sql);
    int n;
    for (char* rows; (n = PQgetCopyData(connection_.get(), &rows, 0)) > 0;) {
        const std::unique_ptr<char, decltype(&PQfreemem)> held(rows, PQfreemem);
        take({rows, static_cast<std::size_t>(n)});
    }
    ResultPtr last;
    while (ResultPtr result{PQgetResult(connection_.get())}) last = std::move(result);
    check(last.get(), sql);
}

}  // namespace countersign
