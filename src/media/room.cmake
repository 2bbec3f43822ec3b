target_link_libraries(media PUBLIC jpeg png webp)
alone(media/jpeg.cpp media/png.cpp media/webp.cpp)
