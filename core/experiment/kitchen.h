#pragma once
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/attention/inputs.h"
#include "core/base/result.h"
#include "core/base/thread_pool.h"
#include "core/experiment/source/source.h"

namespace headlight {

/// The value of a recipe: the one that is there under the same key, or made.
template <class T>
Result<Caused<T>> cook(const Recipe<T>& recipe, const Caused<T>* previous) {
  if (!recipe) return Caused<T>{};
  if (previous && *previous && previous->key == recipe.key) return *previous;
  Result<T> made = recipe.make();
  if (!made) return made.error();
  return Caused<T>{recipe.key, std::make_shared<const T>(std::move(*made))};
}

/// Makes what the recipes describe, or shares it, each by one thread. Of several that fail the first is told.
class Kitchen {
 public:
  Kitchen(const Inputs* previous, Inputs& inputs) : previous_(previous), inputs_(inputs) {}

  template <class T>
  void order(Caused<T> Inputs::*member, Recipe<T> recipe) {
    orders_.push_back([this, member, recipe = std::move(recipe)]() -> Status {
      Result<Caused<T>> made = cook(recipe, previous_ ? &(previous_->*member) : nullptr);
      if (!made) return made.error();
      inputs_.*member = std::move(*made);
      return {};
    });
  }
  Status makeAll(ThreadPool* pool) const {
    if (pool == nullptr) {
      for (const auto& make : orders_) {
        if (Status made = make(); !made) return made;
      }
      return {};
    }
    std::vector<Status> made(orders_.size());
    pool->run(static_cast<std::int64_t>(orders_.size()), [&](std::int64_t index) {
      made[static_cast<std::size_t>(index)] = orders_[static_cast<std::size_t>(index)]();
    });
    for (Status& status : made) {
      if (!status) return status;
    }
    return {};
  }

 private:
  const Inputs* previous_;
  Inputs& inputs_;
  std::vector<std::function<Status()>> orders_;
};

}  // namespace headlight
