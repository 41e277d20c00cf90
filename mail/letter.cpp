// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/letter.h"

#include <utility>

namespace sekisho::mail {
namespace {

constexpr std::chrono::days kNoticeIsUseful{3};

/// One text in both languages. "{door}" and "{link}" stand for what differs.
struct Template {
  const char* subject_ja;
  const char* text_ja;
  const char* subject_en;
  const char* text_en;
};

constexpr Template kReset{
    "パスワードの再設定",
    "画像共有サイト {door} のパスワードを再設定するには、30分以内に次のリンクを開いてください。\n"
    "\n"
    "{link}\n"
    "\n"
    "リンクは一度だけ使えます。二要素認証をお使いの方は、認証アプリのコードも必要です。\n"
    "心当たりがない場合は、何もする必要はありません。パスワードは変わりません。\n"
    "このメールは送信専用です。\n",
    "Choose a new password",
    "To choose a new password for {door}, open this link within 30 minutes:\n"
    "\n"
    "{link}\n"
    "\n"
    "It works once. If you sign in with an authenticator, have its code ready.\n"
    "If you did not ask for this, there is nothing to do: your password stays what it is.\n"
    "Nobody reads answers to this message.\n"};

constexpr Template kWarning{
    "パスワードが使われました",
    "画像共有サイト {door} で、あなたの正しいパスワードが入力されましたが、二要素認証のコードが\n"
    "入力されなかったか、誤っていました。ログインはできていません。\n"
    "\n"
    "ご自身の操作でなければ、ほかの人があなたのパスワードを知っています。\n"
    "すぐにログインしてパスワードを変更し、病院の担当者にお知らせください。\n"
    "このメールは送信専用です。\n",
    "Your password was used",
    "At {door} somebody gave your right password, but no code of your authenticator, or a wrong\n"
    "one. Nobody was let in.\n"
    "\n"
    "If that was not you, somebody else knows your password: sign in and change it now, and tell\n"
    "the hospital.\n"
    "Nobody reads answers to this message.\n"};

constexpr Template kChange{
    "ログイン方法が変更されました",
    "画像共有サイト {door} で、あなたのログイン方法（パスワード、認証アプリ、パスキー、または\n"
    "ビューア用のパスワード）が変更されました。\n"
    "\n"
    "ご自身の操作でなければ、ほかの人があなたのアカウントを使っています。\n"
    "すぐに病院の担当者にお知らせください。\n"
    "このメールは送信専用です。\n",
    "What you sign in with was changed",
    "At {door} your password, your authenticator, a passkey or a viewer's password of yours was\n"
    "changed.\n"
    "\n"
    "If that was not you, somebody else uses your account: tell the hospital now.\n"
    "Nobody reads answers to this message.\n"};

std::string filled_in(std::string text, std::string_view name, const std::string& value) {
  const std::size_t at = text.find(name);
  if (at != std::string::npos) text.replace(at, name.size(), value);
  return text;
}

Letter written(const Template& form, const Occasion& occasion, core::Time useful_until) {
  const bool is_english = occasion.language == "en";
  Letter letter;
  letter.id = LetterId::random();
  letter.to = occasion.to;
  letter.subject = is_english ? form.subject_en : form.subject_ja;
  letter.text = filled_in(is_english ? form.text_en : form.text_ja, "{door}", occasion.door_url);
  letter.written_at = occasion.now;
  letter.useful_until = useful_until;
  return letter;
}

}  // namespace

Letter reset_letter(const Occasion& occasion, const std::string& link, core::Time useful_until) {
  Letter letter = written(kReset, occasion, useful_until);
  letter.text = filled_in(std::move(letter.text), "{link}", link);
  return letter;
}

Letter warning_letter(const Occasion& occasion) {
  return written(kWarning, occasion, occasion.now + kNoticeIsUseful);
}

Letter change_letter(const Occasion& occasion) {
  return written(kChange, occasion, occasion.now + kNoticeIsUseful);
}

}  // namespace sekisho::mail
