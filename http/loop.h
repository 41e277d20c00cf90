// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "core/steady_clock.h"

namespace sekisho::http {

namespace asio = boost::asio;

// One concrete executor: the type-erased default doubles what there is to compile.
using Executor = asio::io_context::executor_type;
using StreamDescriptor = asio::posix::basic_stream_descriptor<Executor>;
using SteadyTimer =
    asio::basic_waitable_timer<core::SteadyClock, asio::wait_traits<core::SteadyClock>, Executor>;

/// Does what is posted to `io`, and what waits for its sockets and timers as soon as it may, until
/// it is stopped. What one of these throws, this throws, and may be called again. What stands in
/// for loop.cpp decides in which order these come, and when.
void run_loop(asio::io_context& io);

}  // namespace sekisho::http
