#include "core/attention/latex_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/utf8.h"

namespace headlight {
namespace {

struct Sign {
  std::string_view sign;
  std::string_view command;  ///< in math mode
};
constexpr std::array kSigns{
    Sign{"÷", "\\div "},    Sign{"×", "\\times "},  Sign{"−", "-"},        Sign{"·", "\\cdot "},
    Sign{"…", "\\dots "},   Sign{"∞", "\\infty "},  Sign{"Σ", "\\sum "},   Sign{"∂", "\\partial "},
    Sign{"τ", "\\tau "},    Sign{"σ", "\\sigma "},  Sign{"κ", "\\kappa "}, Sign{"‖", "\\|"},
    Sign{"≤", "\\le "},     Sign{"≥", "\\ge "},     Sign{"√", "\\surd "},  Sign{"→", "\\to "},
    Sign{"≡", "\\equiv "},  Sign{"≠", "\\neq "},    Sign{"∈", "\\in "},    Sign{"⌊", "\\lfloor "},
    Sign{"⌋", "\\rfloor "}, Sign{"≈", "\\approx "},
};

const Sign* signAt(std::string_view text, std::size_t at) {
  for (const Sign& sign : kSigns) {
    if (text.substr(at).starts_with(sign.sign)) return &sign;
  }
  return nullptr;
}

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isWordByte(char c) {
  return isLetter(c) || (c >= '0' && c <= '9');
}
bool isControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// The bytes of the code point at `at`; of what is no UTF-8 one.
std::size_t lengthAt(std::string_view text, std::size_t at) {
  const auto point = decodeUtf8(text, at);
  return point ? point->length : 1;
}

/// What stands behind ^ or _ at `at`: a group in braces, a run of letters and digits, or one character.
struct Script {
  std::string_view inner;
  std::size_t end = 0;  ///< `at` where there is none
};
Script scriptAt(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] == ' ' || text[at] == '^' || text[at] == '_' || text[at] == '}') {
    return {{}, at};
  }
  if (text[at] == '{') {
    int depth = 0;
    for (std::size_t end = at; end < text.size(); ++end) {
      if (text[end] == '{') ++depth;
      if (text[end] == '}' && --depth == 0) return {text.substr(at + 1, end - at - 1), end + 1};
    }
    return {{}, at};
  }
  std::size_t end = at;
  while (end < text.size() && isWordByte(text[end])) ++end;
  if (end == at) end += lengthAt(text, at);
  return {text.substr(at, end - at), end};
}

class MathWriter {
 public:
  explicit MathWriter(std::string_view markup) : text_(markup) {}

  std::string write() {
    while (at_ < text_.size()) step();
    return out_;
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '^' || c == '_') return script(c);
    lowered_ = raised_ = false;
    if (text_.substr(at_).starts_with("√")) return root();
    if (const Sign* sign = signAt(text_, at_)) {
      out_ += sign->command;
      at_ += sign->sign.size();
    } else if (isLetter(c)) {
      letters();
    } else if (c == '\\') {
      out_ += "\\backslash ";
      ++at_;
    } else if (const auto safe = latexEscaped(c)) {
      out_ += *safe;
      ++at_;
    } else if (isControl(c)) {
      out_ += ' ';
      ++at_;
    } else if (c == '~') {
      out_ += "\\sim ";
      ++at_;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      const std::size_t length = lengthAt(text_, at_);
      out_ += "\\text{" + std::string(text_.substr(at_, length)) + "}";
      at_ += length;
    } else {
      if (c != ' ' || !out_.ends_with(' ')) out_ += c;
      ++at_;
    }
  }
  void script(char which) {
    const Script script = scriptAt(text_, at_ + 1);
    if (script.end == at_ + 1) {
      out_ += which == '_' ? "\\_" : "\\hat{}";
      ++at_;
      return;
    }
    // Two of one kind on one base are an error to TeX.
    bool& taken = which == '_' ? lowered_ : raised_;
    if (taken || out_.empty()) {
      out_ += "{}";
      lowered_ = raised_ = false;
    }
    taken = true;
    out_ += which;
    out_ += "{" + MathWriter(script.inner).write() + "}";
    at_ = script.end;
  }
  /// √ and what it is of: a letter or number with its scripts, or a group in parentheses.
  void root() {
    at_ += std::string_view("√").size();
    std::size_t end = at_;
    if (end < text_.size() && isLetter(text_[end])) ++end;
    while (end == at_ || (end < text_.size() && isDigit(text_[end]))) {
      if (end >= text_.size() || !isDigit(text_[end])) break;
      ++end;
    }
    while (end > at_ && end < text_.size() && (text_[end] == '_' || text_[end] == '^')) {
      const Script script = scriptAt(text_, end + 1);
      if (script.end == end + 1) break;
      end = script.end;
    }
    if (end == at_) {
      out_ += "\\surd ";
      return;
    }
    out_ += "\\sqrt{" + MathWriter(text_.substr(at_, end - at_)).write() + "}";
    at_ = end;
  }
  static bool isDigit(char c) { return c >= '0' && c <= '9'; }

  std::string_view runAt(std::size_t at) const {
    std::size_t end = at;
    while (end < text_.size() && isLetter(text_[end])) ++end;
    return text_.substr(at, end - at);
  }
  /// No product of matrices (QK) and no indices (ij).
  static bool isWord(std::string_view run) {
    return run.size() > 2 && std::any_of(run.begin(), run.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  }
  void letters() {
    std::string_view run = runAt(at_);
    at_ += run.size();
    if (!isWord(run)) {
      out_ += run;
      return;
    }
    for (const std::string_view function : {"tanh", "max", "ln", "cos", "sin"}) {
      if (run != function) continue;
      out_ += "\\" + std::string(run) + " ";
      return;
    }
    // Words in a row keep the spaces between them.
    std::string words(run);
    while (at_ + 1 < text_.size() && text_[at_] == ' ' && isWord(runAt(at_ + 1))) {
      run = runAt(at_ + 1);
      words += " " + std::string(run);
      at_ += 1 + run.size();
    }
    out_ += "\\text{" + words + "}";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
  bool lowered_ = false;  ///< the base that was written last has a script there
  bool raised_ = false;
};

}  // namespace

std::optional<std::string_view> latexEscaped(char c) {
  switch (c) {
    case '{':
      return "\\{";
    case '}':
      return "\\}";
    case '$':
      return "\\$";
    case '&':
      return "\\&";
    case '#':
      return "\\#";
    case '%':
      return "\\%";
    case '_':
      return "\\_";
    default:
      return {};
  }
}

std::string latexMath(std::string_view markup) {
  return MathWriter(markup).write();
}

std::string latexText(std::string_view words) {
  std::string out;
  std::size_t at = 0;
  while (at < words.size()) {
    const char c = words[at];
    // d_k, e^{−∞}: one letter with what is raised or lowered.
    if (isLetter(c) && (at == 0 || !isWordByte(words[at - 1])) && at + 1 < words.size() &&
        (words[at + 1] == '_' || words[at + 1] == '^')) {
      const Script script = scriptAt(words, at + 2);
      if (script.end > at + 2) {
        out += "$" + latexMath(words.substr(at, script.end - at)) + "$";
        at = script.end;
        continue;
      }
    }
    if (const Sign* sign = signAt(words, at)) {
      out += "$" + std::string(sign->command) + "$";
      at += sign->sign.size();
    } else if (c == '\\') {
      out += "\\textbackslash{}";
      ++at;
    } else if (c == '^' || c == '~') {
      out += c == '^' ? "\\textasciicircum{}" : "\\textasciitilde{}";
      ++at;
    } else if (c == '<' || c == '>' || c == '|') {
      out += "$" + std::string(c == '|' ? "|" : c == '<' ? "<" : ">") + "$";
      ++at;
    } else if (const auto safe = latexEscaped(c)) {
      out += *safe;
      ++at;
    } else if (isControl(c)) {
      out += ' ';
      ++at;
    } else if (words.substr(at).starts_with("“")) {
      out += "``";
      at += std::string_view("“").size();
    } else if (words.substr(at).starts_with("”")) {
      out += "''";
      at += std::string_view("”").size();
    } else {
      const std::size_t length = lengthAt(words, at);
      out += words.substr(at, length);
      at += length;
    }
  }
  return out;
}

}  // namespace headlight
