# A room is a folder, a static library and a promise: it links, and so includes, only the rooms named here.
# `headlight_room(attention LINKS base PRIVATE_PACKAGES Eigen3::Eigen)` in core/attention makes hl_attention.
function(headlight_room name)
  cmake_parse_arguments(ROOM "" "" "LINKS;PACKAGES;PRIVATE_PACKAGES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    add_library(hl_${name} INTERFACE)
    return()
  endif()
  add_library(hl_${name} STATIC ${sources})
  target_link_libraries(hl_${name} PUBLIC headlight_flags ${ROOM_PACKAGES} PRIVATE ${ROOM_PRIVATE_PACKAGES})
  foreach(room ${ROOM_LINKS})
    target_link_libraries(hl_${name} PUBLIC hl_${room})
  endforeach()
  target_precompile_headers(hl_${name} PRIVATE
    <algorithm> <array> <atomic> <cmath> <cstdint> <functional> <map> <memory> <mutex> <optional> <span> <string>
    <string_view> <thread> <utility> <variant> <vector>)
endfunction()

# The tests of a room: every *_test.cpp of tests/<name>, one program, each test its own line in ctest.
function(headlight_tests name)
  cmake_parse_arguments(TESTS "OPTIMIZED" "LABEL" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE headlight_flags ${TESTS_LINKS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name}_tests PRIVATE HEADLIGHT_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             HEADLIGHT_BINARY_DIR="${CMAKE_BINARY_DIR}")
  # What only drives the rooms is quick enough as it is written, and compiles in two thirds of the time.
  if(NOT TESTS_OPTIMIZED)
    target_compile_options(${name}_tests PRIVATE $<$<CONFIG:Release>:-O0>)
  endif()
  target_precompile_headers(${name}_tests PRIVATE <gtest/gtest.h> <gmock/gmock.h> <string> <vector>)
  include(GoogleTest)
  set(seconds 300)
  if(HEADLIGHT_SANITIZE)
    set(seconds 1500)
  endif()
  gtest_discover_tests(${name}_tests DISCOVERY_MODE PRE_TEST PROPERTIES LABELS "${name}" TIMEOUT ${seconds})
endfunction()
