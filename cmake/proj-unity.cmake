# Compile this file alone, because another file of its batch defines the same names.
# Deferred, because PROJ declares its sources after project().
cmake_language(DEFER CALL set_property
  SOURCE "${CMAKE_SOURCE_DIR}/src/projections/sterea.cpp"
  DIRECTORY "${CMAKE_SOURCE_DIR}/src"
  PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
