target_include_directories(models SYSTEM PRIVATE /usr/include/opencv4)
target_link_libraries(models PUBLIC linear opencv_dnn opencv_imgproc opencv_core)
# Connectors to models elsewhere, and networks of the user.
alone(models/classifier_decode.cpp models/detector_decoders.cpp models/picture_input.cpp
  models/network_reading.cpp models/onnx_drafter.cpp models/onnx_facts.cpp)
# The inner loop of learning, on every weight of a text; optimised in every preset, or the tests crawl.
# Without errno the square root takes several numbers at once.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/models/adagrad.cpp
  ${CMAKE_SOURCE_DIR}/src/models/crf.cpp ${CMAKE_SOURCE_DIR}/src/models/span_features.cpp
  ${CMAKE_SOURCE_DIR}/src/models/logistic.cpp
  ${CMAKE_SOURCE_DIR}/src/models/neighbours.cpp ${CMAKE_SOURCE_DIR}/src/models/voice_activity.cpp
  ${CMAKE_SOURCE_DIR}/src/models/speakers.cpp ${CMAKE_SOURCE_DIR}/src/models/cepstra.cpp
  PROPERTIES COMPILE_OPTIONS "-O3;-fno-math-errno")
# Billions of sums over one matrix at every fit: watched by sanitizers, the tests took minutes longer.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/models/subspace.cpp
  PROPERTIES COMPILE_OPTIONS "-O3;-fno-math-errno;-fno-sanitize=all")
alone(models/label_map.cpp models/neighbours.cpp models/onnx_weights.cpp models/voice_activity.cpp
  models/speech_grounding.cpp models/speakers.cpp models/cepstra.cpp)
alone(models/connector.cpp models/connector_parts.cpp models/json_places.cpp models/quotes.cpp models/prompt.cpp
  models/chat.cpp models/openai_chat.cpp models/anthropic.cpp)
