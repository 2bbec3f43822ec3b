target_link_libraries(http PUBLIC z)
target_compile_definitions(http PRIVATE COUNTERSIGN_VERSION="${PROJECT_VERSION}")
# Some thirty small files that all read the same headers: together they compile in a seventh of the
# time. Beast stands alone.
set_target_properties(http PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
set_source_files_properties(src/http/beast.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
# The desk is built before the program; without it the program serves a page that says so.
embed_dir(http ${CMAKE_SOURCE_DIR}/web/dist desk)
