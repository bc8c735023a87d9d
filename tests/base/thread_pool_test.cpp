#include "core/base/thread_pool.h"

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace headlight {
namespace {

TEST(ThreadPool, EveryTaskRunsOnce) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const std::int64_t count : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> done(static_cast<std::size_t>(count));
      EXPECT_TRUE(pool.run(count, [&](std::int64_t i) { ++done[static_cast<std::size_t>(i)]; }));
      for (const auto& times : done) EXPECT_EQ(times, 1);
    }
  }
}

TEST(ThreadPool, ManyShortRunsInARow) {
  ThreadPool pool(4);
  std::atomic<std::int64_t> sum{0};
  for (int round = 0; round < 5000; ++round) {
    pool.run(3, [&](std::int64_t i) { sum += i; });
  }
  EXPECT_EQ(sum, 15000);
}

TEST(ThreadPool, ManyThreadsWorkAtOnce) {
  ThreadPool pool(3);
  std::atomic<int> inside{0};
  // Each task waits for the others: a pool that works one after the other would never end.
  pool.run(3, [&](std::int64_t) {
    ++inside;
    while (inside < 3) std::this_thread::yield();
  });
  EXPECT_EQ(inside, 3);
}

TEST(ThreadPool, NestedRunsStayInPlace) {
  ThreadPool pool(3);
  std::atomic<int> inner{0};
  EXPECT_TRUE(pool.run(4, [&](std::int64_t) {
    const auto self = std::this_thread::get_id();
    pool.run(5, [&](std::int64_t) {
      EXPECT_EQ(std::this_thread::get_id(), self);
      ++inner;
    });
  }));
  EXPECT_EQ(inner, 20);
}

TEST(ThreadPool, CancelLeavesTheRestOut) {
  ThreadPool pool(2);
  const Cancel cancel = Cancel::make();
  std::atomic<int> done{0};
  EXPECT_FALSE(pool.run(
      1000000,
      [&](std::int64_t i) {
        if (i == 10) cancel.request();
        ++done;
      },
      cancel));
  EXPECT_LT(done, 1000000);
  EXPECT_GE(done, 11);
  EXPECT_FALSE(pool.run(
      5, [&](std::int64_t) { FAIL(); }, cancel));
  EXPECT_TRUE(pool.run(5, [](std::int64_t) {}));
}

TEST(ThreadPool, ATaskThatThrowsReachesTheCaller) {
  ThreadPool pool(3);
  EXPECT_THROW(pool.run(100,
                        [](std::int64_t i) {
                          if (i == 42) throw std::runtime_error("x");
                        }),
               std::runtime_error);
  EXPECT_TRUE(pool.run(100, [](std::int64_t) {}));
}

TEST(ThreadPool, ResultsDoNotDependOnTheThreads) {
  const auto reduce = [](int threads) {
    ThreadPool pool(threads);
    std::vector<float> sums(257);
    pool.run(257, [&](std::int64_t row) {
      float sum = 0;
      for (int i = 1; i < 3000; ++i) sum += 1.0f / static_cast<float>(i * (row + 1));
      sums[static_cast<std::size_t>(row)] = sum;
    });
    return sums;
  };
  const auto one = reduce(1);
  EXPECT_EQ(reduce(2), one);
  EXPECT_EQ(reduce(7), one);
}

TEST(ThreadPool, CallersFromSeveralThreadsWaitForEachOther) {
  ThreadPool pool(2);
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 100; ++round) pool.run(10, [&](std::int64_t) { ++done; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(done, 4000);
}

}  // namespace
}  // namespace headlight
