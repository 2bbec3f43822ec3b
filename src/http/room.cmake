target_link_libraries(http PUBLIC z)
target_compile_definitions(http PRIVATE COUNTERSIGN_VERSION="${PROJECT_VERSION}")
alone(http/beast.cpp)
# The desk is built before the program; without it the program serves a page that says so.
embed_dir(http ${CMAKE_SOURCE_DIR}/web/dist desk)
