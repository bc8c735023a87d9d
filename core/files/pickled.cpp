#include "core/files/pickled.h"

#include <algorithm>
#include <array>

#include "core/files/tensor_format.h"

namespace headlight {

bool endsLikePickle(std::string_view path) {
  constexpr std::array<std::string_view, 4> kEndings{".pt", ".pth", ".ckpt", ".bin"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

bool beginsLikePickle(std::string_view head) {
  return head.size() > 1 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5;
}

bool isPickledMember(const ZipMember& member) {
  return member.name == "data.pkl" || member.name.ends_with("/data.pkl");
}

Error pickledError(const std::string& path) {
  return Error{ErrorCode::invalid,
               "found no file of numbers: what torch.save writes (.pt, .pth, .ckpt, .bin) holds pickled "
               "Python objects, which could run code when read; accepted are " +
                   acceptedEndings(),
               path,
               "Save the layer in Python: from safetensors.torch import save_file; "
               "save_file(layer.state_dict(), \"layer.safetensors\")"};
}

}  // namespace headlight
