// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/loop.h"

namespace sekisho::http {

void run_loop(asio::io_context& io) { io.run(); }

}  // namespace sekisho::http
