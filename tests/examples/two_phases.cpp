// A two-phase barrier built from three semaphores: one guards the count, and two turnstiles let nobody into the next round before all
// have left this one.
#include <atomic>
#include <cstdio>
#include <park/semaphore.hpp>
#include <thread>
#include <vector>

class two_phase_barrier {
 public:
  explicit two_phase_barrier(int parties) : parties_(parties) {}

  void wait() {
    access_.acquire();
    if (++inside_ == parties_) entry_.release(parties_);  // all have come: each may pass
    access_.release();
    entry_.acquire();

    access_.acquire();
    if (--inside_ == 0) exit_.release(parties_);  // all have passed: each may leave
    access_.release();
    exit_.acquire();
  }

 private:
  const int parties_;
  int inside_ = 0;  // guarded by access_
  park::binary_semaphore access_{1};
  park::counting_semaphore<> entry_{0}, exit_{0};
};

int main() {
  constexpr int threads = 3, rounds = 1000;
  two_phase_barrier meeting(threads);
  std::atomic<int> begun{0}, early{0};
  {
    std::vector<std::jthread> team;
    for (int i = 0; i < threads; ++i) {
      team.emplace_back([&] {
        for (int round = 1; round <= rounds; ++round) {
          ++begun;
          meeting.wait();
          if (begun < threads * round) ++early;  // somebody had not come
          meeting.wait();
        }
      });
    }
  }
  std::printf("%d rounds of %d, %d too early\n", begun / threads, threads, early.load());
  return begun == threads * rounds && early == 0 ? 0 : 1;
}
