#include "app/panels/pages.h"

#include <array>

#include "app/panels/compare.h"
#include "app/panels/import_page.h"
#include "app/panels/matrix_page.h"
#include "app/panels/states.h"

namespace headlight {
namespace {

constexpr std::array kPages{
    StagePage{"problem", true, problemWanted, drawProblem},
    StagePage{"import", true, importWanted, drawImportPage},
    StagePage{"matrix", false, matrixWanted, drawMatrix},
    StagePage{"compare", false, compareWanted, drawCompare},
};

}  // namespace

std::span<const StagePage> stagePages() {
  return kPages;
}

bool drawStagePage(Panel& p, bool everyTab) {
  for (const StagePage& page : kPages) {
    if ((everyTab && !page.everyTab) || !page.wants(p)) continue;
    page.draw(p);
    return true;
  }
  return false;
}

}  // namespace headlight
