#!/usr/bin/env bash
# Every chore by one name. `./do` alone lists them.
set -euo pipefail
cd "$(dirname "$0")"
export PATH="$PWD/.tools/node/bin:$PATH"
jobs=$(nproc)

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
configured() { [ -f "build/$1/build.ninja" ] || cmake --preset "$1" >"/dev/null"; }
compile() { # PRESET [TARGET...]
  local preset=$1
  shift
  configured "$preset"
  cmake --build "build/$preset" -j "$jobs" ${*:+--target "$@"}
}
program() { echo "build/release/countersign"; }

#: setup — install what is missing (says what), node packages, embedded models
do_setup() { tools/setup "$@"; }

#: web — build the desk into web/dist
do_web() {
  [ -d web/node_modules ] || (cd web && npm ci --no-audit --no-fund --loglevel=error)
  (cd web && npm run --silent build)
}

#: build [PRESET] — the desk and the program (release unless named: dev, asan, tsan)
do_build() {
  [ -n "$(ls web/dist/index.html 2>/dev/null)" ] && [ -z "$(find web/src web/package.json -newer web/dist/index.html -print -quit)" ] || do_web
  compile "${1:-release}" countersign
}

#: run [ARGS] — build and serve (see `countersign serve --help`)
do_run() {
  do_build
  exec "$(program)" serve --models models/cache "$@"
}

#: demo [ARGS] — set up, build, and serve sample projects of real photos, texts and recordings
do_demo() {
  do_setup
  do_build
  tools/samples
  exec "$(program)" demo --samples build/samples --models models/cache "$@"
}

#: test [PART...] — everything (or some of: lint asan tsan fuzz web journeys crash); as CI does
do_test() { tools/test "$@"; }

#: fmt — format C++ and web sources
do_fmt() {
  git ls-files '*.h' '*.cpp' | xargs clang-format -i
  (cd web && npx prettier --log-level warn --write .)
}

#: image-features — fetch the optional ResNet34 (209 MB): the picture learner sees more by it
do_image-features() { models/fetch --strict resnet34; }

#: lint — formatting, the table of rooms, clang-tidy, TypeScript
do_lint() { tools/lint "$@"; }

#: fuzz [SECONDS | --nightly] [NAME...] — run every fuzzer (20 s each; 5 minutes with --nightly)
do_fuzz() { tools/fuzz "$@"; }

#: bench [QUESTION] — run a benchmark folder under bench/ (alone: list them)
do_bench() {
  if [ $# -eq 0 ]; then
    for d in bench/*/; do printf '%-16s %s\n' "$(basename "$d")" "$(sed -n '1s/^# *//p' "$d/README.md" 2>/dev/null)"; done
  else
    exec "bench/$1/run" "${@:2}"
  fi
}

#: prove NAME [--full] — measure every figure an issue names against its target
do_prove() {
  local proof="bench/prove/${1:?which? try: ./do prove main-job}.py"
  tools/setup --proofs
  exec python3 "$proof" "${@:2}"
}

#: docs — print the reference pages from the tables
do_docs() {
  do_build
  tools/reference "$(program)"
}

#: shots — screenshots of every screen into build/shots
do_shots() {
  do_build
  tools/samples
  (cd web && npm run --silent journeys -- --shots)
}

name=${1:-}
if [ -z "$name" ] || ! declare -F "do_$name" >/dev/null; then
  [ -z "$name" ] || echo "There is no chore \"$name\"." >&2
  sed -n 's/^#: /  .\/do /p' "$0" >&2
  [ -z "$name" ]
  exit
fi
shift
"do_$name" "$@"
