#include <array>

#include "app/cli/subcommand.h"

namespace headlight {
namespace {

constexpr std::array<SubcommandInfo, 8> kSubcommands{{
    {"compute", "The stages of attention as numbers: a table, or a file of tensors.",
     "  headlight compute --text \"it was tired\" --heads 2\n"
     "  headlight compute who.headlight.json --stage weights,output -o who.npz\n"
     "  headlight compute mine.headlight.json --against torch.npz --tolerance 1e-5",
     makeCompute},
    {"export", "Figures: PNG, SVG or PDF.",
     "  headlight export who.headlight.json --head 2 --width 88mm -o who.svg\n"
     "  headlight export *.headlight.json --format png,pdf --out-dir figures\n"
     "  headlight export --text \"it was tired\" --mask causal --layout pipeline -o tired.svg",
     makeExport},
    {"describe", "The experiment and its maps in plain sentences.",
     "  headlight describe who.headlight.json\n"
     "  headlight describe --text \"it was tired\" --heads 2 --mask causal",
     makeDescribe},
    {"heads", "What each head does, in numbers: effective keys, entropy, distance, patterns.",
     "  headlight heads who.headlight.json --query it --key animal\n"
     "  headlight heads *.headlight.json --csv > heads.csv",
     makeHeads},
    {"check", "Validates experiments and names every problem; computes nothing.",
     "  headlight check *.headlight.json", makeCheck},
    {"info", "What a file of tensors holds.", "  headlight info qkv.npz", makeInfo},
    {"new", "Prints an experiment that is built from options.",
     "  headlight new --text \"it was tired\" --heads 2 > tired.headlight.json\n"
     "  headlight new --qkv qkv.npz --mask causal > mine.headlight.json",
     makeNew},
    {"doctor", "OpenGL, SIMD level, fonts, folders: what to paste into a bug report.", "  headlight doctor",
     makeDoctor},
}};

}  // namespace

std::span<const SubcommandInfo> subcommands() {
  return kSubcommands;
}

const SubcommandInfo* subcommand(std::string_view name) {
  for (const SubcommandInfo& row : kSubcommands) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace headlight
