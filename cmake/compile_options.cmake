# One target, yallchat_options, that every target of ours links: warnings, hardening, sanitizers.
find_program(CCACHE ccache)
if(CCACHE)
  # With precompiled headers ccache works only when it is told to trust them; paths are made relative
  # so that several checkouts share what one has built.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
include(CheckPIESupported)
check_pie_supported()

add_library(yallchat_options INTERFACE)
target_include_directories(yallchat_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_include_directories(yallchat_options SYSTEM INTERFACE ${PROJECT_BINARY_DIR}/src)
target_compile_options(yallchat_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
# GCC 12 takes a moved std::variant for all of its alternatives at once; clang's analyzer looks instead.
target_compile_options(yallchat_options INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
# A precompiled header and ccache agree only when the compiler does not date-stamp it.
target_compile_options(yallchat_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

if(YALLCHAT_FUZZ)
  # What libFuzzer steers by, in everything that a fuzzer calls.
  target_compile_options(yallchat_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(YALLCHAT_SANITIZE)
  target_compile_options(yallchat_options INTERFACE
    -fsanitize=${YALLCHAT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1 -g1)
  target_link_options(yallchat_options INTERFACE -fsanitize=${YALLCHAT_SANITIZE})
  if(YALLCHAT_SANITIZE STREQUAL "thread")
    # Fences are what the sanitizer does not understand; Asio's queues are behind mutexes anyway.
    target_compile_definitions(yallchat_options INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
else()
  target_compile_options(yallchat_options INTERFACE -fstack-protector-strong)
  target_compile_definitions(yallchat_options INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=3>)
  target_link_options(yallchat_options INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()
target_compile_definitions(yallchat_options INTERFACE _GLIBCXX_ASSERTIONS
  YALLCHAT_VERSION="${PROJECT_VERSION}")
# CHECK stays on in every build, and nothing may depend on NDEBUG.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
