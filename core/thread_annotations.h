// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What clang's -Wthread-safety checks (./dev lint), and nothing for other compilers. To be used
// with core/mutex.h: clang does not know the mutexes of GCC's library.

#if defined(__clang__)
#define SEKISHO_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define SEKISHO_THREAD_ATTRIBUTE(x)
#endif

/// Of a member: it is read and written with the mutex held.
#define SEKISHO_GUARDED_BY(mutex) SEKISHO_THREAD_ATTRIBUTE(guarded_by(mutex))
/// Of a function: it is called with the mutex held.
#define SEKISHO_REQUIRES(mutex) SEKISHO_THREAD_ATTRIBUTE(requires_capability(mutex))

// Of what core/mutex.h is made of.
#define SEKISHO_CAPABILITY(name) SEKISHO_THREAD_ATTRIBUTE(capability(name))
#define SEKISHO_SCOPED_CAPABILITY SEKISHO_THREAD_ATTRIBUTE(scoped_lockable)
#define SEKISHO_ACQUIRE(...) SEKISHO_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define SEKISHO_RELEASE(...) SEKISHO_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
