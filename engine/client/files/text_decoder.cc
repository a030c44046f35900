#include "client/files/text_decoder.h"

#include <unicode/ucnv.h>

#include "base/error.h"
#include "client/files/file_kind.h"

namespace polder {
namespace {

UConverter* converter(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* const made = ucnv_open(name, &status);
  if (U_FAILURE(status)) fail(Code::internal, "no converter of {}: {}", name, u_errorName(status));
  return made;
}

}  // namespace

struct TextDecoder::Conversion {
  explicit Conversion(const char* encoding) : from(converter(encoding)), to(converter("UTF-8")) {
    UErrorCode status = U_ZERO_ERROR;
    ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  }

  struct Close {
    void operator()(UConverter* each) const { ucnv_close(each); }
  };
  std::unique_ptr<UConverter, Close> from, to;
  std::array<UChar, 4096> pivot{};
  UChar *pivot_from = pivot.data(), *pivot_to = pivot.data();
  std::array<char, 16384> out{};
};

TextDecoder::TextDecoder(std::string file) : file_(std::move(file)) {}
TextDecoder::~TextDecoder() = default;

void TextDecoder::feed(std::span<const std::uint8_t> bytes, const Take& take) {
  if (begun_) return convert(bytes, false, take);
  head_.insert(head_.end(), bytes.begin(), bytes.end());
  if (head_.size() >= kind_bytes) begin(take);
}

void TextDecoder::finish(const Take& take) {
  if (!begun_) begin(take);
  convert({}, true, take);
}

void TextDecoder::begin(const Take& take) {
  begun_ = true;
  if (const auto what = not_csv(head_)) fail(Code::bad_input, "{}: {}", file_, *what);
  const EncodedAs found = encoded_as(head_);
  if (found.encoding == TextEncoding::utf8) {
    mark_bytes_ = found.mark_bytes;
    if (mark_bytes_ > 0) encoding_ = "UTF-8 with byte order mark";
  } else {
    encoding_ = "UTF-16";
    conversion_ = std::make_unique<Conversion>(
        found.encoding == TextEncoding::utf16_le ? "UTF-16LE" : "UTF-16BE");
  }
  const Bytes head = std::move(head_);
  convert(std::span(head).subspan(found.mark_bytes), false, take);
}

void TextDecoder::convert(std::span<const std::uint8_t> bytes, bool last, const Take& take) {
  if (!conversion_) {
    if (!bytes.empty()) take(bytes);
    return;
  }
  Conversion& with = *conversion_;
  const char* source = bytes.empty() ? "" : reinterpret_cast<const char*>(bytes.data());
  const char* const end = source + bytes.size();
  UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
  while (status == U_BUFFER_OVERFLOW_ERROR) {
    status = U_ZERO_ERROR;
    char* target = with.out.data();
    ucnv_convertEx(with.to.get(), with.from.get(), &target, with.out.data() + with.out.size(),
                   &source, end, with.pivot.data(), &with.pivot_from, &with.pivot_to,
                   with.pivot.data() + with.pivot.size(), false, last, &status);
    const std::span made(reinterpret_cast<const std::uint8_t*>(with.out.data()),
                         static_cast<std::size_t>(target - with.out.data()));
    if (!made.empty()) take(made);
  }
  if (U_FAILURE(status)) {
    fail(Code::bad_input,
         "{}: begins as UTF-16 text but is not all of it; save it as CSV UTF-8, or copy it again",
         file_);
  }
}

}  // namespace polder
