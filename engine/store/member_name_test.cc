// W17: names that look alike, or have letters that nobody sees.
#include "store/member_name.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace polder {
namespace {

TEST(VisibleName, IsTakenAsItIs) {
  for (const char* name :
       {"amstel", "Bank Één", "Öğrenci A.Ş.", "銀行", "بنك", "банк", "a b", "clients 2026-11"}) {
    EXPECT_NO_THROW(check_visible_name(name, "name")) << name;
  }
}

TEST(VisibleName, HasNoLettersThatNobodySees) {
  for (const char* name : {"", " amstel", "amstel ", "am\u200bstel", "\u202eamstel", "am\u00adstel",
                           "am\u00a0stel", "am\u2028stel", "am\u034fstel", "amstel\u115f",
                           "am\ufeffstel", "am\U000e0041stel", "am\u2003stel", "a\nb", "\xff"}) {
    EXPECT_THROW(check_visible_name(name, "name"), Error) << name;
  }
}

TEST(VisibleName, HasOneSpelling) {
  EXPECT_NO_THROW(check_visible_name("Een\u00e9", "name"));
  EXPECT_THROW(check_visible_name("Eene\u0301", "name"), Error);
}

TEST(Names, LookAlike) {
  EXPECT_TRUE(look_alike("amstel", "AMSTEL"));
  EXPECT_TRUE(look_alike("amstel", "\u0430mstel"));  // Cyrillic
  EXPECT_TRUE(look_alike("bank1", "bankl"));
  EXPECT_TRUE(look_alike("berkel", "berke1"));
  EXPECT_FALSE(look_alike("amstel", "amstel")) << "the same is not alike";
  EXPECT_FALSE(look_alike("amstel", "berkel"));
  EXPECT_FALSE(look_alike("bank1", "bank2"));
}

}  // namespace
}  // namespace polder
