# SPDX-License-Identifier: GPL-3.0-or-later
# Dependencies (all from Debian, see docs/dependencies.md) and the two kinds of target we have.
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(fido2 REQUIRED IMPORTED_TARGET libfido2>=1.12)
pkg_check_modules(freetype REQUIRED IMPORTED_TARGET freetype2)
pkg_check_modules(jsoncpp REQUIRED IMPORTED_TARGET jsoncpp)
pkg_check_modules(openjp2 REQUIRED IMPORTED_TARGET libopenjp2)
pkg_check_modules(pangocairo REQUIRED IMPORTED_TARGET pangocairo>=1.50 cairo-pdf>=1.16)
pkg_check_modules(png REQUIRED IMPORTED_TARGET libpng>=1.6)
pkg_check_modules(turbojpeg REQUIRED IMPORTED_TARGET libturbojpeg>=2.1)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc>=2.6)
find_package(GIF 5.2 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

# SEKISHO_SANITIZE: empty, "address,undefined" or "thread".
set(SEKISHO_SANITIZE "" CACHE STRING "Sanitizers to compile with")
# Off, so that a compiler newer than ours builds a release; what we develop with turns it on.
option(SEKISHO_WARNINGS_ARE_ERRORS "Stop at the first warning of the compiler" OFF)
add_library(sekisho_options INTERFACE)
target_include_directories(sekisho_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_options(sekisho_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual
  -Wimplicit-fallthrough -Wextra-semi $<$<BOOL:${SEKISHO_WARNINGS_ARE_ERRORS}>:-Werror>
  -fstack-protector-strong -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
# What a library of others corrupts cannot redirect our calls: their table is filled, then read-only.
target_link_options(sekisho_options INTERFACE -Wl,-z,relro,-z,now)
target_compile_definitions(sekisho_options INTERFACE SEKISHO_VERSION="${PROJECT_VERSION}" _GLIBCXX_ASSERTIONS)
if(SEKISHO_SANITIZE)
  target_compile_options(sekisho_options INTERFACE -fsanitize=${SEKISHO_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(sekisho_options INTERFACE -fsanitize=${SEKISHO_SANITIZE})
  if(SEKISHO_SANITIZE MATCHES "undefined")
    target_compile_options(sekisho_options INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()

# sekisho_generated(NAME FILE): a target that makes a header, and nothing that other targets wait for.
# All of them are sekisho_generated, which is what clang-tidy needs of a build.
add_custom_target(sekisho_generated)
function(sekisho_generated name file)
  add_custom_target(${name} DEPENDS ${file})
  add_dependencies(sekisho_generated ${name})
endfunction()

# sekisho_library(NAME SOURCES … DEPENDS …): the one static library of a folder.
function(sekisho_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(sekisho_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(sekisho_${name} PUBLIC sekisho_options ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
endfunction()

# sekisho_unit_test(FOLDER SOURCES … DEPENDS …): one GoogleTest binary per folder, in ctest.
function(sekisho_unit_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(test_${name} PRIVATE ${ARG_DEPENDS} GTest::gtest_main)
  # Twenty minutes of compiling were half these: their headers are read once, their own code is run
  # once and need not be fast.
  target_compile_options(test_${name} PRIVATE -O0 -g1)
  target_precompile_headers(test_${name} PRIVATE <gtest/gtest.h>)
  add_test(NAME ${name} COMMAND test_${name})
  set(support ${PROJECT_SOURCE_DIR}/tests/support)
  set_tests_properties(${name} PROPERTIES ENVIRONMENT
    "LSAN_OPTIONS=suppressions=${support}/leaks.supp:print_suppressions=0;\
TSAN_OPTIONS=suppressions=${support}/races.supp:print_suppressions=0")
endfunction()
