// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <chrono>
#include <new>
#include <stdexcept>
#include <vector>

#include "core/openssl_errors.h"
#include "core/x509.h"
#include "http/attempt.h"

namespace sekisho::http {
namespace {

struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, KeyDeleter>;
/// BCP 195 (RFC 9325 §4.2): forward secrecy and authenticated encryption only.
constexpr const char* kTls12Suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

constexpr std::string_view kProtocol = "http/1.1";
constexpr std::chrono::days kSoon{14};

[[noreturn]] void refuse(std::string what, const core::ConfiguredPath& file, std::string reason,
                         std::string remedy) {
  throw core::SetupTrouble(
      {std::move(what), file.path.string(), file.setting, std::move(reason), std::move(remedy)});
}

core::BioHandle open_file(const core::ConfiguredPath& file) {
  core::BioHandle bio(BIO_new_file(file.path.c_str(), "r"));
  if (!bio) throw std::runtime_error("A TLS file was taken away while it was being read.");
  return bio;
}

std::vector<core::X509Handle> read_chain(const core::ConfiguredPath& file) {
  if (const auto trouble = core::trouble_reading(file, "The TLS certificate")) throw *trouble;
  const core::BioHandle bio = open_file(file);
  std::vector<core::X509Handle> chain;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    chain.emplace_back(certificate);
  }
  // The end of the file looks like a missing start line; anything else is a damaged certificate.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (chain.empty() || !at_end) {
    refuse("The TLS certificate does not parse", file, "it is not PEM, or damaged",
           "It must hold the server's certificate in PEM, then those of the authorities that "
           "issued it.");
  }
  return chain;
}

/// Never asks at a terminal, as OpenSSL's own callback does.
int no_passphrase(char*, int, int, void*) { return -1; }

KeyPtr read_key(const core::ConfiguredPath& file) {
  if (const auto trouble = core::trouble_reading_key(file, "The TLS private key")) throw *trouble;
  const core::BioHandle bio = open_file(file);
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) {
    refuse("The TLS private key does not parse", file, "it is not PEM, or it has a passphrase",
           "Write it without one: openssl pkey -in KEY -out " + file.path.string() + '.');
  }
  return key;
}

void check_validity(const std::vector<core::X509Handle>& chain, const core::ConfiguredPath& file,
                    core::Time now) {
  for (const core::X509Handle& certificate : chain) {
    const std::string which = certificate == chain.front()
                                  ? "The TLS certificate"
                                  : "A certificate in the TLS certificate's chain";
    const auto end = core::time_of(X509_get0_notAfter(certificate.get()));
    const auto begin = core::time_of(X509_get0_notBefore(certificate.get()));
    if (!end || !begin) {
      refuse(which + " does not parse", file, "its time is no time", "Have it issued again.");
    }
    if (*end < now) {
      refuse(which + " has expired", file, "its end was " + core::to_rfc3339(*end),
             "Install a renewed one.");
    }
    if (*begin > now) {
      refuse(which + " is not valid yet", file, "its time begins at " + core::to_rfc3339(*begin),
             "Check this machine's clock.");
    }
  }
}

void check_order(const std::vector<core::X509Handle>& chain, const core::ConfiguredPath& file) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (X509_check_issued(chain[i + 1].get(), chain[i].get()) != X509_V_OK) {
      refuse("The TLS certificate's chain is out of order", file,
             "certificate " + std::to_string(i + 2) + " did not issue the one before it",
             "Each certificate must be followed by the one of its issuer.");
    }
  }
}

/// Clients compare the host with the subject alternative names alone (RFC 9110 §4.3.4).
void check_names(X509* certificate, const core::ConfiguredPath& file) {
  GENERAL_NAMES* names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  if (names == nullptr) {
    refuse("The TLS certificate names no host", file,
           "it has no subject alternative name, and no client will accept it",
           "Have it issued again with the gateway's host name.");
  }
  GENERAL_NAMES_free(names);
}

std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('/'));
  if (!url.empty() && url.front() == '[') return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

std::string remark_on(X509* certificate, std::string_view public_url, core::Time now) {
  const std::string host = host_of(public_url);
  if (!host.empty() && X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) != 1 &&
      X509_check_ip_asc(certificate, host.c_str(), 0) != 1) {
    return "The TLS certificate does not name the host of the public URL: clients that come "
           "straight to this door will refuse it.";
  }
  const auto end = core::time_of(X509_get0_notAfter(certificate));
  if (end && *end - now < kSoon) {
    const auto days = std::chrono::floor<std::chrono::days>(*end - now).count();
    return "The TLS certificate expires in " + std::to_string(days) + " days.";
  }
  return {};
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  for (unsigned int i = 0; i < offered_size; i += 1U + offered[i]) {
    const std::string_view name(reinterpret_cast<const char*>(offered) + i + 1, offered[i]);
    if (name != kProtocol) continue;
    *chosen = offered + i + 1;
    *chosen_size = offered[i];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;  // RFC 7301 §3.2
}

int accept_any_certificate(X509_STORE_CTX*, void*) { return 1; }

SslContext make_context() {
  SslContext context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* c = context.get();
  if (c == nullptr || SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_max_proto_version(c, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(c, kTls12Suites) != 1 || SSL_CTX_set_num_tickets(c, 0) != 1) {
    throw std::runtime_error("OpenSSL does not offer TLS 1.2 and 1.3 as this door needs them.");
  }
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                             SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(c, 1);
  SSL_CTX_set_alpn_select_cb(c, choose_protocol, nullptr);
  SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(c, accept_any_certificate, nullptr);
  return context;
}

struct FreeNames {
  void operator()(STACK_OF(X509_NAME) * names) const {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
  }
};
using Names = std::unique_ptr<STACK_OF(X509_NAME), FreeNames>;

Names parsed(const std::vector<core::Bytes>& names) {
  Names stack(sk_X509_NAME_new_null());
  if (!stack) throw std::bad_alloc();
  for (const core::Bytes& der : names) {
    const unsigned char* cursor = der.data();
    X509_NAME* name = d2i_X509_NAME(nullptr, &cursor, static_cast<long>(der.size()));
    if (name == nullptr || sk_X509_NAME_push(stack.get(), name) == 0) {
      X509_NAME_free(name);
      throw std::runtime_error("OpenSSL cannot read the name of an authority");
    }
  }
  return stack;
}

/// What OpenSSL calls of each handshake: nothing may be thrown out of here. 0 ends the handshake.
int put_names(SSL* ssl, void* argument) {
  const auto& names_of = *static_cast<const AuthorityNames*>(argument);
  const Trouble trouble = attempt([&] { SSL_set0_CA_list(ssl, parsed(*names_of()).release()); });
  return trouble == Trouble::none ? 1 : 0;
}

}  // namespace

void name_authorities(SSL_CTX& context, const AuthorityNames& names) {
  SSL_CTX_set_cert_cb(&context, put_names, const_cast<AuthorityNames*>(&names));
}

TlsIdentity load_tls_identity(const core::ConfiguredPath& chain_file,
                              const core::ConfiguredPath& key_file, std::string_view public_url,
                              core::Time now) {
  const core::OpensslErrorMark mark;
  const std::vector<core::X509Handle> chain = read_chain(chain_file);
  const KeyPtr key = read_key(key_file);
  if (X509_check_private_key(chain.front().get(), key.get()) != 1) {
    refuse("The TLS private key is not the one of the TLS certificate", key_file,
           "the certificate in " + chain_file.path.string() + " was made for another key",
           "Put the two that belong together in place.");
  }
  check_validity(chain, chain_file, now);
  check_order(chain, chain_file);
  check_names(chain.front().get(), chain_file);

  TlsIdentity identity{make_context(), remark_on(chain.front().get(), public_url, now)};
  SSL_CTX* context = identity.context.get();
  bool accepted = SSL_CTX_use_certificate(context, chain.front().get()) == 1 &&
                  SSL_CTX_use_PrivateKey(context, key.get()) == 1;
  for (std::size_t i = 1; accepted && i < chain.size(); ++i) {
    accepted = SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1;
  }
  if (!accepted) {
    refuse("OpenSSL refuses the TLS certificate", chain_file,
           "its key is too short or its signature too old",
           "Have it issued again: 2048-bit RSA and SHA-256 are the least.");
  }
  return identity;
}

}  // namespace sekisho::http
