# Read by the build of proj-sys through .cargo/config.toml. A proj.db found on disk, perhaps of another
# version, would break every coordinate reference system: only the database inside the program counts.
set(EMBED_RESOURCE_FILES ON CACHE BOOL "" FORCE)
set(USE_ONLY_EMBEDDED_RESOURCE_FILES ON CACHE BOOL "" FORCE)
