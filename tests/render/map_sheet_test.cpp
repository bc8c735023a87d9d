#include "app/render/map_sheet.h"

#include <random>

#include <gtest/gtest.h>

namespace headlight {
namespace {

bool overlap(const MapSheet::Place& a, const MapSheet::Place& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

TEST(MapSheet, PlacesNeverOverlapAndLieOnTheSheet) {
  std::mt19937 random(3);
  MapSheet sheet(512);
  std::vector<MapSheet::Place> taken;
  int refused = 0;
  for (int step = 0; step < 4000; ++step) {
    if (random() % 3 == 0 && !taken.empty()) {
      const auto at = static_cast<std::ptrdiff_t>(random() % taken.size());
      sheet.give(taken[static_cast<std::size_t>(at)]);
      taken.erase(taken.begin() + at);
      continue;
    }
    const int width = 1 + static_cast<int>(random() % 200);
    const int height = 1 + static_cast<int>(random() % 120);
    const auto place = sheet.take(width, height);
    if (!place) {
      ++refused;
      continue;
    }
    ASSERT_EQ(place->width, width);
    ASSERT_EQ(place->height, height);
    ASSERT_TRUE(place->x >= 0 && place->y >= 0 && place->x + width <= 512 && place->y + height <= 512);
    for (const MapSheet::Place& other : taken) ASSERT_FALSE(overlap(*place, other)) << step;
    taken.push_back(*place);
  }
  EXPECT_GT(refused, 0);
}

TEST(MapSheet, AnEmptiedSheetIsAsAtFirst) {
  MapSheet sheet(256);
  std::vector<MapSheet::Place> taken;
  while (const auto place = sheet.take(60, 40)) taken.push_back(*place);
  EXPECT_EQ(taken.size(), 20U);  // 4 × 5 shelves of 48 px, and 16 px that are too low
  EXPECT_FALSE(sheet.take(256, 256));
  for (const MapSheet::Place& place : taken) sheet.give(place);
  EXPECT_TRUE(sheet.take(256, 256));
}

TEST(MapSheet, WhatDoesNotFitHasNoPlace) {
  MapSheet sheet(64);
  EXPECT_FALSE(sheet.take(65, 1));
  EXPECT_FALSE(sheet.take(1, 65));
  EXPECT_FALSE(sheet.take(0, 5));
  EXPECT_TRUE(sheet.take(64, 64));
  EXPECT_FALSE(sheet.take(1, 1));
}

}  // namespace
}  // namespace headlight
