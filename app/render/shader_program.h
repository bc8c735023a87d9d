#pragma once
#include <string>

#include "app/render/gl_object.h"

namespace headlight {

/// Compiles and links shaders/NAME.vert and shaders/NAME.frag, which are built into the program. Zero when
/// one of them does not compile; `error` then says which and why. `variant`: a name that is defined in both,
/// or none.
GlProgram makeProgram(const std::string& name, const std::string& variant, std::string* error);

}  // namespace headlight
