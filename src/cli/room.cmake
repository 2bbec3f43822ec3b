target_compile_definitions(cli PUBLIC COUNTERSIGN_VERSION="${PROJECT_VERSION}")
