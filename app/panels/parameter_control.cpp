#include "app/panels/parameter_control.h"

#include <cmath>

#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

std::string readable(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

Value numberValue(double value, bool integer) {
  if (integer) return static_cast<std::int64_t>(std::llround(std::clamp(value, -9e15, 9e15)));
  return value;
}

}  // namespace

void applyNumber(Panel& p, const std::string& id, const NumberEvent& event, bool integer,
                 const Value& fallback) {
  switch (event.kind) {
    case NumberEvent::Kind::none:
      break;
    case NumberEvent::Kind::live:
      p.session.change(id, numberValue(event.value, integer), Phase::live);
      break;
    case NumberEvent::Kind::end:
      p.session.commit();
      break;
    case NumberEvent::Kind::set:
      p.session.change(id, numberValue(event.value, integer), Phase::done);
      break;
    case NumberEvent::Kind::reset:
      p.session.change(id, fallback, Phase::done);
      break;
  }
}

float fieldErrorBelow(Panel& p, const std::string& id, float x, float y, float width) {
  const Error* error = p.session.fieldError(id);
  return error ? errorBelow(p.ui, *error, x, y, width) : y;
}

float errorBelow(Ui& ui, const Error& error, float x, float y, float width) {
  const float leading = ui.u(15);
  std::string words = error.what + ".";
  if (!error.hint.empty()) words += " " + error.hint + (error.hint.ends_with('?') ? "" : ".");
  icon(ui, Icon::warning, x + ui.u(7), y + ui.u(9), ui.c.err);
  return paragraph(ui, Role::micro, x + ui.u(18), y + ui.u(13), width - ui.u(18), leading, ui.c.err, words) -
         ui.u(6);
}

float keyControl(Panel& p, const std::string& path, const KeySpec& key, const Value& value, float x, float y,
                 float width) {
  Ui& ui = p.ui;
  const Box row = Box::at(x, y, width, ui.u(24));
  const Box right = Box::at(row.x1 - ui.u(54), row.y0 + ui.u(2), ui.u(54), ui.u(20));
  const std::string label = readable(key.name);
  const auto name = [&](float until) {
    textIn(ui, Role::body, {row.x0, row.y0, until - ui.u(8), row.y1}, Align::left, ui.c.t2, label);
  };
  switch (key.type) {
    case KeyType::integer:
    case KeyType::number: {
      const bool integer = key.type == KeyType::integer;
      if (value.isNumber()) {
        SliderSpec spec;
        spec.id = path;
        spec.label = label;
        spec.value = value.number();
        // Whole numbers stay whole where a file's limits are further than these.
        constexpr double kFar = 9e15;
        spec.minimum = std::max(key.minimum, -kFar);
        spec.maximum = std::min(key.maximum, kFar);
        spec.step = integer ? 1 : 0.1;
        spec.decimals = integer ? 0 : 2;
        applyNumber(p, path, numberRow(ui, row, spec), integer, key.fallback);
        break;
      }
      name(right.x0);
      if (button(ui, path, right, key.nullable ? "all" : "–")) {
        const double start = std::clamp(2.0, key.minimum, key.maximum);
        p.session.change(path, numberValue(start, integer), Phase::done);
      }
      break;
    }
    case KeyType::boolean: {
      name(right.x0);
      const bool on = value.isBool() && value.boolean();
      if (toggle(ui, path, {right.x0, row.y0, row.x1, row.y1}, on)) p.session.change(path, !on, Phase::done);
      break;
    }
    case KeyType::word: {
      const Box field{row.x1 - ui.u(116), row.y0, row.x1, row.y1};
      name(field.x0);
      dropDown(ui, path, field, value.isString() ? readable(value.string()) : "–");
      const float rowHeight = ui.u(24);
      const Box list = Box::at(field.x0, field.y1 + ui.u(2), field.width(),
                               rowHeight * static_cast<float>(key.words.size()) + ui.u(8));
      if (const Popup popup(ui, path, list); popup) {
        float rowY = ImGui::GetWindowPos().y + ui.u(4);
        const float left = ImGui::GetWindowPos().x + ui.u(4);
        for (const std::string_view word : key.words) {
          const bool chosen = value.isString() && value.string() == word;
          const Box place = Box::at(left, rowY, field.width() - ui.u(8), rowHeight);
          if (listRow(ui, path + "=" + std::string(word), place, readable(word), "", chosen)) {
            p.session.change(path, Value(word), Phase::done);
            ui.closePopup();
          }
          rowY += rowHeight;
        }
      }
      break;
    }
    default: {
      // A long list is painted or read from a file, never typed.
      constexpr std::size_t kTyped = 64;
      if (value.isList() && value.list().size() > kTyped) {
        name(row.x1 - ui.u(100));
        textIn(ui, Role::body, {row.x1 - ui.u(100), row.y0, row.x1, row.y1}, Align::right, ui.c.t1,
               grouped(static_cast<std::int64_t>(value.list().size())) + " entries");
        break;
      }
      const Box field{row.x0 + ui.u(64), row.y0, row.x1, row.y1};
      name(field.x0);
      std::string words = value.isString() ? value.string() : value.json();
      const std::string before = words;
      const FieldEvent event = lineField(ui, path, field, words, "");
      if (event.changed && words != before) p.session.change(path, readSetValue(words), Phase::done);
      break;
    }
  }
  ui.tip(path + "/help", row, ImGui::IsMouseHoveringRect(row.min(), {right.x0 - ui.u(8), row.y1}), key.help);
  return fieldErrorBelow(p, path, x, row.y1, width);
}

}  // namespace headlight
