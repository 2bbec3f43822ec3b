target_link_libraries(formats PRIVATE archive pugixml simdjson)
alone(formats/voc.cpp formats/yolo.cpp formats/cvat_read.cpp
      formats/s3_source.cpp formats/labelme.cpp formats/kitti.cpp formats/open_images.cpp
      formats/sound_kit.cpp formats/rttm.cpp formats/rttm_conventions.cpp formats/ctm.cpp formats/textgrid.cpp
      formats/webvtt.cpp formats/audacity.cpp formats/eaf.cpp formats/asr_manifest.cpp
      formats/image_text.cpp formats/icdar.cpp formats/ppocr.cpp formats/hocr.cpp formats/alto.cpp)
