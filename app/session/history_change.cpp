#include "app/session/history_change.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <utility>

namespace headlight {
namespace {

using Parts = std::vector<std::unique_ptr<HistoryChange::Part>>;

// --- about how much memory a value takes

template <class T>
std::size_t bytesOf(const T&) {
  return sizeof(T);
}
std::size_t bytesOf(const std::string& text) {
  return sizeof(std::string) + text.size();
}
std::size_t bytesOf(const Value& value);
std::size_t bytesOf(const Member& member) {
  return bytesOf(member.first) + bytesOf(member.second);
}
std::size_t bytesOf(const CellEdit& edit) {
  return sizeof edit + edit.stage.size() + edit.at.size() * sizeof(std::int64_t);
}
std::size_t bytesOf(const SavedFile& file) {
  return sizeof file + file.path.size() + file.sha256.size();
}
std::size_t bytesOf(const Kinded& entry);
std::size_t bytesOf(const TokenSpec& tokens);
template <class T>
std::size_t bytesOf(const std::optional<T>& value) {
  return sizeof value + (value ? bytesOf(*value) : 0);
}
template <class T>
std::size_t bytesOf(const std::vector<T>& list) {
  std::size_t sum = sizeof list;
  for (const T& each : list) sum += bytesOf(each);
  return sum;
}
std::size_t bytesOf(const Value& value) {
  std::size_t sum = sizeof value;
  if (value.isString()) sum += value.string().size();
  if (value.isList()) sum += bytesOf(value.list());
  if (value.isObject()) sum += bytesOf(value.object());
  return sum;
}
std::size_t bytesOf(const Kinded& entry) {
  return bytesOf(entry.kind) + bytesOf(entry.keys);
}
std::size_t bytesOf(const TokenSpec& tokens) {
  return sizeof tokens + tokens.text.size() + bytesOf(tokens.list) + bytesOf(tokens.batch);
}

// --- ways to turn a part

template <class T>
struct Swap {
  T other;
  void turn(T& now) { std::swap(now, other); }
  std::size_t bytes() const { return bytesOf(other); }
};

/// Of a text or list the stretch that differs.
template <class Sequence>
class Splice {
 public:
  Splice(const Sequence& now, const Sequence& other) {
    const auto [mine, theirs] = std::mismatch(now.begin(), now.end(), other.begin(), other.end());
    const auto most = std::min(now.end() - mine, other.end() - theirs);
    std::ptrdiff_t same = 0;
    while (same < most && *(now.end() - same - 1) == *(other.end() - same - 1)) ++same;
    at_ = mine - now.begin();
    length_ = now.end() - mine - same;
    other_.assign(theirs, other.end() - same);
  }
  void turn(Sequence& now) {
    const auto from = now.begin() + at_;
    Sequence mine(std::make_move_iterator(from), std::make_move_iterator(from + length_));
    length_ = static_cast<std::ptrdiff_t>(other_.size());
    const auto after = now.erase(from, from + static_cast<std::ptrdiff_t>(mine.size()));
    now.insert(after, std::make_move_iterator(other_.begin()), std::make_move_iterator(other_.end()));
    other_ = std::move(mine);
  }
  std::size_t bytes() const { return sizeof *this + bytesOf(other_); }

 private:
  std::ptrdiff_t at_ = 0;
  std::ptrdiff_t length_ = 0;  ///< of the document's side
  Sequence other_;
};

/// A way to turn and the place in the document that it turns.
template <class Way, class Place>
class PartAt final : public HistoryChange::Part {
 public:
  PartAt(Way way, Place place) : way_(std::move(way)), place_(std::move(place)) {}
  void turn(Experiment& now) override { way_.turn(place_(now)); }
  std::size_t bytes() const override { return sizeof *this + way_.bytes(); }

 private:
  Way way_;
  Place place_;
};

template <class Way, class Place>
void add(Parts& parts, Way way, Place place) {
  parts.push_back(std::make_unique<PartAt<Way, Place>>(std::move(way), std::move(place)));
}

// --- the parts

template <auto member>
void addWhole(Parts& parts, const Experiment& now, const Experiment& other) {
  using T = std::remove_cvref_t<decltype(now.*member)>;
  if (now.*member == other.*member) return;
  add(parts, Swap<T>{other.*member}, [](Experiment& e) -> T& { return e.*member; });
}

template <auto member>
void addSpliced(Parts& parts, const Experiment& now, const Experiment& other) {
  using T = std::remove_cvref_t<decltype(now.*member)>;
  if (now.*member == other.*member) return;
  add(parts, Splice<T>(now.*member, other.*member), [](Experiment& e) -> T& { return e.*member; });
}

/// `place` gives the entry in a document.
template <class Place>
void addKinded(Parts& parts, const Kinded& now, const Kinded& other, Place place) {
  if (now == other) return;
  const bool alike = now.kind == other.kind &&
                     std::equal(now.keys.begin(), now.keys.end(), other.keys.begin(), other.keys.end(),
                                [](const Member& a, const Member& b) { return a.first == b.first; });
  if (!alike) return add(parts, Swap<Kinded>{other}, place);
  for (std::size_t key = 0; key < now.keys.size(); ++key) {
    const Value& mine = now.keys[key].second;
    const Value& theirs = other.keys[key].second;
    if (mine == theirs) continue;
    if (mine.isList() && theirs.isList()) {
      add(parts, Splice<List>(mine.list(), theirs.list()),
          [place, key](Experiment& e) -> List& { return place(e).keys[key].second.list(); });
    } else {
      add(parts, Swap<Value>{theirs},
          [place, key](Experiment& e) -> Value& { return place(e).keys[key].second; });
    }
  }
}

template <auto member>
void addKinded(Parts& parts, const Experiment& now, const Experiment& other) {
  addKinded(parts, now.*member, other.*member, [](Experiment& e) -> Kinded& { return e.*member; });
}

template <auto member>
void addEntries(Parts& parts, const Experiment& now, const Experiment& other) {
  const std::vector<Kinded>& mine = now.*member;
  const std::vector<Kinded>& theirs = other.*member;
  if (mine.size() != theirs.size()) return addSpliced<member>(parts, now, other);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    addKinded(parts, mine[i], theirs[i], [i](Experiment& e) -> Kinded& { return (e.*member)[i]; });
  }
}

void addTokens(Parts& parts, const Experiment& now, const Experiment& other) {
  if (now.tokens == other.tokens) return;
  TokenSpec alike = now.tokens;
  alike.text = other.tokens.text;
  alike.list = other.tokens.list;
  if (!(alike == other.tokens)) return addWhole<&Experiment::tokens>(parts, now, other);
  if (now.tokens.text != other.tokens.text) {
    add(parts, Splice<std::string>(now.tokens.text, other.tokens.text),
        [](Experiment& e) -> std::string& { return e.tokens.text; });
  }
  if (now.tokens.list != other.tokens.list) {
    add(parts, Splice<std::vector<std::string>>(now.tokens.list, other.tokens.list),
        [](Experiment& e) -> std::vector<std::string>& { return e.tokens.list; });
  }
}

}  // namespace

HistoryChange::HistoryChange(const Experiment& now, const Experiment& other) {
  using E = Experiment;
  addWhole<&E::title>(parts_, now, other);
  addTokens(parts_, now, other);
  addWhole<&E::memory>(parts_, now, other);
  addKinded<&E::source>(parts_, now, other);
  addWhole<&E::shape>(parts_, now, other);
  addKinded<&E::position>(parts_, now, other);
  addWhole<&E::scale>(parts_, now, other);
  addWhole<&E::softcap>(parts_, now, other);
  addEntries<&E::biases>(parts_, now, other);
  addEntries<&E::mask>(parts_, now, other);
  addSpliced<&E::edits>(parts_, now, other);
  addKinded<&E::normalizer>(parts_, now, other);
  addWhole<&E::temperature>(parts_, now, other);
  addWhole<&E::emptyRow>(parts_, now, other);
  addWhole<&E::ablatedHeads>(parts_, now, other);
  addWhole<&E::mistake>(parts_, now, other);
  addWhole<&E::tiesKeys>(parts_, now, other);
  addWhole<&E::notes>(parts_, now, other);
  addSpliced<&E::files>(parts_, now, other);
  addSpliced<&E::unknown>(parts_, now, other);
}

void HistoryChange::turn(Experiment& now) {
  for (const auto& part : parts_) part->turn(now);
}

std::size_t HistoryChange::bytes() const {
  std::size_t sum = parts_.capacity() * sizeof(parts_.front());
  for (const auto& part : parts_) sum += part->bytes();
  return sum;
}

}  // namespace headlight
