#include <array>

#include "app/cli/subcommand.h"

namespace headlight {
namespace {

constexpr std::array<SubcommandInfo, 11> kSubcommands{{
    {"compute", "The stages of attention as numbers: a table, or a file of tensors.",
     "  headlight compute --text \"it was tired\" --heads 2\n"
     "  headlight compute who.headlight.json --stage weights,output -o who.npz\n"
     "  headlight compute mine.headlight.json --against torch.npz --tolerance 1e-5",
     makeCompute},
    {"export", "Figures: PNG, SVG or PDF.",
     "  headlight export who.headlight.json --head 2 --width 88mm -o who.svg\n"
     "  headlight export *.headlight.json --format png,pdf --out-dir figures\n"
     "  headlight export --text \"so it is\" --mask causal --layout pipeline -o so.svg",
     makeExport},
    {"describe", "The experiment and its maps in plain sentences.",
     "  headlight describe who.headlight.json\n"
     "  headlight describe --text \"it was tired\" --heads 2 --mask causal",
     makeDescribe},
    {"heads", "What each head does in numbers: effective keys, entropy, patterns.",
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
    {"code", "An experiment as a short text to paste: its scenario code.",
     "  headlight code who.headlight.json\n"
     "  headlight code --decode headlight:1:… > who.headlight.json",
     makeCode},
    {"lesson", "Lessons: list, run, check, handouts, grades of answer sheets.",
     "  headlight lesson list\n"
     "  headlight lesson run why-divide -o mine.answers.json\n"
     "  headlight lesson check mine.lesson.json\n"
     "  headlight lesson grade sheets/*.answers.json --csv > grades.csv\n"
     "  headlight lesson handout 5 -o why-divide.pdf",
     makeLesson},
    {"doctor", "What to paste into a bug report: OpenGL, SIMD, fonts, folders.", "  headlight doctor",
     makeDoctor},
    {"completion", "A script that completes this command line in bash, zsh or fish.",
     "  source <(headlight completion bash)\n"
     "  headlight completion zsh > ~/.zfunc/_headlight\n"
     "  headlight completion fish > ~/.config/fish/completions/headlight.fish",
     makeCompletion},
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
