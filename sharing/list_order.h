// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::sharing {

/// Of a list, by creation.
enum class ListOrder { oldest_first, newest_first };

/// Of one row more than the largest page: whether it is there tells whether there is another page.
inline constexpr int kMostListed = 1001;

}  // namespace sekisho::sharing
