// support::crew: threads that are joined at the end of the test's scope.
#pragma once

#include <list>
#include <thread>
#include <utility>
#include <vector>

namespace support {

class crew {
 public:
  crew() = default;

  // Starts `size` threads; each runs work(index).
  template <class Work>
  crew(int size, Work work) {
    for (int index = 0; index < size; ++index) add([work, index] { work(index); });
  }

  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;

  ~crew() { join(); }

  template <class Work>
  void add(Work&& work) {
    threads_.emplace_back(std::forward<Work>(work));
  }

  std::vector<std::thread::native_handle_type> handles() {
    std::vector<std::thread::native_handle_type> all;
    for (std::thread& thread : threads_) all.push_back(thread.native_handle());
    return all;
  }

  void join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::list<std::thread> threads_;
};

}  // namespace support
