#pragma once

namespace headlight {

/// Seconds since this process was started; the system counts its start in hundredths.
double secondsSinceStart();
/// Processor seconds that this process has used, all threads together.
double processorSeconds();

}  // namespace headlight
