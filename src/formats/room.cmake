target_link_libraries(formats PRIVATE archive pugixml simdjson)
