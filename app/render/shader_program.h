#pragma once
#include <string>

#include "app/render/gl_object.h"

namespace headlight {

/// Compiles and links shaders/NAME.vert and shaders/NAME.frag, which are built into the program. Zero when
/// one of them does not compile; `error` then says which and why.
GlProgram makeProgram(const std::string& name, std::string* error);

}  // namespace headlight
