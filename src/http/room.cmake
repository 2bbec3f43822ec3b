target_link_libraries(http PUBLIC z)
target_compile_definitions(http PRIVATE COUNTERSIGN_VERSION="${PROJECT_VERSION}")
alone(http/beast.cpp http/routes_findings.cpp)
# The desk is built before the program; without it the program serves a page that says so.
embed_dir(http ${CMAKE_SOURCE_DIR}/web/dist desk)
# clang 14 cannot instrument coroutines; the fuzzers are of our own parsers and never enter it.
if(COUNTERSIGN_FUZZ)
  set_source_files_properties(src/http/beast.cpp PROPERTIES COMPILE_OPTIONS "-fno-sanitize=all")
endif()
