alone(quality/assignment.cpp quality/bootstrap.cpp quality/box_fusion.cpp quality/rover.cpp
  quality/segment_fusion.cpp quality/span_fusion.cpp quality/word_alignment.cpp)
