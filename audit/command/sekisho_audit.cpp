// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>
#include <string_view>
#include <vector>

#include "audit/command/command.h"

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  return static_cast<int>(sekisho::audit::run_command(arguments, std::cout, std::cerr));
}
