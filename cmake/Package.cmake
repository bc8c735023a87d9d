# The Debian package that `./dev package` makes with CPack.
if(NOT HEADLIGHT_APP OR HEADLIGHT_SANITIZE)
  return()
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME headlight)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "instrument for seeing multi-head attention")
set(CPACK_PACKAGE_DESCRIPTION
"Headlight shows every step of multi-head attention as a live heatmap:
X, Q, K and V, the scores, the mask, softmax, the weights and what each
head writes into the output. The numbers are computed exactly, from your
own sentence with generated or constructed weights, from your own arrays,
or from a layer of PyTorch.
.
Figures leave it as PNG, SVG and PDF at exact physical size and open again
as the experiment that made them. Every command also works without a
display.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
# Of a reserved domain (RFC 2606): the project has no mailbox.
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The Headlight authors <authors@headlight.invalid>")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# OpenGL is loaded when the window opens; the commands do without.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libgl1, libegl1, xdg-desktop-portal | zenity")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
