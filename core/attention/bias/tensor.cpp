#include <algorithm>

#include "core/attention/bias/given_addends.h"
#include "core/attention/bias/kinds.h"
#include "core/attention/mask/keys.h"

namespace headlight {
namespace {

Result<std::unique_ptr<Bias>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const BiasKind kind = tensorBias();
  const auto address = neededText(entry, kind.spec, "tensor", path);
  if (!address) return address.error();
  auto rows = GivenRows::open(*address, valueOf(entry, kind.spec, "axes"), context, path);
  if (!rows) return rows.error();
  return std::unique_ptr<Bias>(std::make_unique<GivenAddends>(std::move(*rows), Infinities::added));
}

std::string sentence(const Kinded& entry) {
  const Value* tensor = entry.find("tensor");
  return (tensor != nullptr && tensor->isString() ? tensor->string() : "a file") + " is added to the scores";
}

}  // namespace

BiasKind tensorBias() {
  return {{.kind = "tensor",
           .label = "from a file",
           .help = "Adds numbers made elsewhere; where −∞ is to count as masked, use a mask of the meaning "
                   "\"additive\"",
           .keys = {GivenRows::tensorKey("\"file\" or \"file:tensor\": what is added to the scores"),
                    GivenRows::axesKey()}},
          make,
          sentence};
}

}  // namespace headlight
