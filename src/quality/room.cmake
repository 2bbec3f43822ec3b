alone(quality/exact_share.cpp quality/sound_prints.cpp quality/sound_prints_test.cpp quality/far_items.cpp quality/far_items_test.cpp
      quality/aggregation.cpp quality/rater_models.cpp quality/one_number_models.cpp quality/label_errors.cpp quality/aggregation_test.cpp quality/label_errors_test.cpp)
