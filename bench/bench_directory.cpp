// SPDX-License-Identifier: GPL-3.0-or-later
// What a directory of many recipients costs: fills an empty store and asks it what staff ask.
// Prints one JSON object: the name of each question → the median of its times in ms.
//   bench_directory DIRECTORY [RECIPIENTS]
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sharing/open_stores.h"

namespace {

using sekisho::sharing::ListOrder;
using sekisho::sharing::Recipient;
using sekisho::sharing::RecipientFilter;
using sekisho::sharing::RecipientId;
using sekisho::sharing::RecipientStore;
using std::chrono::steady_clock;

constexpr int kRepeats = 21;
constexpr int kFilledAtOnce = 2000;

/// Recipients as a region has them, the same in every run.
class Region {
 public:
  Recipient next() {
    Recipient recipient;
    recipient.id = RecipientId::random();
    const auto [family, family_kana] = any(kFamilies);
    const auto [second, second_kana] = any(kFamilies);
    const std::string_view branch = any(kBranches);
    recipient.name = std::string(family) + std::string(second) + std::string(branch) +
                     std::string(any(kKinds)) + " " + std::to_string(++number_);
    recipient.kana = std::string(family_kana) + std::string(second_kana);
    recipient.organisation = "医療法人社団 " + std::string(any(kFamilies).first) + "会";
    recipient.department = branch;
    recipient.place = "東京都" + std::string(any(kFamilies).first) + "区" + digits(1) + "-" +
                      digits(2) + "-" + digits(2);
    recipient.telephone = "0" + digits(1) + "-" + digits(4) + "-" + digits(4);
    recipient.email = "office" + std::to_string(number_) + "@clinic.example";
    recipient.networks = {*sekisho::core::Network::parse("10.0.0.0/8")};
    return recipient;
  }

 private:
  using Name = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Name, 24> kFamilies = {{
      {"佐藤", "サトウ"},     {"鈴木", "スズキ"},
      {"高橋", "タカハシ"},   {"田中", "タナカ"},
      {"伊藤", "イトウ"},     {"渡辺", "ワタナベ"},
      {"山本", "ヤマモト"},   {"中村", "ナカムラ"},
      {"小林", "コバヤシ"},   {"加藤", "カトウ"},
      {"吉田", "ヨシダ"},     {"山田", "ヤマダ"},
      {"川村", "カワムラ"},   {"港", "ミナト"},
      {"桜", "サクラ"},       {"緑", "ミドリ"},
      {"中央", "チュウオウ"}, {"東", "ヒガシ"},
      {"西", "ニシ"},         {"南", "ミナミ"},
      {"北", "キタ"},         {"大学前", "ダイガクマエ"},
      {"駅前", "エキマエ"},   {"青葉", "アオバ"},
  }};
  static constexpr std::array<std::string_view, 8> kBranches = {
      "内科", "外科", "眼科", "小児科", "整形外科", "皮膚科", "放射線科", "耳鼻咽喉科"};
  static constexpr std::array<std::string_view, 4> kKinds = {"クリニック", "医院", "病院",
                                                             "診療所"};

  template <class Value, std::size_t N>
  Value any(const std::array<Value, N>& list) {
    return list.at(random_() % N);
  }
  std::string digits(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += static_cast<char>('0' + random_() % 10);
    return text;
  }

  std::mt19937 random_{20261201};
  int number_ = 0;
};

double median_ms(const std::function<void()>& act) {
  std::vector<double> times;
  for (int i = 0; i < kRepeats; ++i) {
    const auto begin = steady_clock::now();
    act();
    times.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
  }
  std::ranges::sort(times);
  return times[kRepeats / 2];
}

void measure(const std::string& directory, int recipients) {
  Region region;
  const auto stores = sekisho::sharing::open_stores(sekisho::sharing::SharingPlace::in(directory));
  RecipientStore& store = *stores.recipients;
  const double empty = median_ms([&] { store.insert(region.next()); });
  Recipient last;
  const auto begin = steady_clock::now();
  for (int made = kRepeats; made < recipients;) {
    std::vector<Recipient> some;
    for (; static_cast<int>(some.size()) < kFilledAtOnce && made < recipients; ++made) {
      some.push_back(region.next());
    }
    last = some.back();
    store.write_all(some, {});
  }
  const std::chrono::duration<double> filling = steady_clock::now() - begin;
  std::printf("{\"one more among none\": %.3f, \"filling, seconds\": %.1f", empty, filling.count());
  const auto print = [](const char* what, const std::function<void()>& act) {
    std::printf(", \"%s\": %.3f", what, median_ms(act));
  };
  const auto search = [&](const char* text, ListOrder order = ListOrder::oldest_first) {
    return [&store, text, order] { store.list({.order = order, .search = text, .limit = 101}); };
  };
  print("one more among all", [&] { store.insert(region.next()); });
  print("first page", [&] { store.list({.limit = 101}); });
  print("last page", [&] { store.list({.order = ListOrder::newest_first, .limit = 101}); });
  print("search: a reading", search("ｶﾜﾑﾗ ミナト"));
  print("search: two kanji that many have", search("内科", ListOrder::newest_first));
  print("search: two words that many have, and never both", search("眼科 小児科医院"));
  print("search: two kanji that nobody has", search("鷹匠"));
  print("search: a kanji", search("桜"));
  print("search: a kanji that many have, and a number", search("科 99999"));
  const std::string half = last.telephone.substr(3);
  print("search: half a telephone number", search(half.c_str()));
  print("search: what everybody has, and nobody", search("clinic example かわむた"));
  print("look-alikes", [&] { store.look_alikes(last); });
  print("find", [&] { static_cast<void>(store.find(last.id)); });
  std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "bench_directory DIRECTORY [RECIPIENTS]\n");
    return 2;
  }
  try {
    measure(argv[1], argc > 2 ? std::stoi(argv[2]) : 100'000);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_directory: %s\n", error.what());
    return 1;
  }
  return 0;
}
