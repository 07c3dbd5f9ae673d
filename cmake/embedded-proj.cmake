# The build of proj-sys reads this file through .cargo/config.toml. A proj.db on disk, possibly of another
# version, would break every coordinate reference system, so PROJ may use only its embedded database.
set(EMBED_RESOURCE_FILES ON CACHE BOOL "" FORCE)
set(USE_ONLY_EMBEDDED_RESOURCE_FILES ON CACHE BOOL "" FORCE)

# PROJ is the largest dependency to compile, and its headers cost more than its code, so compile twelve files as
# one. No request waits for transformations, so optimise them lightly.
set(CMAKE_UNITY_BUILD ON CACHE BOOL "" FORCE)
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12 CACHE STRING "" FORCE)
set(CMAKE_PROJECT_PROJ_INCLUDE "${CMAKE_CURRENT_LIST_DIR}/proj-unity.cmake" CACHE FILEPATH "" FORCE)
