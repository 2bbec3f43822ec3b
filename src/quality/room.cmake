alone(quality/assignment.cpp quality/bootstrap.cpp quality/box_fusion.cpp quality/piece_agreement.cpp quality/rover.cpp
  quality/segment_fusion.cpp quality/shape_overlap.cpp quality/span_fusion.cpp quality/word_alignment.cpp)
alone(quality/sound_checks.cpp)
