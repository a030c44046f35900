// Sealed bytes on their way between OpenSSL and a socket: what OpenSSL writes collects until
// `send`, and one read of the socket serves many of OpenSSL's.
#pragma once

#include <string>

#include "base/memory.h"

struct bio_st;
struct bio_method_st;

namespace polder {

class TlsWire {
 public:
  explicit TlsWire(int socket) : descriptor_(socket) {}
  TlsWire(const TlsWire&) = delete;
  TlsWire& operator=(const TlsWire&) = delete;

  /// OpenSSL's side of it; owned by the caller, of no use after this object.
  bio_st* make_bio();

  /// Hands the socket what it takes now; false if it is broken.
  bool send();
  std::size_t unsent() const { return out_.size() - out_done_; }

  bool at_end() const { return at_end_; }
  /// Why the socket ended or broke.
  const std::string& failure() const { return failure_; }

 private:
  static int take(bio_st* bio, const char* bytes, int size);
  static int give(bio_st* bio, char* bytes, int size);
  static long control(bio_st* bio, int command, long, void*);
  static bio_method_st* make_method();
  void receive();

  static constexpr std::size_t min_in_bytes = 16 << 10, max_in_bytes = 256 << 10;

  const int descriptor_;
  Bytes out_;
  std::size_t out_done_ = 0;
  Bytes in_ = Bytes(min_in_bytes);  // longer once a read has filled it
  std::size_t in_begin_ = 0;
  std::size_t in_end_ = 0;
  bool at_end_ = false;
  std::string failure_;
};

}  // namespace polder
