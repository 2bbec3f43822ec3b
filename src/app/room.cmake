alone(app/desk.cpp app/drafting.cpp app/audio_templates.cpp app/media_kinds.cpp app/sound_peaks.cpp app/recordings.cpp)
alone(app/workbench.cpp app/asking_together.cpp app/example_source.cpp app/connectors.cpp)
alone(app/crowd_pieces.cpp app/crowd_fusion.cpp)
