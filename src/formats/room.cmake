target_link_libraries(formats PRIVATE archive pugixml simdjson)
alone(formats/voc.cpp formats/yolo.cpp formats/cvat_read.cpp formats/s3_source.cpp formats/labelme.cpp formats/kitti.cpp formats/open_images.cpp)
alone(formats/brush.cpp formats/label_studio_cue.cpp)
