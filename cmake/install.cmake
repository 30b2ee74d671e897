# cmake --install, by component: `runtime` (the programs, man pages, completion) and `dev` (libsink for other programs).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS sinkcalc sinkchange RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
# Man pages and bash completion come from --describe; without Python they are left out.
find_program(SINK_PYTHON NAMES python3 PATHS /usr/bin NO_CMAKE_FIND_ROOT_PATH)
if(SINK_PYTHON AND NOT SINK_SANITIZE)
  foreach(program sinkcalc sinkchange)
    add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/man/completions/${program}
                       COMMAND ${SINK_PYTHON} ${PROJECT_SOURCE_DIR}/cmake/man_and_completion.py $<TARGET_FILE:${program}> ${PROJECT_BINARY_DIR}/man
                       DEPENDS ${program} cmake/man_and_completion.py VERBATIM)
    list(APPEND made ${PROJECT_BINARY_DIR}/man/completions/${program})
  endforeach()
  add_custom_target(man_and_completion ALL DEPENDS ${made})
  install(DIRECTORY ${PROJECT_BINARY_DIR}/man/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT runtime)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/man/completions/ DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          COMPONENT runtime)
else()
  message(STATUS "Man pages and completion are left out: they need python3 and a build without sanitizers")
endif()

# A cluster's login node has them where the program is.
set(scripts_dir ${CMAKE_INSTALL_DATADIR}/sinkcalc)
install(PROGRAMS scripts/slurm/submit scripts/slurm/resume DESTINATION ${scripts_dir}/slurm COMPONENT runtime)
install(FILES scripts/slurm/jobs.sh scripts/slurm/tile.sbatch scripts/slurm/merge.sbatch DESTINATION ${scripts_dir}/slurm
        COMPONENT runtime)
install(PROGRAMS scripts/examples/tiles_with_parallel DESTINATION ${scripts_dir}/examples COMPONENT runtime)
install(FILES scripts/examples/Snakefile DESTINATION ${scripts_dir}/examples COMPONENT runtime)

install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)

set(layers core table method change raster pipeline account report job)
foreach(layer ${layers})
  set_target_properties(sink_${layer} PROPERTIES EXPORT_NAME ${layer})
endforeach()
list(TRANSFORM layers PREPEND sink_ OUTPUT_VARIABLE layer_targets)
add_library(sink_all INTERFACE)
set_target_properties(sink_all PROPERTIES EXPORT_NAME sink)
target_link_libraries(sink_all INTERFACE ${layer_targets})
install(TARGETS sink_all sink_flags ${layer_targets} EXPORT sinkTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(DIRECTORY libsink/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sink COMPONENT dev
        FILES_MATCHING PATTERN "*.hpp" PATTERN "*.def")

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/sink)
install(EXPORT sinkTargets NAMESPACE sink:: DESTINATION ${package_dir} COMPONENT dev)
configure_package_config_file(cmake/sinkConfig.cmake.in ${PROJECT_BINARY_DIR}/sinkConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/sinkConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/sinkConfig.cmake ${PROJECT_BINARY_DIR}/sinkConfigVersion.cmake cmake/SinkDependencies.cmake
        DESTINATION ${package_dir} COMPONENT dev)
# The file finds its prefix from where it lies, so that --prefix may change after the build.
file(RELATIVE_PATH SINK_PC_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/sink.pc.in ${PROJECT_BINARY_DIR}/sink.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/sink.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The sinkcalc engineers <sinkcalc@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_FILE ${PROJECT_SOURCE_DIR}/README.md)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
# What Debian's policy wants of packages only.
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian_policy.cmake)
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME sinkcalc)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libsink-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "libgdal-dev, libproj-dev, libtiff-dev, libzstd-dev, libdeflate-dev, libtbb-dev, libeigen3-dev, nlohmann-json3-dev, libtomlplusplus-dev, libssl-dev, libcsv-dev")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "Forest biomass and carbon sink from raster maps\n Stocks, sink, balance and land-use change from GeoTIFF stand maps: sinkcalc and sinkchange.")
set(CPACK_COMPONENT_DEV_DESCRIPTION "libsink, for programs of your own\n Headers, static libraries, CMake package and pkg-config file of libsink.")
include(CPack)
