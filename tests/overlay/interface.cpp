// What a source may write against std, in templates too; compiled with the overlay and without.
#include <barrier>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <latch>
#include <memory>
#include <semaphore>
#include <type_traits>
#include <utility>

#if !defined(__cpp_lib_latch) || !defined(__cpp_lib_semaphore) || !defined(__cpp_lib_barrier)
#error "the headers define their feature macros"
#endif

namespace user {

// Names of the user's own that are also names in std.
struct counting_semaphore {};
inline int latch = 0, barrier = 0, binary_semaphore = 0;

using std::ptrdiff_t;

// Used before they are known.
template <class Latch = std::latch, template <ptrdiff_t> class Semaphore = std::counting_semaphore>
struct defaults {
  Latch latch{1};
  Semaphore<3> semaphore{3};
};
template struct defaults<>;

template <ptrdiff_t N>
ptrdiff_t least_max(const std::counting_semaphore<N>&) {
  return N;
}

template <class F>
struct is_barrier : std::false_type {};
template <class F>
struct is_barrier<std::barrier<F>> : std::true_type {};

struct holder {
  std::latch ready{1};
  std::counting_semaphore<4> slots{4};
  std::binary_semaphore lock{1};
  std::barrier<> round{2};
  std::unique_ptr<std::barrier<void (*)() noexcept>> other;
};

inline void completion() noexcept {}

// The names of classes and class templates, not of aliases.
class befriends {
  friend class std::latch;
  template <ptrdiff_t N>
  friend class std::counting_semaphore;
};
inline class std::latch* no_latch = nullptr;

}  // namespace user

static_assert(std::same_as<std::binary_semaphore, std::counting_semaphore<1>>);
static_assert(std::latch::max() > 0 && std::counting_semaphore<7>::max() >= 7 && std::counting_semaphore<>::max() > 0 &&
              std::barrier<>::max() > 0);
static_assert(!std::is_copy_constructible_v<std::latch> && !std::is_copy_assignable_v<std::binary_semaphore> &&
              !std::is_move_constructible_v<std::barrier<>>);
static_assert(std::movable<std::barrier<>::arrival_token> ||
              std::is_move_constructible_v<std::barrier<>::arrival_token>);
static_assert(noexcept(std::declval<const std::latch&>().try_wait()));
static_assert(user::is_barrier<decltype(std::barrier(2, [] {}))>::value);
static_assert(std::same_as<decltype(std::barrier(2, user::completion)), std::barrier<void (*)() noexcept>>);

bool use_everything() {
  using namespace std::chrono_literals;
  user::holder all;
  std::barrier step(3, []() noexcept {});
  std::barrier plain(2);
  std::barrier<>::arrival_token token = plain.arrive(2);
  plain.wait(std::move(token));
  plain.arrive_and_drop();
  plain.arrive_and_wait();
  static_cast<void>(step.arrive());
  all.ready.count_down();
  all.ready.wait();
  std::latch{1}.arrive_and_wait();
  std::latch{0}.try_wait();  // a result may be discarded
  all.slots.try_acquire();
  all.slots.try_acquire_for(0s);
  all.slots.release(2);
  all.slots.acquire();
  all.slots.release(1);
  return all.ready.try_wait() && all.lock.try_acquire() && !all.lock.try_acquire_for(0ms) &&
         all.slots.try_acquire_until(std::chrono::system_clock::now()) && user::least_max(all.slots) == 4;
}
