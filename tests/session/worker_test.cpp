#include "app/session/worker.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <new>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headlight {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// Holds the worker's thread until it is let go.
class Gate {
 public:
  Worker::Job job() {
    return [this](ThreadPool&, const Cancel& cancel) -> Worker::Home {
      entered_ = true;
      while (!open_ && !cancel.requested()) std::this_thread::sleep_for(1ms);
      stopped_ = cancel.requested();
      return nullptr;
    };
  }
  void waitEntered() const {
    while (!entered_) std::this_thread::sleep_for(1ms);
  }
  void open() { open_ = true; }
  bool stopped() const { return stopped_; }

 private:
  std::atomic<bool> entered_{false};
  std::atomic<bool> open_{false};
  std::atomic<bool> stopped_{false};
};

class WorkerTest : public testing::Test {
 protected:
  void settle() {
    while (!worker->idle()) home->wait(0.01);
    for (auto& todo : home->take()) todo();
  }
  Worker::Job note(int number) {
    return [this, number](ThreadPool&, const Cancel&) -> Worker::Home {
      return [this, number] { done.push_back(number); };
    };
  }

  std::atomic<int> wakes{0};
  std::shared_ptr<HomeQueue> home = std::make_shared<HomeQueue>([this] { ++wakes; });
  std::unique_ptr<Worker> worker = std::make_unique<Worker>(1, home);
  std::vector<int> done;
};

TEST_F(WorkerTest, WorksElsewhereAndComesHome) {
  std::thread::id worked;
  std::thread::id came;
  worker->replace([&](ThreadPool&, const Cancel&) -> Worker::Home {
    worked = std::this_thread::get_id();
    return [&] { came = std::this_thread::get_id(); };
  });
  settle();
  EXPECT_NE(worked, std::this_thread::get_id());
  EXPECT_EQ(came, std::this_thread::get_id());
  EXPECT_EQ(wakes, 1);
}

TEST_F(WorkerTest, TheSlotKeepsTheNewest) {
  Gate gate;
  worker->append(gate.job());
  gate.waitEntered();
  for (int i = 0; i < 100; ++i) worker->replace(note(i));
  EXPECT_TRUE(worker->slotWaiting());
  gate.open();
  settle();
  EXPECT_THAT(done, ElementsAre(99));
}

TEST_F(WorkerTest, SlotThenPileThenLineAndTheLastAskedFirst) {
  Gate gate;
  worker->append(gate.job());
  gate.waitEntered();
  worker->append(note(30));
  worker->append(note(31));
  worker->add(1, note(21));
  worker->add(2, note(22));
  worker->add(3, note(23));
  worker->add(1, note(21));  // asked again: up
  worker->replace(note(10));
  gate.open();
  settle();
  EXPECT_THAT(done, ElementsAre(10, 21, 23, 22, 30, 31));
}

TEST_F(WorkerTest, WhereMemoryDoesNotSufficeWhoAskedIsTold) {
  const auto tooMuch = [](ThreadPool&, const Cancel&) -> Worker::Home { throw std::bad_alloc(); };
  worker->append(tooMuch, [this] { done.push_back(1); });
  settle();
  worker->add(7, tooMuch, [this] { done.push_back(2); });
  settle();
  worker->replace(tooMuch, [this] { done.push_back(3); });
  settle();
  worker->append(tooMuch);
  worker->append(note(4));
  settle();
  EXPECT_THAT(done, ElementsAre(1, 2, 3, 4));
}

TEST_F(WorkerTest, ThePileIsBounded) {
  Gate gate;
  worker->append(gate.job());
  gate.waitEntered();
  for (int i = 0; i < 5000; ++i) worker->add(static_cast<std::uint64_t>(i), note(i));
  gate.open();
  settle();
  EXPECT_EQ(done.size(), 2048u);
  EXPECT_EQ(done.front(), 4999);
  EXPECT_EQ(done.back(), 4999 - 2047);
}

TEST_F(WorkerTest, ClearingLeavesOutThePile) {
  Gate gate;
  worker->append(gate.job());
  gate.waitEntered();
  worker->add(1, note(1));
  worker->clearSmall();
  worker->append(note(2));
  gate.open();
  settle();
  EXPECT_THAT(done, ElementsAre(2));
}

TEST_F(WorkerTest, ALongSmallJobMakesWayForTheSlot) {
  Gate gate;
  worker->add(1, gate.job());
  gate.waitEntered();
  std::this_thread::sleep_for(80ms);
  worker->replace(note(1));
  settle();  // would hang: nobody opens the gate
  EXPECT_TRUE(gate.stopped());
  EXPECT_THAT(done, ElementsAre(1));
}

TEST_F(WorkerTest, CancellingStopsTheSlot) {
  Gate gate;
  worker->replace(gate.job());
  gate.waitEntered();
  EXPECT_TRUE(worker->slotSeconds().has_value());
  worker->replace(note(1));
  worker->cancelSlot(false);
  settle();
  EXPECT_TRUE(gate.stopped());
  EXPECT_THAT(done, ElementsAre(1));
  EXPECT_FALSE(worker->slotSeconds().has_value());

  Gate other;
  worker->replace(other.job());
  other.waitEntered();
  worker->replace(note(2));
  worker->cancelSlot(true);
  settle();
  EXPECT_THAT(done, ElementsAre(1));
}

TEST_F(WorkerTest, EndingFinishesTheLineAlone) {
  std::atomic<int> written{0};
  Gate gate;
  worker->replace(gate.job());
  gate.waitEntered();
  for (int i = 0; i < 5; ++i) {
    worker->append([&](ThreadPool&, const Cancel& cancel) -> Worker::Home {
      if (!cancel.requested()) ++written;
      return nullptr;
    });
  }
  worker->add(1, note(1));
  worker.reset();
  EXPECT_TRUE(gate.stopped());
  EXPECT_EQ(written, 5);
  EXPECT_TRUE(home->take().empty());
}

TEST_F(WorkerTest, OutOfMemoryIsNotTheEnd) {
  worker->add(1, [](ThreadPool&, const Cancel&) -> Worker::Home { throw std::bad_alloc(); });
  worker->append(note(2));
  settle();
  EXPECT_THAT(done, ElementsAre(2));
}

TEST_F(WorkerTest, AnAlarmWakesOnce) {
  worker->wakeIn(0.02);
  worker->wakeIn(5);  // the earlier one counts
  for (int i = 0; i < 500 && wakes == 0; ++i) std::this_thread::sleep_for(2ms);
  EXPECT_EQ(wakes, 1);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(wakes, 1);
}

TEST(HomeQueue, WakesNobodyAfterTheWindowIsGone) {
  int wakes = 0;
  HomeQueue queue([&] { ++wakes; });
  queue.post([] {});
  queue.close();
  queue.post([] {});
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(queue.take().size(), 2u);
}

TEST_F(WorkerTest, LongJobsWaitForAllOthers) {
  Gate gate;
  worker->append(gate.job());
  gate.waitEntered();
  worker->add(1, note(1));
  worker->add(2, note(2), {}, true);
  worker->add(3, note(3));
  worker->add(4, note(4), {}, true);
  gate.open();
  settle();
  EXPECT_THAT(done, ElementsAre(3, 1, 4, 2));
}

TEST_F(WorkerTest, ALongJobIsStoppedForOneThatIsNot) {
  Gate gate;
  worker->add(1, gate.job(), {}, true);
  gate.waitEntered();
  EXPECT_EQ(worker->longUnderWay(), 1u);
  worker->add(2, note(2), {}, true);
  EXPECT_FALSE(gate.stopped());
  worker->add(3, note(3));
  settle();
  EXPECT_TRUE(gate.stopped());
  EXPECT_THAT(done, ElementsAre(3, 2));
  EXPECT_EQ(worker->longUnderWay(), std::nullopt);
}

}  // namespace
}  // namespace headlight
