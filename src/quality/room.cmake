alone(quality/exact_share.cpp quality/sound_prints.cpp quality/sound_prints_test.cpp quality/far_items.cpp quality/far_items_test.cpp
      quality/aggregation.cpp quality/rater_models.cpp quality/one_number_models.cpp quality/label_errors.cpp quality/many_logs.cpp quality/aggregation_test.cpp quality/label_errors_test.cpp)
# Products and sums rounded one by one, so that every processor gives the same numbers.
set_source_files_properties(src/quality/many_logs.cpp PROPERTIES COMPILE_OPTIONS -ffp-contract=off)
