#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::errorOf;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct Refusal {
  std::string body;
  std::string place;  ///< the JSON path
  std::string words;  ///< part of what it says
};

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, WithItsPath) {
  const Refusal& refusal = GetParam();
  EXPECT_THAT(errorOf(refusal.body), AllOf(StartsWith(refusal.place + ": "), HasSubstr(refusal.words)))
      << refusal.body;
}

const Refusal kRefusals[] = {
    // Sizes.
    {R"("shape": {"heads": 0})", "shape.heads", "found 0"},
    {R"("shape": {"heads": -1})", "shape.heads", "found -1"},
    {R"("shape": {"heads": 1000000000000000000})", "shape.heads", "from 1 to 1024"},
    {R"("shape": {"d_model": 1000000000000000000})", "shape.d_model", "65536"},
    {R"("shape": {"d_k": 0})", "shape.d_k", "found 0"},
    {R"("shape": {"d_v": 65537})", "shape.d_v", "found 65537"},
    {R"("shape": {"d_k": 2.5})", "shape.d_k", "found 2.5"},
    {R"("shape": {"d_k": "8"})", "shape.d_k", "found \"8\""},
    {R"("shape": 3)", "shape", "an object"},
    {R"("shape": {"d_model": 64, "heads": 6})", "shape.d_k", "d_model 64 is no multiple of heads 6"},
    {R"("shape": {"heads": 8, "kv_heads": 3})", "shape.kv_heads", "3 key-value heads for 8 heads"},
    {R"("shape": {"heads": 2, "kv_heads": 4})", "shape.kv_heads", "divisor"},
    // Tokens.
    {R"("tokens": {"text": ""})", "tokens.text", ""},
    {R"("tokens": {"text": " \n\t"})", "tokens.text", ""},
    {R"("tokens": {"list": []})", "tokens.list", "no token"},
    {R"("tokens": {"list": ["a", 5]})", "tokens.list[1]", "found 5"},
    {R"("tokens": {"count": 0})", "tokens.count", "found 0"},
    {R"("tokens": {"count": 1048577})", "tokens.count", "1048576"},
    {R"("tokens": {"count": 1000000000000000000})", "tokens.count", "found 1000000000000000000"},
    {R"("tokens": {"text": "a", "list": ["b"]})", "tokens", "found 2 of"},
    {R"("tokens": {})", "tokens", "found 0 of"},
    {R"("tokens": "a b c")", "tokens", "found \"a b c\""},
    {R"("tokens": {"text": "a", "split": "word"})", "tokens.split", "found \"word\""},
    {R"("tokens": {"batch": []})", "tokens.batch", "at least one"},
    {R"("tokens": {"batch": {"text": "a"}})", "tokens.batch", "a list"},
    {R"("tokens": {"batch": [{"text": "a"}, {"text": ""}]})", "tokens.batch[1].text", ""},
    {R"("tokens": {"batch": [{"count": 2}, 5]})", "tokens.batch[1]", "found 5"},
    {R"("tokens": {"batch": [{"batch": [{"count": 2}]}]})", "tokens.batch[0].batch", "a batch in a batch"},
    {R"("tokens": {"batch": [{"count": 2}], "text": "a"})", "tokens", "found 2 of"},
    {R"("tokens": {"batch": [{"count": 2}, {"count": 3}]}, "view": {"batch": 2})", "view.batch", "0 to 1"},
    {R"("tokens": {"batch": [{"count": 2}]}, "view": {"batch": -1})", "view.batch", "found -1"},
    {R"("tokens": {"batch": [{"count": 2}]}, "memory": {"batch": [{"count": 2}, {"count": 3}]})",
     "memory.batch", "found 2 sequences, tokens.batch has 1"},
    {R"("tokens": {"grid": [4]})", "tokens.grid", "[rows, columns]"},
    {R"("tokens": {"grid": [0, 4]})", "tokens.grid", "found [0, 4]"},
    {R"("tokens": {"grid": [1048576, 2]})", "tokens.grid", "at most 1048576"},
    {R"("tokens": {"grid": [4, 4], "image": 3})", "tokens.image", "found 3"},
    {R"("tokens": {"grid": [4, 4], "class_token": 1})", "tokens.class_token", "true or false"},
    {R"("tokens": {"text": "a", "image": "cat.png"})", "tokens.image", "without grid"},
    {R"("tokens": {"count": 3, "class_token": true})", "tokens.class_token", "without grid"},
    {R"("memory": {"text": ""})", "memory.text", ""},
    {R"("memory": 7)", "memory", "found 7"},
    // Kinds that do not exist, or not yet.
    {R"("source": "model")", "source", "found \"model\""},
    {R"("source": {"seed": 3})", "source.kind", "no kind"},
    {R"("source": 5)", "source", "found 5"},
    {R"("source": {"kind": "random", "seed": -1})", "source.seed", "found -1"},
    {R"("source": {"kind": "random", "generator": "other-v2"})", "source.generator", "headlight-normal-v1"},
    {R"("position": "rotary")", "position", "found \"rotary\""},
    {R"("position": {"kind": "learnt"})", "position.kind", "\"sinusoidal\""},
    {R"("position": {"kind": "learned", "seed": -1})", "position.seed", "found -1"},
    {R"("position": {"kind": "rope", "base": 0})", "position.base", "found 0"},
    {R"("position": {"kind": "rope", "style": "llama"})", "position.style", "\"interleaved\""},
    {R"("position": {"kind": "rope", "fraction": 1.5})", "position.fraction", "found 1.5"},
    {R"("position": {"kind": "rope", "fraction": 0})", "position.fraction", "found 0"},
    {R"("position": {"kind": "rope", "offset": -1})", "position.offset", "found -1"},
    {R"("position": "rope", "shape": {"heads": 1, "d_model": 5})", "shape.d_k", "5 rotated features"},
    {R"("position": {"kind": "rope", "fraction": 0.7}, "shape": {"d_k": 10})", "position.fraction",
     "found 7 rotated features of d_k 10"},
    {R"("mask": "causl")", "mask", "\"causal\""},
    {R"("mask": ["causal", {"kind": "blocks"}])", "mask[1].kind", "found \"blocks\""},
    {R"("normalizer": "entmax")", "normalizer", "\"entmax15\""},
    {R"("normalizer": "sink")", "normalizer.logits", "no logits"},
    {R"("normalizer": {"kind": "sink", "logits": [0, 1, 2]})", "normalizer.logits", "4 heads"},
    {R"("normalizer": {"kind": "sink", "logits": [0, "one", 2, 3]})", "normalizer.logits[1]",
     "found \"one\""},
    {R"("score": {"softcap": 0})", "score.softcap", "a number > 0"},
    {R"("score": {"softcap": -30})", "score.softcap", "found -30"},
    {R"("score": {"softcap": "big"})", "score.softcap", "found \"big\""},
    {R"("score": {"bias": "alibii"})", "score.bias", "found \"alibii\""},
    {R"("score": {"bias": [{"kind": "constant"}, {"value": 1}]})", "score.bias[1].kind", "no kind"},
    {R"("score": {"bias": [{"kind": "constant", "value": "x"}]})", "score.bias[0].value", "a number"},
    {R"("score": {"bias": {"kind": "constant", "query": 11}})", "score.bias[0].query", "0 to 10"},
    // Deliberately wrong, but as the contract spells it.
    {R"("mistake": true)", "mistake", "an object"},
    {R"("mistake": {"softmax_over": "keys"})", "mistake.softmax_over", "\"queries\""},
    {R"("mistake": {"mask_as": "zero"})", "mistake.mask_as", "\"zero_score\""},
    {R"("mistake": {"normalize": "sum"})", "mistake.normalize", "\"plain_sum\""},
    {R"("mistake": {"subtract_max": 0})", "mistake.subtract_max", "true or false"},
    {R"("mistake": {"merge": "sum"})", "mistake.merge", "\"mean\""},
    {R"("mistake": {"tie": "w_q=w_k"})", "mistake.tie", "\"w_k=w_q\""},
    {R"("mistake": {"tie": "w_k=w_q"}, "shape": {"heads": 4, "kv_heads": 2})", "mistake.tie",
     "W_Q has 4 heads and W_K has 2"},
    {R"("mistake": {"tie": "w_k=w_q"}, "source": {"kind": "qkv", "file": "a.npz"})", "mistake.tie",
     "neither W_K nor W_Q"},
    {R"("mistake": {"softmax_over": "queries"}, "normalizer": "relu")", "mistake.softmax_over",
     "\"softmax\""},
    // Records of files.
    {R"("files": {"path": "a.npy"})", "files", "a list"},
    {R"("files": [{"path": "a.npy", "bytes": 3, "sha256": "00"}])", "files[0]", "64 hexadecimal digits"},
    // Scores and weights.
    {R"("score": {"scale": "sqrt"})", "score.scale", "found \"sqrt\""},
    {R"("score": {"scale": 1e31})", "score.scale", "1e30"},
    {R"("normalizer": {"kind": "softmax", "temperature": 0})", "normalizer.temperature", "found 0"},
    {R"("normalizer": {"kind": "softmax", "temperature": -1})", "normalizer.temperature", "found -1"},
    {R"("normalizer": {"kind": "softmax", "empty_row": "zero"})", "normalizer.empty_row", "found \"zero\""},
    {R"("mask": [{"kind": "causal", "align": "left"}])", "mask[0].align", "found \"left\""},
    {R"("mask": {"kind": "window", "left": "two"})", "mask.left", "found \"two\""},
    {R"("mask": [{"kind": "padding", "keep": [1, 1, 0]}])", "mask[0].keep", "11"},
    {R"("ablate": {"heads": [4]})", "ablate.heads[0]", "0 to 3"},
    {R"("ablate": {"heads": 1})", "ablate.heads", "found 1"},
    // Cells.
    {R"("edits": [{"stage": "weights", "at": [0, 0, 0], "value": 1}])", "edits[0].stage",
     "found \"weights\""},
    {R"("edits": [{"stage": "memory", "at": [0, 0], "value": 1}])", "edits[0].stage", "without memory"},
    {R"("edits": [{"stage": "q", "at": [0, 0], "value": 1}])", "edits[0].at", "3 axes"},
    {R"("edits": [{"stage": "q", "at": [4, 0, 0], "value": 1}])", "edits[0].at[0]", "0 to 3"},
    {R"("edits": [{"stage": "k", "at": [0, 11, 0], "value": 1}])", "edits[0].at[1]", "0 to 10"},
    {R"("edits": [{"stage": "w_q", "at": [0, -1], "value": 1}])", "edits[0].at[1]", "found -1"},
    {R"("edits": [{"stage": "q", "at": [0, 0, 0]}])", "edits[0].value", "a number"},
    {R"("edits": {"stage": "q"})", "edits", "a list"},
    // Looks.
    {R"("view": {"stage": "wieghts"})", "view.stage", "found \"wieghts\""},
    {R"("view": {"head": 4})", "view.head", "0 to 3"},
    {R"("view": {"head": "all"})", "view.head", "\"mean\""},
    {R"("view": {"pin": [11, 0]})", "view.pin[0]", "0 to 10"},
    {R"("view": {"pin": [1]})", "view.pin", "[query, key]"},
    {R"("view": {"range": [1, 0]})", "view.range", "low < high"},
    {R"("view": {"range": "full"})", "view.range", "\"times_uniform\""},
    {R"("view": {"leave_out": [99]})", "view.leave_out[0]", "0 to 10"},
    {R"("view": {"compare": 3})", "view.compare", "one of \"head\""},
    {R"("view": {"compare": {"head": -2}})", "view.compare.head", "found -2"},
    {R"("view": {"compare": {"stage": "wieghts"}})", "view.compare.stage", "found \"wieghts\""},
    {R"("view": {"compare": {"file": ""}})", "view.compare.file", "path of an experiment"},
    {R"("view": {"compare": {"head": 1, "stage": "scaled"}})", "view.compare", "one of"},
    {R"("view": {"batch": 1})", "view.batch", "found 1"},
    {R"("view": {"layer": 1})", "view.layer", "the source has no layers"},
    {R"("view": {"layer": -1})", "view.layer", "found -1"},
    // Constructed heads.
    {R"("source": {"kind": "patterns", "heads": []})", "source.heads", "at least one"},
    {R"("source": {"kind": "patterns", "heads": ["previus"]})", "source.heads[0]", "found \"previus\""},
    {R"("source": {"kind": "patterns", "heads": [{"name": "mine"}]})", "source.heads[0]", "without links"},
    {R"("source": {"kind": "patterns", "heads": [{"links": [["it"]]}]})", "source.heads[0].links[0]",
     "[query, key]"},
    {R"("source": {"kind": "patterns", "heads": [{"links": [["it", -1]]}]})", "source.heads[0].links[0][1]",
     "found -1"},
    {R"("source": {"kind": "patterns", "heads": [{"name": "self", "copy": 1}]})", "source.heads[0].copy",
     "found 1"},
    {R"("source": {"kind": "patterns", "sharpness": -1})", "source.sharpness", "found -1"},
    // Typed matrices.
    {R"("source": {"kind": "values", "x": [[1, 2], [3]]})", "source.x[1]", "a row of 1"},
    {R"("source": {"kind": "values", "x": []})", "source.x", "empty"},
    {R"("source": {"kind": "values", "x": [[1, "one"]]})", "source.x[0][1]", "found \"one\""},
    {R"("tokens": {"count": 3}, "shape": {"heads": 1}, "source": {"kind": "values", "x": [[1, 2], [3, 4]]})",
     "tokens", "found 3 tokens, source.x has 2 rows"},
    {R"("shape": {"heads": 2}, "source": {"kind": "values", "x": [[1, 2]], "w_q": [[1, 2, 3], [4, 5, 6]]})",
     "source.w_q", "2 heads do not divide"},
    {R"("shape": {"heads": 1, "d_k": 2}, "source": {"kind": "values", "x": [[1, 2]], "w_q": [[1, 2, 3], [4, 5, 6]]})",
     "source.w_q", "found 2 × 3, accepted is [d_model, heads·d_k] = 2 × 2"},
    {R"("shape": {"heads": 1}, "source": {"kind": "values", "x": [[1, 2]], "b_q": [1, 2, 3]})", "source.b_q",
     "a list of 2"},
    {R"("shape": {"heads": 1}, "source": {"kind": "values", "x": [[1, 2]], "b_q": [1, true]})",
     "source.b_q[1]", "found true"},
    // Files.
    {R"("source": {"kind": "qkv"})", "source", "neither file"},
    {R"("source": {"kind": "qkv", "q": "q.npy"})", "source", "neither file"},
    {R"("source": {"kind": "qkv", "file": "a.npz", "layout": "dht"})", "source.layout", "\"thd\""},
    {R"("source": {"kind": "qkv", "file": "a.npz", "b_o": "b.npy"})", "source.b_o", "without w_o"},
    {R"("source": {"kind": "qkv", "file": "a.npz", "files": [{"path": "a.npz"}]})", "source.files[0]",
     "sha256"},
    {R"("notes": 5)", "notes", "found 5"},
};
INSTANTIATE_TEST_SUITE_P(All, Refused, testing::ValuesIn(kRefusals));

TEST(Refusal, TypeAndVersion) {
  const auto error = [](std::string_view text) {
    const auto decoded = fromText(text);
    return decoded ? std::string() : decoded.error().text();
  };
  EXPECT_THAT(error("[]"), HasSubstr("found a list of 0"));
  EXPECT_THAT(error("{}"), StartsWith("type: found no type"));
  EXPECT_THAT(error(R"({"type": "headlight/lesson", "version": 1})"),
              StartsWith("type: found \"headlight/lesson\""));
  EXPECT_THAT(error(R"({"type": "headlight/experiment"})"), StartsWith("version: found no version"));
  EXPECT_THAT(
      error(R"({"type": "headlight/experiment", "version": 2})"),
      AllOf(StartsWith("version: found version 2"), HasSubstr("a newer Headlight that reads version 2")));
  EXPECT_THAT(error(R"({"type": "headlight/experiment", "version": 1.5})"), HasSubstr("found 1.5"));
  EXPECT_THAT(error(R"({"type": "headlight/experiment", "version": 0})"), HasSubstr("found 0"));
}

TEST(Refusal, ATooLargeMatrixBeforeItIsMade) {
  const Experiment e =
      test::experimentOf(R"("tokens": {"count": 1048576}, "shape": {"d_model": 65536, "heads": 1024})");
  const auto prepared = prepare(e, "");
  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().where, "shape");
  EXPECT_THAT(prepared.error().what, AllOf(HasSubstr("at most 4.0 GiB"), HasSubstr("[1048576, 65536]")));
}

}  // namespace
}  // namespace headlight
