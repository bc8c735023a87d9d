#include "core/attention/work.h"

#include "core/base/eigen.h"

namespace headlight {

void fixSummationOrder() {
  static const bool once = [] {
    Eigen::setCpuCacheSizes(32 * 1024, 1024 * 1024, 4 * 1024 * 1024);
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace headlight
