# yallchat_part(NAME SOURCES a.cpp... [USES part|library...] [TESTS a_test.cpp...] [PCH header...])
#
# A part of the architecture: a static library yallchat_NAME that may use only the parts named in USES,
# and, when it has tests, one test program NAME_test.
function(yallchat_part NAME)
  cmake_parse_arguments(PART "" "" "SOURCES;USES;TESTS;PCH" ${ARGN})
  add_library(yallchat_${NAME} STATIC ${PART_SOURCES})
  target_link_libraries(yallchat_${NAME} PUBLIC yallchat_options ${PART_USES})
  if(PART_PCH)
    target_precompile_headers(yallchat_${NAME} PRIVATE ${PART_PCH})
  endif()
  if(YALLCHAT_TESTS AND PART_TESTS)
    add_executable(${NAME}_test ${PART_TESTS})
    target_link_libraries(${NAME}_test PRIVATE yallchat_${NAME} GTest::gmock GTest::gtest_main
      rapidcheck_gtest)
    target_precompile_headers(${NAME}_test PRIVATE <gtest/gtest.h> <gmock/gmock.h>)
    gtest_discover_tests(${NAME}_test TEST_PREFIX ${NAME}. DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()

# yallchat_protobuf(VARIABLE file.proto): the generated source and header, included as "part/file.pb.h".
function(yallchat_protobuf VARIABLE PROTO)
  protobuf_generate_cpp(SOURCE HEADER ${PROTO})
  # Generated code is not held to our warnings.
  set_source_files_properties(${SOURCE} PROPERTIES COMPILE_OPTIONS "-w" SKIP_PRECOMPILE_HEADERS ON)
  set(${VARIABLE} ${SOURCE} ${HEADER} PARENT_SCOPE)
endfunction()
