target_include_directories(models SYSTEM PRIVATE /usr/include/opencv4)
target_include_directories(models_test SYSTEM PRIVATE /usr/include/opencv4)
target_link_libraries(models PUBLIC linear opencv_dnn opencv_imgproc opencv_core)
# Connectors to models elsewhere, and networks of the user.
alone(models/classifier_decode.cpp models/detector_decoders.cpp models/picture_input.cpp
  models/network_reading.cpp models/onnx_drafter.cpp models/onnx_facts.cpp
  models/outside_answer.cpp models/program_drafter.cpp models/transcript_reply.cpp models/transcription.cpp
  models/inference_reply.cpp models/open_inference.cpp models/label_studio_answer.cpp models/label_studio_ml.cpp
  models/ensemble.cpp
  models/detector_decoders_test.cpp models/onnx_drafter_test.cpp models/transcription_test.cpp
  models/served_models_test.cpp models/ensemble_test.cpp)
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
  models/chat.cpp models/openai_chat.cpp models/anthropic.cpp models/examples.cpp)
alone(models/child_process.cpp models/word_model.cpp models/speech_worker.cpp models/pocketsphinx.cpp
  models/recogniser.cpp models/speech_controls.cpp models/speaker_drafter.cpp models/transcriber.cpp)
# Speech to words; without it the program builds, and says what is missing where it would be used.
find_path(POCKETSPHINX_HEADERS pocketsphinx.h PATH_SUFFIXES pocketsphinx)
find_path(SPHINXBASE_HEADERS sphinxbase/err.h)
find_path(SPHINX_CONFIG_HEADERS sphinx_config.h PATH_SUFFIXES sphinxbase)
find_library(POCKETSPHINX pocketsphinx)
find_library(SPHINXBASE sphinxbase)
if(POCKETSPHINX_HEADERS AND SPHINXBASE_HEADERS AND SPHINX_CONFIG_HEADERS AND POCKETSPHINX AND SPHINXBASE)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/models/pocketsphinx.cpp PROPERTIES
    COMPILE_DEFINITIONS COUNTERSIGN_POCKETSPHINX=1
    COMPILE_OPTIONS "-isystem${POCKETSPHINX_HEADERS};-isystem${SPHINXBASE_HEADERS};-isystem${SPHINX_CONFIG_HEADERS}")
  target_link_libraries(models PUBLIC ${POCKETSPHINX} ${SPHINXBASE})
endif()
# The worker of tests and benchmarks; the program's own is `countersign speech-worker`.
add_executable(speech_worker ${CMAKE_SOURCE_DIR}/tests/speech_worker.cpp)
target_link_libraries(speech_worker PRIVATE models)
add_dependencies(models_test speech_worker)
alone(models/ctc.cpp models/text_places.cpp models/text_reader.cpp models/text_reader_drafter.cpp
  models/page_reader.cpp)
# The second reader of text in pictures is tesseract, where its library is.
find_library(TESSERACT tesseract)
find_path(TESSERACT_HEADERS tesseract/baseapi.h)
if(TESSERACT AND TESSERACT_HEADERS)
  target_link_libraries(models PRIVATE ${TESSERACT})
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/models/page_reader.cpp
    PROPERTIES COMPILE_DEFINITIONS COUNTERSIGN_TESSERACT)
endif()
alone(models/voice_activity_test.cpp models/speech_grounding_test.cpp models/speakers_test.cpp
  models/word_model_test.cpp models/recogniser_test.cpp models/transcriber_test.cpp)
