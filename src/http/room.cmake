target_link_libraries(http PUBLIC z)
file(MAKE_DIRECTORY ${CMAKE_SOURCE_DIR}/web/dist)
embed_dir(http ${CMAKE_SOURCE_DIR}/web/dist desk)
