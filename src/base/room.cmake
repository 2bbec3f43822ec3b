target_link_libraries(base PUBLIC sodium prometheus-cpp-core curl)
