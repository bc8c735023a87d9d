#pragma once
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/json.h"
#include "core/lesson/lesson_file.h"
#include "core/lesson/sheet.h"

namespace headlight::test {

inline ThreadPool& pool() {
  static ThreadPool shared(2);
  return shared;
}

/// An experiment from the members of its file.
inline Experiment experimentOf(const std::string& members) {
  auto decoded = fromText("{\"type\": \"headlight/experiment\", \"version\": 1" +
                          (members.empty() ? "" : ", " + members) + "}");
  EXPECT_TRUE(decoded) << decoded.error().text();
  return decoded ? decoded->experiment : Experiment{};
}

inline Lesson lessonOf(const std::string& name) {
  auto read = openLesson(name);
  EXPECT_TRUE(read) << read.error().text();
  return read ? read->lesson : Lesson{};
}

/// A lesson of one step, for what a test is about.
inline std::string lessonText(const std::string& steps, const std::string& measures = "",
                              const std::string& more = "") {
  return "{\"type\": \"headlight/lesson\", \"version\": 1, \"title\": \"t\", \"goal\": \"g\", "
         "\"start\": {\"tokens\": {\"count\": 4}, \"shape\": {\"d_model\": 8, \"heads\": 2}}, " +
         more + "\"measures\": {" + measures + "}, \"steps\": [" + steps + "]}";
}

}  // namespace headlight::test
