#include "cli/completion.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace countersign {

namespace {

std::string output_of(const std::string& command) {
    std::string out;
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe);
    char piece[4096];
    while (const auto n = std::fread(piece, 1, sizeof piece, pipe)) out.append(piece, n);
    pclose(pipe);
    return out;
}

struct Script {
    explicit Script(std::string_view shell) {
        std::ofstream(path) << *completion_script(shell, commands());
    }
    ~Script() { std::filesystem::remove(path); }
    std::string path = (std::filesystem::temp_directory_path() /
                        ("countersign-completion-" + std::to_string(::getpid())))
                           .string();
};

/// What bash offers with the cursor at the end of `line`, one a line.
std::string offered(const std::string& line) {
    const Script script("bash");
    const auto words = split(line, ' ');
    return output_of("bash -c 'source " + script.path + "; COMP_WORDS=(" + line +
                     (line.ends_with(' ') ? "\"\"" : "") +
                     "); COMP_CWORD=" + std::to_string(words.size() - 1) +
                     "; _countersign; printf \"%s\\n\" \"${COMPREPLY[@]}\"'");
}

bool offers(const std::string& line, const std::string& word) {
    return ("\n" + offered(line)).find("\n" + word + "\n") != std::string::npos;
}

bool here(const std::string& shell) {
    return std::system(("command -v " + shell + " >/dev/null").c_str()) == 0;
}

}  // namespace

TEST_CASE("bash completes commands, the commands of a group, options and their choices") {
    if (!here("bash")) return;
    {
        const Script script("bash");
        CHECK(output_of("bash -c 'source " + script.path + "; complete -p countersign'") ==
              "complete -F _countersign countersign\n");
    }
    CHECK(offered("countersign ver") == "verify\nversion\n");
    CHECK(offers("countersign ", "export"));
    CHECK(offered("countersign project c") == "create\n");
    CHECK(offers("countersign project ", "list"));
    CHECK(offered("countersign export pets --with-i") == "--with-images\n");
    CHECK(offered("countersign import pets a.json --format js") == "jsonl\n");
    CHECK_FALSE(offers("countersign export pets --format ", "images"));
    CHECK(offers("countersign import pets --format ", "images"));
    CHECK(offered("countersign person add ada --role su") == "supervisor\n");
    CHECK(offered("countersign serve --db post") == "postgresql://\n");
    CHECK(offers("countersign reference ", "api"));
    CHECK(offered("countersign completion z") == "zsh\n");
}

TEST_CASE("bash completes files where an option or an argument names one") {
    if (!here("bash")) return;
    const auto folder = std::filesystem::temp_directory_path().string();
    std::ofstream(folder + "/countersign-completes-me.json") << "{}";
    CHECK(offers("countersign import pets " + folder + "/countersign-completes-",
                 folder + "/countersign-completes-me.json"));
    CHECK(offers("countersign project create pets --schema " + folder + "/countersign-completes-",
                 folder + "/countersign-completes-me.json"));
    std::filesystem::remove(folder + "/countersign-completes-me.json");
}

TEST_CASE("each shell takes its script") {
    for (const auto& shell : shell_names()) {
        if (!here(shell)) continue;
        const Script script(shell);
        INFO(shell);
        CHECK(std::system((shell + " -n " + script.path).c_str()) == 0);
    }
}

TEST_CASE("a shell without a script is refused with those that have one") {
    const auto refused = completion_script("tcsh", commands());
    REQUIRE_FALSE(refused);
    CHECK(refused.refusal().message.find("bash fish zsh") != std::string::npos);
}

}  // namespace countersign
