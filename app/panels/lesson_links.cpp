#include <algorithm>

#include "app/panels/lesson_parts.h"
#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "core/base/number.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

/// More are not offered: the list has to fit into the window.
constexpr std::int64_t kMostKeys = 18;
constexpr std::size_t kLongest = 14;

/// A link's query or key as it is given: a word, or the place "4" with its token "quagga".
std::string endWords(const Panel& p, const Value& end, std::int64_t keys) {
  if (end.isString()) return end.string();
  if (!end.isNumber()) return "";
  const auto place = static_cast<std::int64_t>(end.number());
  if (place < 0 || place >= keys) return wholeNumber(place);
  return wholeNumber(place) + " " + keyLabel(p, place, kLongest);
}

/// The list of links with another key in one of them.
Value linkedTo(const List& links, std::size_t which, std::int64_t key) {
  List changed = links;
  changed[which] = List{links[which].list()[0], Value(key)};
  return Value(std::move(changed));
}

}  // namespace

float drawLessonLinks(Panel& p, const std::string& path, float x, float y, float width) {
  const auto evaluation = p.session.evaluation();
  const auto value = get(p.session.experiment(), path);
  if (!evaluation || !value || !value->isList()) return y;
  Ui& ui = p.ui;
  const List& links = value->list();
  const std::int64_t all = evaluation->run->sizes.keys;
  const std::int64_t keys = std::min(all, kMostKeys);
  for (std::size_t n = 0; n < links.size(); ++n) {
    if (!links[n].isList() || links[n].list().size() != 2) continue;
    const List& link = links[n].list();
    const std::string id = path + "." + std::to_string(n);
    const Box row = Box::at(x, y, width, ui.u(24));
    const Box field{row.x1 - ui.u(136), row.y0, row.x1, row.y1};
    const std::string from = endWords(p, link[0], all) + " attends to";
    textIn(ui, Role::body, {row.x0, row.y0, field.x0 - ui.u(8), row.y1}, Align::left, ui.c.t2, from);
    const std::string chosen = endWords(p, link[1], all);
    dropDown(ui, id, field, chosen);
    const float rowHeight = ui.u(24);
    const Box list =
        Box::at(field.x0, field.y1 + ui.u(2), field.width(), rowHeight * static_cast<float>(keys) + ui.u(8));
    if (const Popup popup(ui, id, list); popup) {
      float top = ImGui::GetWindowPos().y + ui.u(4);
      const float left = ImGui::GetWindowPos().x + ui.u(4);
      for (std::int64_t j = 0; j < keys; ++j) {
        const std::string words = wholeNumber(j) + " " + keyLabel(p, j, kLongest);
        const Box offered = Box::at(left, top, field.width() - ui.u(8), rowHeight);
        if (listRow(ui, id + "=" + std::to_string(j), offered, words, "", words == chosen)) {
          p.session.change(path, linkedTo(links, n, j), Phase::done);
          ui.closePopup();
        }
        top += rowHeight;
      }
    }
    y = row.y1 + ui.u(8);
  }
  return y;
}

}  // namespace headlight
