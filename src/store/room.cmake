target_include_directories(store SYSTEM PUBLIC /usr/include/postgresql)
target_link_libraries(store PUBLIC SQLiteCpp sqlite3 pq dl)
embed_dir(store ${CMAKE_SOURCE_DIR}/src/store/migrations migration)
alone(store/sqlite_db.cpp store/desk_lease.cpp store/model_store.cpp store/desk_store_test.cpp store/dispute_store_test.cpp store/gold_store_test.cpp store/finding_store.cpp store/finding_store_test.cpp)
