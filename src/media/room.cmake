target_link_libraries(media PUBLIC jpeg png webp)
