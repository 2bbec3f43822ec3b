// The speech worker alone, for tests and benchmarks of a room that has no command line.
#include "models/speech_worker.h"

int main() {
    return countersign::run_speech_worker(0, 1);
}
