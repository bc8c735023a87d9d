#include <utility>

#include "core/base/utf8.h"
#include "core/files/safetensors_header.h"
#include "core/files/tensor_format.h"

namespace headlight {

Result<TensorListing> listSafetensors(const InputFile& file) {
  auto header = readSafetensorsHeader(file);
  if (!header) return header.error();
  TensorListing listing;
  listing.notes = std::move(header->notes);
  listing.metadata = std::move(header->metadata);
  for (SafetensorsTensor& tensor : header->tensors) {
    std::string where = file.path() + ":" + repairedUtf8(tensor.name);
    if (!tensor.dtype.decoded) {
      listing.refused.emplace_back(
          std::move(tensor.name),
          Error{ErrorCode::invalid,
                "found numbers of dtype " + std::string(tensor.dtype.name) + ", accepted are " +
                    safetensorsDtypeNames(true),
                placeInFile(where, tensor.place), "Save it as float32: tensor.float()"});
      continue;
    }
    TensorRecord record;
    record.info =
        TensorInfo{std::move(tensor.name), tensor.dtype.type.name(), std::move(tensor.shape), tensor.offset};
    record.type = tensor.dtype.type;
    record.elements = tensor.elements;
    record.run = FileRun{tensor.offset, tensor.bytes, tensor.bytes, {}, std::move(where)};
    listing.records.push_back(std::move(record));
  }
  return listing;
}

}  // namespace headlight
