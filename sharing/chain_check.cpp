// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/chain_check.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <stdexcept>

#include "core/openssl_errors.h"

namespace sekisho::sharing {
namespace {

struct FreeContext {
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};
struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr int kMostBetween = 8;
constexpr int kSecurityOf112Bits = 2;  // SSL_CTX_set_security_level(3)

/// Whether it cannot be known that a certificate is not revoked.
bool is_about_lists(int error) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
    case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
      return true;
    default:
      return false;
  }
}

Denial denial_of(int error) {
  if (is_about_lists(error)) return Denial::unknown_revocation;
  switch (error) {
    case X509_V_ERR_CERT_REVOKED:
      return Denial::revoked_certificate;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Denial::expired_credential;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Denial::early_certificate;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:  // an authority of the same name
      return Denial::unknown_authority;
    default:
      return Denial::unfit_certificate;
  }
}

/// What OpenSSL calls of each fault. Lists are asked for of the trusted certificate too, whose
/// issuer need not be known: that it is trusted is the configuration's word. What it has issued has
/// been asked for by then.
int judge_fault(int is_good, X509_STORE_CTX* context) {
  if (is_good == 1) return 1;
  const int trusted = sk_X509_num(X509_STORE_CTX_get0_chain(context)) - 1;
  if (trusted == 0 || X509_STORE_CTX_get_error_depth(context) != trusted) return 0;
  if (!is_about_lists(X509_STORE_CTX_get_error(context))) return 0;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

void demand(X509_STORE_CTX* context, core::Time now) {
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(seconds.time_since_epoch().count()));
  X509_VERIFY_PARAM_set_flags(
      parameters, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  X509_VERIFY_PARAM_set_depth(parameters, kMostBetween);
  X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityOf112Bits);
  if (X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_CLIENT) != 1 ||
      X509_VERIFY_PARAM_set_trust(parameters, X509_TRUST_SSL_CLIENT) != 1) {
    throw std::runtime_error("OpenSSL knows no TLS clients");
  }
  X509_STORE_CTX_set_verify_cb(context, judge_fault);
}

}  // namespace

core::Sha256 key_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size < 0) throw std::runtime_error("OpenSSL cannot write a public key");
  const core::Sha256 key = core::sha256({der, static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return key;
}

std::variant<CheckedChain, Denial> check(const core::CertificateChain& shown, X509_STORE& store,
                                         core::Time now) {
  const core::OpensslErrorMark mark;
  const Stack sent_along(sk_X509_new_null());
  const std::unique_ptr<X509_STORE_CTX, FreeContext> context(X509_STORE_CTX_new());
  if (!sent_along || !context) throw std::bad_alloc();
  for (const core::X509Handle& each : shown.sent_along()) {
    if (sk_X509_push(sent_along.get(), each.get()) == 0) throw std::bad_alloc();
  }
  if (X509_STORE_CTX_init(context.get(), &store, shown.own(), sent_along.get()) != 1) {
    throw std::bad_alloc();
  }
  demand(context.get(), now);
  if (X509_verify_cert(context.get()) != 1) {
    return denial_of(X509_STORE_CTX_get_error(context.get()));
  }

  STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  CheckedChain checked{{}, core::Time::max()};
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* each = sk_X509_value(chain, i);
    const bool is_trusted = i + 1 == sk_X509_num(chain);
    const auto end = core::time_of(X509_get0_notAfter(each));
    if (!end || (!is_trusted && !core::is_signed_well(each))) return Denial::unfit_certificate;
    checked.until = std::min(checked.until, *end);
    if (i > 0) checked.authorities.push_back(key_of(each));
  }
  return checked;
}

}  // namespace sekisho::sharing
