#include "match/quorum/opprf_hint.h"

#include <algorithm>

#include "base/packed.h"
#include "crypto/hash.h"
#include "crypto/random.h"

namespace polder::quorum {
namespace {

const Okvs::Sizes& sizes(const Parameters& parameters, int bank) {
  return parameters.opprf_hint[static_cast<std::size_t>(bank)];
}

Okvs store(const Parameters& parameters, int bank, const Salt& salt) {
  return {sizes(parameters, bank), salt_for(salt, "hint"), parameters.value_words()};
}

/// Bits of a value in each of its words.
int bits_in(const Parameters& parameters, std::size_t word) {
  return std::min(64, parameters.value_bits() - 64 * static_cast<int>(word));
}

/// The words of a target, cut to its bits.
void cut(const Parameters& parameters, std::span<std::uint64_t> target) {
  const std::size_t above =
      static_cast<std::size_t>(parameters.target_bits) - 64 * (target.size() - 1);
  target.back() &= low_bits(above);
}

/// Where a flag lies in a value: behind the target.
struct FlagPlace {
  explicit FlagPlace(const Parameters& parameters)
      : word(static_cast<std::size_t>(parameters.target_bits) / 64),
        bit(static_cast<std::size_t>(parameters.target_bits) % 64) {}
  std::size_t word, bit;
};

std::uint64_t word_of(const Block& block, std::size_t word) {
  return word == 0 ? block.low : block.high;
}

}  // namespace

Salt salt_for(const Salt& salt, std::string_view purpose) {
  return Hasher<16>().add("polder quorum ").add(purpose).add(salt).finish();
}

Bins bins_of(std::span<const Block> identifiers, std::uint64_t bins, const Salt& salt) {
  const std::vector<Places> placed = Placement(bins, salt)(identifiers);
  const std::uint64_t sub_table = bins / places;
  Bins out{random_blocks(bins), random_blocks(bins), cuckoo_placement(placed, bins)};
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    const std::uint32_t bin = out.of_row[i];
    out.identifiers[bin] = identifiers[i];
    out.keys[bin] = placed[i].key(bin / sub_table);
  }
  return out;
}

BinValues random_targets(const Parameters& parameters) {
  const std::size_t words = parameters.target_words();
  BinValues out{Words(parameters.bins * words), Words(parameters.flags ? parameters.bins : 0)};
  random_words(out.targets);
  random_words(out.flags);
  for (std::size_t j = 0; j < parameters.bins; ++j) {
    cut(parameters, std::span(out.targets).subspan(j * words, words));
  }
  for (std::uint64_t& flag : out.flags) flag &= 1;
  return out;
}

Words make_opprf_hint(const Parameters& parameters, int bank, const Salt& salt, const Oprf& oprf,
                      std::span<const Block> identifiers, const std::vector<bool>& flagged,
                      const BinValues& targets) {
  const std::vector<Places> placed = Placement(parameters.bins, salt)(identifiers);
  const std::vector<OprfCode::Word> coded = OprfCode(salt_for(salt, "code"))(identifiers);
  const std::size_t words = parameters.value_words(), target_words = parameters.target_words();
  const FlagPlace place(parameters);
  Blocks keys;
  Words values;
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    for (std::size_t s = 0; s < places; ++s) {
      const std::uint32_t bin = placed[i].bins[s];
      const Block mask = oprf(bin, coded[i]);
      keys.push_back(placed[i].key(s));
      for (std::size_t word = 0; word < words; ++word) {
        const bool of_target = word < target_words;
        values.push_back(word_of(mask, word) ^
                         (of_target ? targets.targets[bin * target_words + word] : 0));
      }
      if (!parameters.flags) continue;
      const std::uint64_t flag = targets.flags[bin] ^ static_cast<std::uint64_t>(flagged[i]);
      values[values.size() - words + place.word] ^= flag << place.bit;
    }
  }
  const Words table = store(parameters, bank, salt).store(keys, values);
  Words message;
  for (std::size_t word = 0; word < words; ++word) {
    const std::size_t each = table.size() / words;
    const Words part =
        packed(std::span(table).subspan(word * each, each), bits_in(parameters, word));
    message.insert(message.end(), part.begin(), part.end());
  }
  return message;
}

BinValues read_opprf_hint(const Parameters& parameters, int bank, const Salt& salt,
                          const Bins& bins, std::span<const std::uint64_t> opprf_hint,
                          std::span<const Block> oprf) {
  const std::size_t words = parameters.value_words(), target_words = parameters.target_words();
  const FlagPlace place(parameters);
  const std::size_t each = sizes(parameters, bank).words();
  Words table;
  for (std::size_t word = 0, at = 0; word < words; ++word) {
    const int width = bits_in(parameters, word);
    const Words part = unpacked(opprf_hint.subspan(at), each, width);
    table.insert(table.end(), part.begin(), part.end());
    at += words_for_bits(each * static_cast<std::size_t>(width));
  }
  const Words loaded = store(parameters, bank, salt).load(table, bins.keys);
  BinValues out{Words(oprf.size() * target_words), Words(parameters.flags ? oprf.size() : 0)};
  for (std::size_t j = 0; j < oprf.size(); ++j) {
    const auto value = [&](std::size_t word) {
      return loaded[j * words + word] ^ word_of(oprf[j], word);
    };
    for (std::size_t word = 0; word < target_words; ++word) {
      out.targets[j * target_words + word] = value(word);
    }
    cut(parameters, std::span(out.targets).subspan(j * target_words, target_words));
    if (parameters.flags) out.flags[j] = value(place.word) >> place.bit & 1;
  }
  return out;
}

std::size_t opprf_hint_words(const Parameters& parameters, int bank) {
  std::size_t all = 0;
  for (std::size_t word = 0; word < parameters.value_words(); ++word) {
    all += words_for_bits(sizes(parameters, bank).words() *
                          static_cast<std::size_t>(bits_in(parameters, word)));
  }
  return all;
}

}  // namespace polder::quorum
