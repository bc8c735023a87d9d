#pragma once
#include <string>

#include <epoxy/gl.h>
#include <gtest/gtest.h>

#include "app/render/map_renderer.h"

namespace headlight::test {

/// An OpenGL 3.3 core context on Mesa's software renderer, with neither display nor window. Current until it
/// goes.
class EglContext {
 public:
  EglContext();
  ~EglContext();
  EglContext(const EglContext&) = delete;
  EglContext& operator=(const EglContext&) = delete;

  /// Empty, or why there is no context.
  const std::string& error() const { return error_; }

 private:
  void* display_ = nullptr;
  void* context_ = nullptr;
  std::string error_;
};

/// A fixture whose tests run in such a context and fail when one leaves an OpenGL error behind.
class RenderTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(context_.error(), ""); }
  void TearDown() override { EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR)); }

 private:
  EglContext context_;
};

/// The bytes of an RGBA8 texture, first row first.
Picture readTexture(TextureId id, int width, int height);

/// The bytes of a map that a frame drew, width × height px.
Picture readMap(const MapTexture& map, int width, int height);

/// Empty when the pictures are equal, else how many pixels differ and the first of them with both colours.
std::string difference(const Picture& found, const Picture& expected);

}  // namespace headlight::test
