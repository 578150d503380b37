#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <thread>

#include "catalogue.hpp"

namespace {

// The thread that runs all timers of the process.
class service {
 public:
  static boost::asio::io_context& context() {
    static service one;
    return one.context_;
  }

  ~service() {
    context_.stop();
    thread_.join();
  }

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  std::thread thread_{[this] { context_.run(); }};
};

// Of Boost.Asio the timers alone are park's business.
struct asio_adaptor {
  static constexpr const char* name = "asio";
  static constexpr const char* title = "Boost.Asio steady_timer";
  static constexpr bench::role part = bench::role::peer;

  class timer {
   public:
    timer(std::chrono::nanoseconds delay, bench::alarm call) : timer_(service::context(), delay) {
      timer_.async_wait([call](const boost::system::error_code& error) {
        if (!error) call();
      });
    }
    bool cancel() { return timer_.cancel() > 0; }

   private:
    boost::asio::steady_timer timer_;
  };
};

const bool added = bench::add_implementation<asio_adaptor>();

}  // namespace
