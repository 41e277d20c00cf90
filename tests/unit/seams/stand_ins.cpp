// SPDX-License-Identifier: GPL-3.0-or-later
// In place of core/steady_clock.cpp, core/random.cpp and core/thread.cpp, whole.
#include "unit/seams/stand_ins.h"

#include <atomic>

#include "core/random.h"
#include "core/thread.h"

namespace sekisho {
namespace {

std::atomic<std::uint64_t> next_number;
std::atomic<core::SteadyClock::rep> passed;

}  // namespace

namespace test {

void seed(std::uint64_t number) { next_number = number; }
void pass(core::SteadyClock::duration time) { passed += time.count(); }

}  // namespace test

namespace core {

SteadyClock::time_point SteadyClock::now() noexcept { return time_point(duration(passed)); }

void fill_random(std::span<Byte> out) {
  for (Byte& byte : out) {  // SplitMix64
    std::uint64_t mixed = next_number += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    byte = static_cast<Byte>(mixed >> 56);
  }
}

void fill_nonce(std::span<Byte> out) { fill_random(out); }

// A job has run when it has been started.
Thread::Thread(const char* /*name*/, Job job) { job(std::stop_token()); }
Thread::~Thread() = default;
Thread& Thread::operator=(Thread&& /*other*/) noexcept { return *this; }
void Thread::end() {}
void pause_for(std::chrono::nanoseconds time, const std::stop_token& /*stop*/) {
  test::pass(std::chrono::duration_cast<SteadyClock::duration>(time));
}

}  // namespace core
}  // namespace sekisho
