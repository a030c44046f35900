# polder_module(ops USES protocol LINKS fmt::fmt): the library of one engine folder (every *.cc below it but the tests),
# and, with tests on, <name>_test from its *_test.cc (TESTS_USE: modules that only the tests see). A module sees only the
# modules it names. A subfolder with a CMakeLists.txt of its own is a module of its own.
# *_release_test.cc need speed: they become <name>_release_test, which only a Release build has. *_lanes_test.cc compute
# on several threads: <name>_lanes_test is of a Release build and of the tsan build, which runs what is named lanes_3 but
# not every operator: a minute for what sorts, joins and matches do too.
add_library(polder_flags INTERFACE)
# g++ is the judge of warnings; clang, which builds what is sanitised, sees others. g++ 12's -Wrestrict takes "x" + string for
# an overlap when it optimises.
target_compile_options(polder_flags INTERFACE
  $<IF:$<CXX_COMPILER_ID:GNU>,-Wall;-Wextra;-Wconversion;-Wshadow;-Werror;-Wno-restrict,-Wno-unknown-warning-option>
  $<$<CONFIG:Debug>:-O1;-fno-omit-frame-pointer>)
target_include_directories(polder_flags INTERFACE ${CMAKE_SOURCE_DIR}/engine)
if(POLDER_SANITIZE STREQUAL "address")
  target_compile_options(polder_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(polder_flags INTERFACE -fsanitize=address,undefined)
elseif(POLDER_SANITIZE STREQUAL "thread")
  # Asio has fences that TSan does not follow; they guard nothing that the locks around them do not.
  target_compile_options(polder_flags INTERFACE -fsanitize=thread -Wno-tsan)
  target_link_options(polder_flags INTERFACE -fsanitize=thread)
endif()
if(POLDER_FUZZ)
  target_compile_options(polder_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# The modules whose threads share what they work on: the tsan build runs their tests. Of those that only start such
# threads, a long run does.
set(polder_threaded base net node net_testing)
set(polder_starts_threads protocol store peer client)

# Groups of targets that ./run builds: what a user runs, the tests that need no speed, the threaded modules' tests, the
# tests of all that start threads, the tests that need speed, the fuzzers.
add_custom_target(product)
add_custom_target(unit_tests)
add_custom_target(threaded_tests)
add_custom_target(all_threaded_tests)
add_dependencies(all_threaded_tests threaded_tests)
add_custom_target(release_tests)
add_custom_target(fuzzers)

function(polder_module name)
  cmake_parse_arguments(ARG "" "" "USES;LINKS;TESTS_USE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  file(GLOB nested ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
  foreach(list_file ${nested})
    get_filename_component(folder ${list_file} DIRECTORY)
    list(FILTER sources EXCLUDE REGEX "^${folder}/")
  endforeach()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|main|fuzz)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  foreach(kind release lanes)
    set(${kind}_tests ${tests})
    list(FILTER ${kind}_tests INCLUDE REGEX "_${kind}_test\\.cc$")
    list(FILTER tests EXCLUDE REGEX "_${kind}_test\\.cc$")
  endforeach()
  list(TRANSFORM ARG_USES PREPEND polder_ OUTPUT_VARIABLE modules)
  add_library(polder_${name} STATIC ${sources})
  target_link_libraries(polder_${name} PUBLIC polder_flags ${modules} ${ARG_LINKS})
  list(TRANSFORM ARG_TESTS_USE PREPEND polder_ OUTPUT_VARIABLE test_modules)
  if(POLDER_TESTS AND tests)
    polder_test(${name} ${tests})
    target_link_libraries(${name}_test PRIVATE ${test_modules})
    add_dependencies(unit_tests ${name}_test)
    if(name IN_LIST polder_threaded)
      set_property(TEST ${name} PROPERTY LABELS threads)
      add_dependencies(threaded_tests ${name}_test)
    elseif(name IN_LIST polder_starts_threads)
      set_property(TEST ${name} PROPERTY LABELS starts_threads)
      add_dependencies(all_threaded_tests ${name}_test)
    endif()
  endif()
  if(POLDER_TESTS AND release_tests AND CMAKE_BUILD_TYPE STREQUAL "Release")
    polder_test(${name}_release ${release_tests})
    target_link_libraries(${name}_release_test PRIVATE ${test_modules})
    set_property(TEST ${name}_release PROPERTY LABELS release)
    add_dependencies(release_tests ${name}_release_test)
  endif()
  if(POLDER_TESTS AND lanes_tests
      AND (CMAKE_BUILD_TYPE STREQUAL "Release" OR POLDER_SANITIZE STREQUAL "thread"))
    polder_test(${name}_lanes ${lanes_tests})
    target_link_libraries(${name}_lanes_test PRIVATE ${test_modules})
    set_property(TEST ${name}_lanes PROPERTY LABELS release threads)
    if(POLDER_SANITIZE STREQUAL "thread")
      set_property(TEST ${name}_lanes APPEND PROPERTY ENVIRONMENT GTEST_FILTER=*lanes_3-*EveryOperator*)
    endif()
    add_dependencies(release_tests ${name}_lanes_test)
    add_dependencies(threaded_tests ${name}_lanes_test)
  endif()
endfunction()

# polder_operators(table): add_table_operators(Registry&), which knows every file of the module's folders operators/,
# functions/ and aggregates/: merge.cc there defines std::vector<Operator> operators::merge() (of aggregates/:
# std::vector<Aggregate>). Called by name, as a linker drops objects of a library that register themselves.
function(polder_operators name)
  set(declared "")
  set(added "")
  foreach(folder operators functions aggregates)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.cc)
    set(kind Operator)
    if(folder STREQUAL aggregates)
      set(kind Aggregate)
    endif()
    foreach(file ${files})
      get_filename_component(stem ${file} NAME_WE)
      if(NOT stem MATCHES "_test$")
        string(APPEND declared "namespace ${folder} {\nstd::vector<${kind}> ${stem}();\n}\n")
        string(APPEND added "  registry.add(${folder}::${stem}());\n")
      endif()
    endforeach()
  endforeach()
  file(CONFIGURE OUTPUT ${name}_operators.cc @ONLY CONTENT "#include \"plan/registry.h\"

namespace polder {

@declared@
void add_${name}_operators(Registry& registry);
void add_${name}_operators(Registry& registry) {
@added@}

}  // namespace polder
")
  target_sources(polder_${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}_operators.cc)
endfunction()

# polder_test(net a_test.cc b_test.cc): the GoogleTest binary net_test; its cases go to junit/net.xml for ./run test.
function(polder_test name)
  string(REGEX REPLACE "_(release|lanes)$" "" module ${name})
  add_executable(${name}_test ${ARGN})
  target_link_libraries(${name}_test PRIVATE polder_${module} GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES TIMEOUT 900
    ENVIRONMENT "GTEST_OUTPUT=xml:${CMAKE_BINARY_DIR}/junit/${name}.xml")
endfunction()

# polder_binary(polderd LINKS polder_node): a program that users start, from polderd_main.cc, in the build's bin/.
function(polder_binary name)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  string(REPLACE - _ file ${name})
  add_executable(${name} ${file}_main.cc)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  add_dependencies(product ${name})
endfunction()

# polder_fuzz(frame LINKS polder_net): a libFuzzer target from frame_fuzz.cc, only in the dev preset (clang). Its test
# runs for POLDER_FUZZ_SECONDS from the inputs in tests/corpus/frame, if there are any, and keeps what it finds.
function(polder_fuzz name)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  if(POLDER_FUZZ)
    file(GLOB_RECURSE source CONFIGURE_DEPENDS ${name}_fuzz.cc)
    add_executable(${name}_fuzz ${source})
    target_link_libraries(${name}_fuzz PRIVATE ${ARG_LINKS})
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers ${name}_fuzz)
    add_test(NAME fuzz_${name} COMMAND ${CMAKE_SOURCE_DIR}/tools/fuzz $<TARGET_FILE:${name}_fuzz>
      ${CMAKE_BINARY_DIR}/corpus/${name} ${CMAKE_SOURCE_DIR}/tests/corpus/${name})
    set_tests_properties(fuzz_${name} PROPERTIES TIMEOUT 0 LABELS fuzz)
  endif()
endfunction()
