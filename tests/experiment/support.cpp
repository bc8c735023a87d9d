#include "tests/experiment/support.h"

#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/files/atomic_save.h"

namespace headlight::test {

std::string document(std::string_view body) {
  return R"({"type": "headlight/experiment", "version": 1)" + (body.empty() ? "" : ", " + std::string(body)) +
         "}";
}

Experiment experimentOf(std::string_view body) {
  Result<Decoded> decoded = fromText(document(body));
  EXPECT_TRUE(decoded) << decoded.error().text() << "\nin " << body;
  return decoded ? decoded->experiment : Experiment();
}

std::string errorOf(std::string_view body) {
  const Result<Decoded> decoded = fromText(document(body));
  return decoded ? "" : decoded.error().where + ": " + decoded.error().what;
}

std::shared_ptr<const Evaluation> evaluated(const Experiment& experiment, const std::string& folder,
                                            const Evaluation* previous) {
  static ThreadPool pool(2);
  auto evaluation = evaluate(experiment, folder, previous, pool);
  EXPECT_TRUE(evaluation) << evaluation.error().text();
  return evaluation ? *evaluation : nullptr;
}

std::int64_t largestKey(const Run& run, int head, std::int64_t row) {
  const auto field = Field::make(std::make_shared<const Run>(run), Stage::weights, head);
  std::int64_t best = 0;
  for (std::int64_t j = 1; j < field->cols(); ++j) {
    if (field->cell(row, j) > field->cell(row, best)) best = j;
  }
  return best;
}

std::string npzBytes(const std::vector<NamedTensor>& tensors) {
  StringSink sink;
  NpzWriter writer(sink);
  for (const NamedTensor& tensor : tensors) {
    EXPECT_TRUE(writer.begin(tensor.name, tensor.shape, FloatWidth::float32));
    EXPECT_TRUE(writer.write(std::span<const float>(tensor.values)));
    EXPECT_TRUE(writer.end());
  }
  EXPECT_TRUE(writer.finish());
  return sink.text();
}

}  // namespace headlight::test
