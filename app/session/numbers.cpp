#include "app/session/numbers.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <mutex>

#include "core/base/hash.h"

namespace headlight {
namespace {

constexpr std::size_t kStatisticsBytes = std::size_t{64} << 20;
constexpr std::size_t kOtherBytes = std::size_t{32} << 20;
/// What is visible is waited for this long before an evaluation goes home without the rest of it.
constexpr double kVisibleSeconds = 0.15;
/// What is left of the longest answer's time after each that came sooner.
constexpr double kForgotten = 0.85;
/// A settled request does not wait longer than this for one that nobody needs any more.
constexpr double kPatience = 1;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// First what is looked at closely, then the pictures, then what they are coloured by.
int urgency(const Wanted& wanted, const ViewSpec& view) {
  if (wanted.what == Wanted::What::explanation) return 0;
  const bool large = wanted.stage == view.stage && (wanted.head == view.head || !info(wanted.stage).perHead);
  const bool picture = wanted.what == Wanted::What::tile;
  return large ? (picture ? 1 : 2) : (picture ? 3 : 4);
}

/// Between two pictures of a pass under way: a picture takes the time of some of its rows.
constexpr double kSightSeconds = 1;

/// A pass that has done less, or for less time, says little about how long it will take.
constexpr double kTellingShare = 0.03;
constexpr double kTellingSeconds = 0.5;

/// Statistics of larger fields take longer than anybody waits for a picture.
constexpr std::int64_t kManyCells = std::int64_t{1} << 22;

/// Makes what was visible, several things at once, as far as the time allows. What has its old key is at home
/// already.
std::vector<Product> makeVisible(const Evaluation& evaluation, std::uint64_t texts, const Evaluation* before,
                                 std::vector<Wanted> visible, bool live, ThreadPool& pool,
                                 const Cancel& cancel) {
  const double deadline = now() + kVisibleSeconds;
  const ViewSpec& view = evaluation.experiment.view;
  std::stable_sort(visible.begin(), visible.end(),
                   [&](const Wanted& a, const Wanted& b) { return urgency(a, view) < urgency(b, view); });
  std::mutex mutex;
  std::vector<Product> products;
  pool.run(
      static_cast<std::int64_t>(visible.size()),
      [&](std::int64_t index) {
        if (now() > deadline || cancel.requested()) return;
        Wanted wanted = visible[static_cast<std::size_t>(index)];
        if (wanted.what == Wanted::What::readings) wanted.texts = texts;
        if (wanted.what == Wanted::What::description) return;
        const Run& run = *evaluation.run;
        if (before != nullptr && before->run->key(wanted.stage) == run.key(wanted.stage)) return;
        const auto field = Field::make(evaluation.run, wanted.stage, wanted.head);
        if (!field || !exists(*field, wanted)) return;
        if (live && waitsForRest(run, view, wanted)) return;
        const bool sums = wanted.what == Wanted::What::statistics || wanted.what == Wanted::What::extremes ||
                          wanted.what == Wanted::What::received;
        if (sums && field->rows() * field->cols() > kManyCells) return;
        if (!inReach(*field, wanted) || cellsFor(*field, wanted) > kLongCells) return;
        Product product = makeProduct(evaluation, *field, wanted, pool, cancel);
        if (cancel.requested()) return;
        const std::lock_guard lock(mutex);
        products.push_back(std::move(product));
      },
      cancel);
  return products;
}

}  // namespace

Numbers::Numbers(int threads, std::function<double()> seconds, std::shared_ptr<HomeQueue> home,
                 std::size_t tileBytes)
    : seconds_(std::move(seconds)),
      tiles_(tileBytes),
      statistics_(kStatisticsBytes),
      received_(kOtherBytes),
      explanations_(kOtherBytes),
      ofHeads_(kOtherBytes),
      rows_(kOtherBytes),
      strongest_(kOtherBytes),
      descriptions_(kOtherBytes),
      last_(std::make_shared<Last>()),
      home_(std::move(home)),
      worker_(threads, home_),
      passes_(threads, home_) {}

std::shared_ptr<const Evaluation> Numbers::Last::get() {
  const std::lock_guard lock(mutex);
  return evaluation;
}

void Numbers::Last::set(std::shared_ptr<const Evaluation> next) {
  const std::lock_guard lock(mutex);
  evaluation = std::move(next);
}

void Numbers::request(const Experiment& experiment, const std::string& folder, bool live, int document) {
  const std::uint64_t number = ++newest_;
  if (!busy_) busySince_ = seconds_();
  busy_ = true;
  live_ = live;
  requestedAt_ = seconds_();
  passed_ = 0;
  passes_.cancelSlot(true);
  const auto job = [this, number, experiment, folder, live, document, visible = visible_, last = last_,
                    begin = now()](ThreadPool& pool, const Cancel& cancel) -> Worker::Home {
    AttendOptions options;
    options.cancel = cancel;
    options.mostCells = kPreliminaryCells;
    options.gradients = isGradient(experiment.view.stage);
    const std::shared_ptr<const Evaluation> before = last->get();
    auto result = evaluate(experiment, folder, before.get(), pool, options);
    if (!result) return [this, number, error = result.error()] { failed(number, error); };
    last->set(*result);
    const std::uint64_t texts = textsKey(*(*result)->prepared);
    auto products = makeVisible(**result, texts, before.get(), visible, live, pool, cancel);
    return [this, number, evaluation = *result, texts, products = std::move(products), document,
            seconds = now() - begin]() mutable {
      texts_ = texts;
      arrived(number, std::move(evaluation), std::move(products), document, seconds);
    };
  };
  worker_.replace(job, [this, number] {
    failed(number, Error{ErrorCode::failed, "there is not enough memory to compute this", "",
                         "Shorten the sequence, or use fewer heads"});
  });
  stopSuperseded();
}

void Numbers::startFrom(std::shared_ptr<const Evaluation> evaluation) {
  if (!evaluation_ && !busy_) last_->set(std::move(evaluation));
}

void Numbers::clear() {
  clearedNumber_ = newest_;
  worker_.cancelSlot(true);
  passes_.cancelSlot(true);
  worker_.clearSmall();
  last_ = std::make_shared<Last>();  // a job that is still running keeps the one before
  busy_ = false;
  evaluation_.reset();
  error_.reset();
  fields_.clear();
  impossible_.clear();
  asked_.clear();
  askedKeys_.clear();
  visible_.clear();
  tiles_.clear();
  statistics_.clear();
  received_.clear();
  explanations_.clear();
  ofHeads_.clear();
  rows_.clear();
  strongest_.clear();
  descriptions_.clear();
}

void Numbers::cancel() {
  if (!busy_) return;
  worker_.cancelSlot(true);
  passes_.cancelSlot(true);
  busy_ = false;
  const char* what = current() ? "computing was cancelled: there are no statistics and outputs"
                               : "computing was cancelled: the numbers are those before the last change";
  error_ = Error{ErrorCode::cancelled, what, "", "any change computes again"};
}

void Numbers::frame() {
  if (!asked_.empty()) {
    std::sort(asked_.begin(), asked_.end());
    asked_.erase(std::unique(asked_.begin(), asked_.end()), asked_.end());
    visible_ = std::exchange(asked_, {});
    const auto keys = std::exchange(askedKeys_, {});
    // A long look at what is not visible any more is in the way.
    if (const auto key = worker_.longUnderWay(); key && keys.count(*key) == 0) worker_.cancelLong();
  }
  stopSuperseded();
}

void Numbers::stopSuperseded() {
  if (!worker_.slotWaiting()) return;
  const double ran = worker_.slotSeconds().value_or(0);
  const bool shown = deliveredSinceStop_ > 0;
  if (ran > kInstant && (shown || (!live_ && ran > kPatience))) {
    worker_.cancelSlot(false);
    deliveredSinceStop_ = 0;
  }
}

void Numbers::arrived(std::uint64_t number, std::shared_ptr<const Evaluation> evaluation,
                      std::vector<Product> products, int document, double seconds) {
  if (number <= clearedNumber_) return;
  const bool same = evaluation_ && document_ == document;
  keysBefore_ = same ? evaluation_->run->stageKeys : evaluation->run->stageKeys;
  document_ = document;
  evaluation_ = std::move(evaluation);
  ++arrivals_;
  fields_.clear();
  impossible_.clear();
  worker_.clearSmall();
  for (Product& product : products) keep(std::move(product));
  error_.reset();
  ++deliveredSinceStop_;
  arrivedNumber_ = number;
  if (number == newest_ && !evaluation_->run->statistics) {
    complete(number, document);
  } else if (number == newest_) {
    lastSeconds_ = busySeconds();
    // A drag goes back and forth between what is quick and what is not.
    answerSeconds_ = std::max(seconds, kForgotten * answerSeconds_);
    busy_ = false;
  }
  if (onArrival) onArrival();
}

bool Numbers::completes(std::uint64_t number) const {
  return number == newest_ && busy_ && current() && !evaluation_->run->statistics;
}

void Numbers::sighted(std::uint64_t number, std::shared_ptr<const Evaluation> seen) {
  if (!completes(number)) return;
  std::vector<Wanted> wanted;
  std::copy_if(visible_.begin(), visible_.end(), std::back_inserter(wanted), [](const Wanted& one) {
    return one.what == Wanted::What::tile && one.stage == Stage::weights;
  });
  const auto job = [this, number, seen, wanted](ThreadPool& pool, const Cancel& cancel) -> Worker::Home {
    auto products = makeVisible(*seen, 0, nullptr, wanted, false, pool, cancel);
    if (cancel.requested()) return nullptr;
    return [this, number, seen, products = std::move(products)]() mutable {
      if (!completes(number)) return;
      evaluation_ = std::move(seen);
      fields_.clear();
      for (Product& product : products) keep(std::move(product));
    };
  };
  // One at a time: while it is under way, sights are left out.
  worker_.add(KeyHash().add("sight").key(), job);
}

void Numbers::complete(std::uint64_t number, int document) {
  passSince_ = seconds_();
  const auto job = [this, number, document, evaluation = evaluation_, last = last_, home = home_,
                    begin = now()](ThreadPool& pool, const Cancel& cancel) -> Worker::Home {
    AttendOptions options;
    options.cancel = cancel;
    options.gradients = isGradient(evaluation->experiment.view.stage);
    options.progress = [this, number, home, cancel](double share) {
      if (cancel.requested()) return;
      home->post([this, number, share] {
        if (number == newest_) passed_ = share;
      });
    };
    options.sight.seconds = kSightSeconds;
    options.sight.show = [this, number, home, cancel, evaluation](auto overviews, auto rows) {
      if (cancel.requested()) return;
      auto run = std::make_shared<Run>(*evaluation->run);
      run->overviews.value = std::move(overviews);
      run->overviewRows = std::move(rows);
      auto seen = std::make_shared<Evaluation>(*evaluation);
      seen->run = std::move(run);
      home->post([this, number, seen] { sighted(number, seen); });
    };
    auto result = evaluate(evaluation->experiment, evaluation->folder, evaluation.get(), pool, options);
    if (!result) return [this, number, error = result.error()] { failed(number, error); };
    return [this, number, whole = *result, document, last, seconds = now() - begin] {
      if (number != newest_ || !busy_) return;
      last->set(whole);
      arrived(number, whole, {}, document, seconds);
    };
  };
  passes_.replace(job, [this, number] {
    failed(number, Error{ErrorCode::failed, "there is not enough memory to compute this", "",
                         "Shorten the sequence, or use fewer heads"});
  });
}

void Numbers::failed(std::uint64_t number, const Error& error) {
  if (number != newest_ || !busy_) return;  // a newer one is on its way, or it was told already
  busy_ = false;
  error_ = error;
}

double Numbers::progress() const {
  if (!busy_) return 1;
  if (current()) return passed_;
  // Without a count of what is done: a share that slows down as the time of the last evaluation is passed.
  const double expected = std::max(lastSeconds_, 0.05);
  const double ran = std::max(0.0, busySeconds());
  return ran / (ran + expected);
}

std::optional<double> Numbers::secondsLeft() const {
  const double ran = seconds_() - passSince_;
  if (!busy_ || !current() || passed_ < kTellingShare || ran < kTellingSeconds) return std::nullopt;
  return ran * (1 - passed_) / passed_;
}

bool Numbers::changed(Stage stage) const {
  return evaluation_ && evaluation_->run->key(stage) != keysBefore_[static_cast<std::size_t>(stage)];
}

}  // namespace headlight
