# SPDX-License-Identifier: GPL-3.0-or-later
# What an installation consists of, and the Debian package of it (`./dev package`).
include(GNUInstallDirs)
install(TARGETS OrthancSekisho LIBRARY DESTINATION share/orthanc/plugins)
install(TARGETS sekisho-audit sekisho-witness RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/orthanc-sekisho)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/orthanc-sekisho)
install(DIRECTORY orthanc-config/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/orthanc-sekisho/examples)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME orthanc-sekisho)
set(CPACK_PACKAGE_VENDOR "Sekisho")
set(CPACK_PACKAGE_CONTACT "Sekisho maintainers <maintainers@sekisho.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "shares studies of an Orthanc with named recipients")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "orthanc (>= 1.10.1)")
# PDF reports need a font with Japanese; everything else does not.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-ipaexfont-gothic")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
include(CPack)
