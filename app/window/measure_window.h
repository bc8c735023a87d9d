#pragma once

namespace headlight {

class MainWindow;
class Offscreen;

// What the benchmarks read: one line each on stderr, "measure: NAME=VALUE …".

/// Draws until the first frame that shows all of the first document: milliseconds since the process was
/// started.
void measureFirstFrame(MainWindow& window);
/// Milliseconds from a change of d_k to the frame that shows its numbers in the stage and in every thumbnail.
void measureTicks(MainWindow& window, Offscreen* target);
/// Frames drawn and processor seconds used while nothing touches the window for so long.
void measureIdle(MainWindow& window, double seconds);

}  // namespace headlight
