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
  static constexpr const char* title = "POSIX";

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

  class recursive_mutex {
   public:
    recursive_mutex() {
      pthread_mutexattr_t attributes;
      check(pthread_mutexattr_init(&attributes), "pthread_mutexattr_init");
      check(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE), "pthread_mutexattr_settype");
      check(pthread_mutex_init(&mutex_, &attributes), "pthread_mutex_init");
      pthread_mutexattr_destroy(&attributes);
    }
    ~recursive_mutex() { pthread_mutex_destroy(&mutex_); }
    recursive_mutex(const recursive_mutex&) = delete;
    recursive_mutex& operator=(const recursive_mutex&) = delete;

    void lock() { pthread_mutex_lock(&mutex_); }
    bool try_lock() { return pthread_mutex_trylock(&mutex_) == 0; }
    void unlock() { pthread_mutex_unlock(&mutex_); }

   private:
    pthread_mutex_t mutex_;
  };

  // The least that starts a thread: it allocates nothing, and its argument is where it stands.
  class thread {
   public:
    explicit thread(bench::alarm call) : call_(call) {
      check(pthread_create(&thread_, nullptr, &run, &call_), "pthread_create");
    }
    thread(const thread&) = delete;
    thread& operator=(const thread&) = delete;

    void join() { check(pthread_join(thread_, nullptr), "pthread_join"); }

   private:
    static void* run(void* call) {
      (*static_cast<const bench::alarm*>(call))();
      return nullptr;
    }

    bench::alarm call_;
    pthread_t thread_;
  };
};

const bool added = bench::add_implementation<posix_adaptor>();

}  // namespace
