# add_rooms(ROOMS): one library a room, linked to exactly the rooms its row allows, and one test
# program a room from the *_test.cpp files that stand beside their subjects. A room's outside
# libraries stand in its own src/ROOM/room.cmake.
# alone(FILE...): these sources of a room compile by themselves.
function(alone)
  list(TRANSFORM ARGN PREPEND src/ OUTPUT_VARIABLE files)
  set_source_files_properties(${files} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

function(add_rooms table)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
  file(STRINGS ${table} rows REGEX "^[a-z]")
  foreach(row IN LISTS rows)
    separate_arguments(words UNIX_COMMAND "${row}")
    list(POP_FRONT words room)
    file(GLOB sources CONFIGURE_DEPENDS src/${room}/*.cpp)
    set(tests ${sources})
    list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    if(NOT sources)
      set(sources ${CMAKE_BINARY_DIR}/empty.cpp)
      file(CONFIGURE OUTPUT ${sources} CONTENT "")
    endif()
    add_library(${room} STATIC ${sources})
    target_link_libraries(${room} PUBLIC ${words} Threads::Threads)
    # Many small files that read the same headers: together they compile in a fraction of the time.
    # A file whose private names clash with a neighbour's is left out in its room.cmake.
    set_target_properties(${room} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
      target_compile_options(${room} PRIVATE -Wno-subobject-linkage)
    else()
      target_compile_options(${room} PRIVATE -Wno-shadow)  # clang takes a neighbour's names for an outer scope's
    endif()
    if(tests)
      add_executable(${room}_test ${tests} ${CMAKE_SOURCE_DIR}/tests/doctest_main.cpp)
      target_link_libraries(${room}_test PRIVATE ${room})
      add_test(NAME ${room} COMMAND ${room}_test)
      set_tests_properties(${room} PROPERTIES ENVIRONMENT "COUNTERSIGN_SOURCE=${CMAKE_SOURCE_DIR}")
    endif()
  endforeach()
  file(GLOB_RECURSE everything CONFIGURE_DEPENDS src/*.h src/*.cpp)
  add_test(NAME rooms COMMAND ${CMAKE_SOURCE_DIR}/tools/check-rooms ${table} ${everything})
endfunction()
