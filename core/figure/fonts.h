#pragma once

typedef struct _PangoContext PangoContext;

namespace headlight {

/// A text context of this thread whose first choice are the fonts built into the program, so that figures are
/// the same on a machine without them. Unhinted, with fractional positions. Lives as long as the thread.
PangoContext* fontContext();

}  // namespace headlight
