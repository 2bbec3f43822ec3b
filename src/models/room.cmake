target_include_directories(models SYSTEM PRIVATE /usr/include/opencv4)
target_include_directories(models_test SYSTEM PRIVATE /usr/include/opencv4)
target_link_libraries(models PUBLIC linear opencv_dnn opencv_imgproc opencv_core)
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
# The second reader of text in pictures is tesseract, where its library is.
find_library(TESSERACT tesseract)
find_path(TESSERACT_HEADERS tesseract/baseapi.h)
if(TESSERACT AND TESSERACT_HEADERS)
  target_link_libraries(models PRIVATE ${TESSERACT})
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/models/page_reader.cpp
    PROPERTIES COMPILE_DEFINITIONS COUNTERSIGN_TESSERACT)
endif()
alone(models/label_map.cpp models/neighbours.cpp)
alone(models/cue_answerer.cpp models/outline_easing.cpp)
