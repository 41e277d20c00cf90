// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::disclosure {

/// What was found out about the file of an instance: whether it could be given.
enum class Fitness { fit, unfit };

}  // namespace sekisho::disclosure
