// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/authenticator_data.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <memory>
#include <new>

#include "core/openssl_errors.h"
#include "core/secret.h"

namespace sekisho::access {
namespace {

constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kHeadBytes = kHashBytes + 1 + 4;  // §6.1: hash of the party, flags, count
constexpr std::size_t kCredentialHeadBytes = 16 + 2;    // §6.5.1: make, length of the credential
constexpr std::size_t kShortestCredential = 16;         // §4, "Credential ID"
constexpr std::size_t kLongestCredential = 1023;        // the same

// §6.1, the flags that libfido2 has no name for.
constexpr unsigned kMayBeCopied = 0x08;
constexpr unsigned kIsCopied = 0x10;

/// Of a public key in CTAP2's canonical CBOR: there is one way to write each.
constexpr std::size_t encoded_bytes(int algorithm) {
  switch (algorithm) {
    case COSE_ES256:
      return 77;
    case COSE_EDDSA:
      return 42;
    default:
      return 272;
  }
}

template <class Thing, void (*kFree)(Thing**)>
struct Free {
  void operator()(Thing* thing) const { kFree(&thing); }
};
template <class Thing, void (*kFree)(Thing**)>
using Handle = std::unique_ptr<Thing, Free<Thing, kFree>>;
using Credential = Handle<fido_cred_t, fido_cred_free>;
using AssertionHandle = Handle<fido_assert_t, fido_assert_free>;

template <class Thing>
Thing* made(Thing* thing) {
  if (thing == nullptr) throw std::bad_alloc();
  return thing;
}

core::Bytes copy(const unsigned char* data, std::size_t size) { return {data, data + size}; }

bool user_is_verified(unsigned flags) {
  constexpr unsigned kBoth = CTAP_AUTHDATA_USER_PRESENT | CTAP_AUTHDATA_USER_VERIFIED;
  return (flags & kBoth) == kBoth;
}

/// §6.1.3: what is copied must be what may be.
bool says_one_thing_of_copies(unsigned flags) {
  return (flags & kIsCopied) == 0 || (flags & kMayBeCopied) != 0;
}

Credential parsed(core::ByteView data, int algorithm) {
  Credential credential(made(fido_cred_new()));
  const bool is_good =
      fido_cred_set_type(credential.get(), algorithm) == FIDO_OK &&
      fido_cred_set_authdata_raw(credential.get(), data.data(), data.size()) == FIDO_OK;
  return is_good ? std::move(credential) : nullptr;
}

Credential parsed(core::ByteView data) {
  for (const int algorithm : kPasskeyAlgorithms) {
    if (Credential credential = parsed(data, algorithm)) return credential;
  }
  return nullptr;
}

template <class Key, void (*kFree)(Key**)>
bool verifies(const fido_assert_t* assertion, const Passkey& passkey, Key* fresh,
              int (*fill)(Key*, const void*, std::size_t)) {
  const Handle<Key, kFree> key(made(fresh));
  return fill(key.get(), passkey.public_key.data(), passkey.public_key.size()) == FIDO_OK &&
         fido_assert_verify(assertion, 0, passkey.algorithm, key.get()) == FIDO_OK;
}

bool verifies(const fido_assert_t* assertion, const Passkey& passkey) {
  switch (passkey.algorithm) {
    case COSE_ES256:
      return verifies<es256_pk_t, es256_pk_free>(assertion, passkey, es256_pk_new(),
                                                 es256_pk_from_ptr);
    case COSE_EDDSA:
      return verifies<eddsa_pk_t, eddsa_pk_free>(assertion, passkey, eddsa_pk_new(),
                                                 eddsa_pk_from_ptr);
    case COSE_RS256:
      return verifies<rs256_pk_t, rs256_pk_free>(assertion, passkey, rs256_pk_new(),
                                                 rs256_pk_from_ptr);
    default:
      return false;
  }
}

}  // namespace

std::variant<Passkey, Refusal> read_new_passkey(core::ByteView authenticator_data,
                                                const std::string& party) {
  const core::OpensslErrorMark mark;
  const Credential credential = parsed(authenticator_data);
  if (!credential) return Refusal::wrong_passkey;
  const unsigned flags = fido_cred_flags(credential.get());
  const core::Sha256 expected = core::sha256(core::as_bytes(party));
  // §7.1 step 14. libfido2 compares it where it verifies an attestation.
  if (!core::equal_in_constant_time(authenticator_data.first(kHashBytes), expected)) {
    return Refusal::foreign_passkey;
  }
  if (!user_is_verified(flags)) return Refusal::unverified_user;        // steps 15 and 16
  if (!says_one_thing_of_copies(flags)) return Refusal::wrong_passkey;  // step 17
  const std::size_t name_bytes = fido_cred_id_len(credential.get());
  if (name_bytes < kShortestCredential || name_bytes > kLongestCredential) {
    return Refusal::wrong_passkey;
  }
  Passkey passkey;
  passkey.algorithm = fido_cred_type(credential.get());
  // libfido2 leaves what stands behind the key: extensions, which it has read, or nothing.
  const std::size_t without_extensions =
      kHeadBytes + kCredentialHeadBytes + name_bytes + encoded_bytes(passkey.algorithm);
  const bool has_extensions = (flags & CTAP_AUTHDATA_EXT_DATA) != 0;
  if (!has_extensions && authenticator_data.size() != without_extensions) {
    return Refusal::wrong_passkey;
  }
  passkey.credential = copy(fido_cred_id_ptr(credential.get()), name_bytes);
  passkey.public_key =
      copy(fido_cred_pubkey_ptr(credential.get()), fido_cred_pubkey_len(credential.get()));
  passkey.signatures = fido_cred_sigcount(credential.get());
  passkey.may_be_copied = (flags & kMayBeCopied) != 0;
  return passkey;
}

std::variant<std::uint32_t, Refusal> verify_assertion(const Assertion& shown,
                                                      const Passkey& passkey,
                                                      const std::string& party) {
  const core::OpensslErrorMark mark;
  const AssertionHandle assertion(made(fido_assert_new()));
  fido_assert_t* handle = assertion.get();
  const core::ByteView data = shown.authenticator_data;
  const bool is_read =
      fido_assert_set_count(handle, 1) == FIDO_OK &&
      fido_assert_set_authdata_raw(handle, 0, data.data(), data.size()) == FIDO_OK &&
      fido_assert_set_sig(handle, 0, shown.signature.data(), shown.signature.size()) == FIDO_OK &&
      fido_assert_set_clientdata_hash(handle, shown.client_data.data(), shown.client_data.size()) ==
          FIDO_OK &&
      fido_assert_set_rp(handle, party.c_str()) == FIDO_OK &&
      fido_assert_set_up(handle, FIDO_OPT_TRUE) == FIDO_OK &&
      fido_assert_set_uv(handle, FIDO_OPT_TRUE) == FIDO_OK;
  if (!is_read) return Refusal::wrong_passkey;
  const unsigned flags = fido_assert_flags(handle, 0);
  if (!user_is_verified(flags)) return Refusal::unverified_user;  // §7.2 steps 17 and 18
  const bool has_extensions = (flags & CTAP_AUTHDATA_EXT_DATA) != 0;
  const bool has_credential = (flags & CTAP_AUTHDATA_ATT_CRED) != 0;  // §6.1: never in an assertion
  if (has_credential || (!has_extensions && data.size() != kHeadBytes)) {
    return Refusal::wrong_passkey;
  }
  // Step 19: whether it may be copied, it says for good.
  if (!says_one_thing_of_copies(flags) || ((flags & kMayBeCopied) != 0) != passkey.may_be_copied) {
    return Refusal::wrong_passkey;
  }
  if (!verifies(handle, passkey)) return Refusal::wrong_passkey;  // steps 16, 21 and 22
  return fido_assert_sigcount(handle, 0);
}

}  // namespace sekisho::access
