target_link_libraries(media PUBLIC jpeg png webp avformat avcodec swresample avutil)
alone(media/jpeg.cpp media/png.cpp media/webp.cpp media/audio.cpp media/audio_reader.cpp)
