#include <pthread.h>
#include <semaphore.h>

#include <cerrno>
#include <cstddef>
#include <system_error>

#include "catalogue.hpp"

namespace {

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

// POSIX has no latch.
struct posix_adaptor {
  static constexpr const char* name = "posix";
  static constexpr const char* title = "POSIX sem_t, pthread_barrier_t";

  class semaphore {
   public:
    explicit semaphore(std::ptrdiff_t permits) {
      check(sem_init(&semaphore_, 0, static_cast<unsigned>(permits)) == 0 ? 0 : errno, "sem_init");
    }
    ~semaphore() { sem_destroy(&semaphore_); }
    semaphore(const semaphore&) = delete;
    semaphore& operator=(const semaphore&) = delete;

    void acquire() {
      while (sem_wait(&semaphore_) != 0) {
        if (errno != EINTR) check(errno, "sem_wait");
      }
    }
    bool try_acquire() { return sem_trywait(&semaphore_) == 0; }
    void release() { sem_post(&semaphore_); }

   private:
    sem_t semaphore_;
  };

  class barrier {
   public:
    explicit barrier(std::ptrdiff_t parties) {
      check(pthread_barrier_init(&barrier_, nullptr, static_cast<unsigned>(parties)), "pthread_barrier_init");
    }
    ~barrier() { pthread_barrier_destroy(&barrier_); }
    barrier(const barrier&) = delete;
    barrier& operator=(const barrier&) = delete;

    void arrive_and_wait() { pthread_barrier_wait(&barrier_); }

   private:
    pthread_barrier_t barrier_;
  };
};

const bool added = bench::add_implementation<posix_adaptor>();

}  // namespace
