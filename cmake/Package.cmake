# SPDX-License-Identifier: GPL-3.0-or-later
# What an installation consists of, and the two Debian packages of it (`./dev package`): the plugin
# for the machine that runs Orthanc; and for whoever checks its log, there or elsewhere, the command
# with its font library, and the witness, whose machine has no Orthanc either.
include(GNUInstallDirs)
set(plugin_package orthanc-sekisho)
set(audit_package sekisho-audit)

install(TARGETS OrthancSekisho LIBRARY DESTINATION lib/orthanc COMPONENT plugin)
install(FILES deploy/debian/sekisho.conf
  DESTINATION lib/systemd/system/orthanc.service.d COMPONENT plugin)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${plugin_package}
  COMPONENT plugin PATTERN man EXCLUDE)
install(DIRECTORY orthanc-config/
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${plugin_package}/examples COMPONENT plugin)

install(TARGETS sekisho-audit sekisho-witness
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT audit)
install(FILES docs/audit.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${audit_package} COMPONENT audit)
install(FILES docs/formats/audit.md
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${audit_package}/formats COMPONENT audit)
file(GLOB manual_pages CONFIGURE_DEPENDS docs/man/*.1 docs/man/*.8)
foreach(page ${manual_pages})
  get_filename_component(name ${page} NAME)
  string(REGEX MATCH "[18]$" section ${name})
  set(packed ${PROJECT_BINARY_DIR}/man/${name}.gz)
  add_custom_command(OUTPUT ${packed} COMMAND gzip -9nc ${page} > ${packed} DEPENDS ${page} VERBATIM)
  list(APPEND packed_pages ${packed})
  install(FILES ${packed} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT audit)
endforeach()
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/man)
add_custom_target(manual_pages ALL DEPENDS ${packed_pages})

foreach(component plugin audit)
  install(FILES README.md CHANGELOG.md deploy/debian/copyright
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${${component}_package} COMPONENT ${component})
endforeach()

# A package is for the release that it was built on, and its version says so: 0.1.0-deb12.
cmake_host_system_information(RESULT suite QUERY DISTRIB_INFO)
set(release ${suite_VERSION_ID})
if(NOT release)
  set(release ${suite_VERSION_CODENAME})  # Debian testing and unstable have no number
endif()
string(REPLACE "debian" "deb" release "${suite_ID}${release}")
# While Debian is upgraded to the next release, apt removes the plugin instead of leaving it to an
# Orthanc with other libraries. base-files bears the release's number.
set(plugin_depends "orthanc (>= 1.10.1)")
if(suite_ID STREQUAL "debian" AND suite_VERSION_ID)
  math(EXPR next "${suite_VERSION_ID} + 1")
  string(APPEND plugin_depends ", base-files (<< ${next}~)")
endif()
# The names under which @…@ of the scripts are known.
set(suite_id ${suite_ID})
set(suite_codename ${suite_VERSION_CODENAME})
configure_file(deploy/debian/preinst.in ${PROJECT_BINARY_DIR}/debian/preinst @ONLY)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME orthanc-sekisho)
set(CPACK_PACKAGE_VENDOR "Sekisho")
set(CPACK_PACKAGE_CONTACT "Sekisho maintainers <maintainers@sekisho.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL plugin audit)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${release})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

set(CPACK_DEBIAN_PLUGIN_PACKAGE_NAME ${plugin_package})
set(CPACK_DEBIAN_PLUGIN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_DEPENDS ${plugin_depends})
# What is written into pictures is written in it.
set(CPACK_DEBIAN_PLUGIN_PACKAGE_RECOMMENDS "fonts-ipaexfont-gothic")
set(CPACK_DEBIAN_PLUGIN_PACKAGE_SUGGESTS "${audit_package}, clamav-daemon")
set(CPACK_DEBIAN_PLUGIN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_BINARY_DIR}/debian/preinst ${PROJECT_SOURCE_DIR}/deploy/debian/postinst
  ${PROJECT_SOURCE_DIR}/deploy/debian/prerm ${PROJECT_SOURCE_DIR}/deploy/debian/postrm)
set(CPACK_COMPONENT_PLUGIN_DESCRIPTION "shares studies of an Orthanc with named recipients
A plugin: what leaves is scoped to one recipient, masked, time-limited and on record before its
first byte. Recipients reach it by DICOMweb on a TLS listener of its own.")

set(CPACK_DEBIAN_AUDIT_PACKAGE_NAME ${audit_package})
set(CPACK_DEBIAN_AUDIT_PACKAGE_SECTION utils)
# PDF reports need a font with Japanese, and times in the zone of whoever reads them its rules.
set(CPACK_DEBIAN_AUDIT_PACKAGE_RECOMMENDS "fonts-ipaexfont-gothic, tzdata")
set(CPACK_COMPONENT_AUDIT_DESCRIPTION "checks, reports and witnesses access logs of Sekisho
sekisho-audit verifies an access log, exports it and reports from it who saw what of a patient;
sekisho-witness cosigns the logs of others. Neither needs Orthanc.")
include(CPack)
