target_link_libraries(base PUBLIC sodium prometheus-cpp-core curl)
alone(base/child_process.cpp base/child_process_test.cpp)
