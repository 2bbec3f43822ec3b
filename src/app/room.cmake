alone(app/desk.cpp app/drafting.cpp app/inspector.cpp app/check_work.cpp app/checked_item.cpp app/finding_writer.cpp
      app/learned_probabilities.cpp app/watch.cpp app/check.cpp app/check_learned.cpp app/check_learned_test.cpp app/recordings.cpp app/compare_items.cpp app/media_looks.cpp
      app/look_work.cpp app/check_voices.cpp app/model_files.cpp)
alone(app/assist_cue.cpp app/measured.cpp)
