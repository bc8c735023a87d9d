#pragma once

// Pango's own name, so that its headers stay in the sources.
typedef struct _PangoContext PangoContext;  // NOLINT(clang-diagnostic-reserved-identifier)

namespace headlight {

/// A text context of this thread whose first choice are the fonts built into the program, so that figures are
/// the same on a machine without them. Unhinted, with fractional positions. Lives as long as the thread.
PangoContext* fontContext();

}  // namespace headlight
