# What `cmake --install` puts where: the program, its man page and completions (both printed by the program itself),
# desktop file, MIME type, metainfo, icons, guide and examples.
include(GNUInstallDirs)
if(NOT HEADLIGHT_APP OR HEADLIGHT_SANITIZE)
  return()
endif()

set(desktop ${CMAKE_SOURCE_DIR}/assets/desktop)
set(made ${CMAKE_BINARY_DIR}/share)
file(MAKE_DIRECTORY ${made})
find_program(GZIP gzip REQUIRED)
mark_as_advanced(GZIP)

# made_by_program(FILE WORDS...): what the program prints for these words, compressed where the name says so.
function(made_by_program file)
  string(JOIN " " words ${ARGN})
  set(compress "")
  if(file MATCHES "\\.gz$")
    set(compress " | '${GZIP}' -9n")
  endif()
  add_custom_command(OUTPUT ${made}/${file} DEPENDS headlight VERBATIM
    COMMAND sh -c "'$<TARGET_FILE:headlight>' ${words}${compress} > '${made}/${file}'")
endfunction()
made_by_program(headlight.1.gz --man)
made_by_program(headlight.bash completion bash)
made_by_program(_headlight completion zsh)
made_by_program(headlight.fish completion fish)
function(compressed file source)
  add_custom_command(OUTPUT ${made}/${file} DEPENDS ${source} VERBATIM
    COMMAND sh -c "'${GZIP}' -9nc '${source}' > '${made}/${file}'")
endfunction()
compressed(changelog.gz ${CMAKE_SOURCE_DIR}/CHANGELOG.md)
compressed(changelog.Debian.gz ${desktop}/changelog.Debian)
add_custom_target(headlight_share ALL DEPENDS
  ${made}/headlight.1.gz ${made}/headlight.bash ${made}/_headlight ${made}/headlight.fish ${made}/changelog.gz
  ${made}/changelog.Debian.gz)

install(TARGETS headlight RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${made}/headlight.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${made}/headlight.bash RENAME headlight
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${made}/headlight.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
# Debian's zsh reads another folder for packages than for what is installed by hand.
install(CODE [[
  set(HEADLIGHT_ZSH_DIR site-functions)
  if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    set(HEADLIGHT_ZSH_DIR vendor-completions)
  endif()
]])
install(FILES ${made}/_headlight DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/\${HEADLIGHT_ZSH_DIR})

install(FILES ${desktop}/headlight.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES ${desktop}/org.headlight.headlight.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES ${desktop}/headlight.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages)
set(icons ${CMAKE_INSTALL_DATADIR}/icons/hicolor)
install(FILES ${desktop}/headlight.svg DESTINATION ${icons}/scalable/apps)
install(FILES ${desktop}/headlight-symbolic.svg DESTINATION ${icons}/symbolic/apps)
install(FILES ${desktop}/headlight-experiment.svg RENAME application-vnd.headlight.experiment+json.svg
        DESTINATION ${icons}/scalable/mimetypes)
foreach(size 48 128 256)
  install(FILES ${desktop}/headlight-${size}.png RENAME headlight.png DESTINATION ${icons}/${size}x${size}/apps)
endforeach()

install(FILES ${desktop}/copyright ${made}/changelog.gz ${made}/changelog.Debian.gz ${CMAKE_SOURCE_DIR}/README.md
        ${CMAKE_SOURCE_DIR}/docs/guide.md ${CMAKE_SOURCE_DIR}/docs/from-python.md ${CMAKE_SOURCE_DIR}/docs/names.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/assets/examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
