#pragma once
#include <string>

#include "core/base/result.h"

namespace headlight {

class MainWindow;

/// Repeats one kind of event 300 times and prints "measure: p50=… p99=… most=… events=…", milliseconds from
/// the event to the end of the drawing (glFinish) of the frame that shows all of it, and the most memory the
/// process held so far as "mb=…". Frames are drawn into memory of 1280 × 720 px, as soon as there is
/// something new to show. Kinds:
///   frame           nothing: a frame of what stands there
///   drag=PARAMETER  a slider is dragged to and fro between two values
///   hover           the pointer goes to another cell, until the inspector has its numbers
///   head, stage     the next head or stage is picked
///   zoom            a step of zooming, first to the frame drawn of what there is ("p50"), then until it is
///                   sharp ("sharp50", "sharp99")
///   open=FILE       a file is opened, 9 times
///   pan             the map is dragged by some px: one frame each
///   present, scale  presentation mode is entered, or the interface goes from 100 to 150 %, 9 times in
///                   1920 × 1080 px: the longest frame until all has come to rest
/// Errors: usage, a kind that there is not; failed, nothing was measured.
Status measureEvents(MainWindow& window, const std::string& kind);

}  // namespace headlight
