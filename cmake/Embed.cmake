# headlight_embed(target TABLE fonts FILES a b ...): the files become bytes of the program, listed by
# `headlight::embedded::fonts()` from the generated header "fonts_assets.h" (rows are core/base/assets.h's Asset).
# Assembled with .incbin, so a megabyte costs nothing to compile.
function(headlight_embed target)
  cmake_parse_arguments(EMBED "" "TABLE" "FILES" ${ARGN})
  set(table ${EMBED_TABLE})
  set(assembly "    .section .rodata\n")
  set(declarations "")
  set(rows "")
  set(index 0)
  foreach(file ${EMBED_FILES})
    get_filename_component(key ${file} NAME)
    set(symbol hl_${table}_${index})
    string(APPEND assembly "    .global ${symbol}\n    .global ${symbol}_end\n    .balign 16\n${symbol}:\n"
                           "    .incbin \"${file}\"\n${symbol}_end:\n    .byte 0\n")
    string(APPEND declarations "extern const char ${symbol}[];\nextern const char ${symbol}_end[];\n")
    string(APPEND rows "      {\"${key}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND assembly "    .section .note.GNU-stack,\"\",@progbits\n")
  set(folder ${CMAKE_BINARY_DIR}/generated)
  file(CONFIGURE OUTPUT ${folder}/${table}_assets.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${folder}/${table}_assets.h @ONLY CONTENT
"#pragma once
#include <span>

#include \"core/base/assets.h\"
namespace headlight::embedded {
std::span<const Asset> ${table}();
}  // namespace headlight::embedded
")
  file(CONFIGURE OUTPUT ${folder}/${table}_assets.cpp @ONLY CONTENT
"#include \"${table}_assets.h\"

#include <vector>

extern \"C\" {
${declarations}}
namespace headlight::embedded {
std::span<const Asset> ${table}() {
  static const std::vector<Asset> rows{
${rows}  };
  return rows;
}
}  // namespace headlight::embedded
")
  set_source_files_properties(${folder}/${table}_assets.S PROPERTIES OBJECT_DEPENDS "${EMBED_FILES}")
  set_source_files_properties(${folder}/${table}_assets.S ${folder}/${table}_assets.cpp PROPERTIES
                              SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE ${folder}/${table}_assets.S ${folder}/${table}_assets.cpp)
endfunction()
