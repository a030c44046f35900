#include "match/quorum/hint.h"

#include <algorithm>

#include "base/packed.h"
#include "crypto/hash.h"
#include "crypto/random.h"

namespace polder::quorum {
namespace {

const KeyValueStore::Sizes& sizes(const Parameters& parameters, int bank) {
  return parameters.hint[static_cast<std::size_t>(bank)];
}

KeyValueStore store(const Parameters& parameters, int bank, const Salt& salt) {
  return {sizes(parameters, bank), salt_for(salt, "hint")};
}

}  // namespace

Salt salt_for(const Salt& salt, std::string_view purpose) {
  return Hasher<16>().add("polder quorum ").add(purpose).add(salt).finish();
}

Bins bins_of(std::span<const Block> identifiers, std::uint64_t bins, const Salt& salt) {
  const std::vector<Places> placed = Placement(bins, salt)(identifiers);
  const std::uint64_t sub_table = bins / places;
  Bins out{random_blocks(bins), random_blocks(bins), separate(placed, bins)};
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    const std::uint32_t bin = out.of_row[i];
    out.identifiers[bin] = identifiers[i];
    out.keys[bin] = placed[i].key(bin / sub_table);
  }
  return out;
}

BinValues random_targets(const Parameters& parameters) {
  BinValues out{Words(parameters.bins), Words(parameters.flags ? parameters.bins : 0)};
  random_words(out.targets);
  random_words(out.flags);
  for (std::uint64_t& target : out.targets) {
    target &= low_bits(static_cast<std::size_t>(parameters.target_bits));
  }
  for (std::uint64_t& flag : out.flags) flag &= 1;
  return out;
}

Words make_hint(const Parameters& parameters, int bank, const Salt& salt, const Oprf& oprf,
                std::span<const Block> identifiers, const std::vector<bool>& flagged,
                const BinValues& targets) {
  const std::vector<Places> placed = Placement(parameters.bins, salt)(identifiers);
  const std::vector<OprfCode::Word> coded = OprfCode(salt_for(salt, "code"))(identifiers);
  Blocks keys;
  Words values;
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    for (std::size_t s = 0; s < places; ++s) {
      const std::uint32_t bin = placed[i].bins[s];
      std::uint64_t value = targets.targets[bin];
      if (parameters.flags) {
        const std::uint64_t flag = targets.flags[bin] ^ static_cast<std::uint64_t>(flagged[i]);
        value |= flag << parameters.target_bits;
      }
      keys.push_back(placed[i].key(s));
      values.push_back(value ^ oprf(bin, coded[i]));
    }
  }
  return packed(store(parameters, bank, salt).store(keys, values), parameters.value_bits());
}

BinValues read_hint(const Parameters& parameters, int bank, const Salt& salt, const Bins& bins,
                    std::span<const std::uint64_t> hint, std::span<const std::uint64_t> oprf) {
  const int width = parameters.value_bits();
  const Words table = unpacked(hint, sizes(parameters, bank).words(), width);
  const Words loaded = store(parameters, bank, salt).load(table, bins.keys);
  const auto target = static_cast<std::size_t>(parameters.target_bits);
  BinValues out{Words(loaded.size()), Words(parameters.flags ? loaded.size() : 0)};
  for (std::size_t j = 0; j < loaded.size(); ++j) {
    const std::uint64_t value = loaded[j] ^ oprf[j];
    out.targets[j] = value & low_bits(target);
    if (parameters.flags) out.flags[j] = value >> target & 1;
  }
  return out;
}

std::size_t hint_words(const Parameters& parameters, int bank) {
  return words_for_bits(sizes(parameters, bank).words() *
                        static_cast<std::size_t>(parameters.value_bits()));
}

}  // namespace polder::quorum
