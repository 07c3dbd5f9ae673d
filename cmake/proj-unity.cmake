# Files of PROJ that define a name which another file of their batch defines too: they are compiled alone.
# Deferred, because PROJ declares its sources after project().
cmake_language(DEFER CALL set_property
  SOURCE "${CMAKE_SOURCE_DIR}/src/projections/sterea.cpp"
  DIRECTORY "${CMAKE_SOURCE_DIR}/src"
  PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
