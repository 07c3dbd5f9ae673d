# Read by the build of proj-sys through .cargo/config.toml. A proj.db found on disk, perhaps of another
# version, would break every coordinate reference system: only the database inside the program counts.
set(EMBED_RESOURCE_FILES ON CACHE BOOL "" FORCE)
set(USE_ONLY_EMBEDDED_RESOURCE_FILES ON CACHE BOOL "" FORCE)

# PROJ is the largest thing this project compiles. Its headers cost more than its code, so twelve files are
# compiled as one; transformations are not what a request waits for, so they are optimised lightly.
set(CMAKE_UNITY_BUILD ON CACHE BOOL "" FORCE)
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12 CACHE STRING "" FORCE)
set(CMAKE_PROJECT_PROJ_INCLUDE "${CMAKE_CURRENT_LIST_DIR}/proj-unity.cmake" CACHE FILEPATH "" FORCE)
