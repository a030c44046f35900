// Oracle: rows written down by hand; every text is also fed byte by byte, which must change
// nothing.
#include "client/csv.h"

#include <gtest/gtest.h>

#include <string>

namespace polder {
namespace {

struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> numbers;
};

Table parse(std::string_view text, std::size_t step, CsvOptions options = {.file = "f.csv"}) {
  Table table;
  CsvParser parser(std::move(options), {.header = [&](const auto& names) { table.names = names; },
                                        .row =
                                            [&](std::size_t number, Cells cells) {
                                              table.numbers.push_back(number);
                                              table.rows.emplace_back(cells.begin(), cells.end());
                                            }});
  for (std::size_t i = 0; i < text.size(); i += step) {
    const std::string_view piece = text.substr(i, step);
    parser.feed({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()});
  }
  parser.finish();
  return table;
}

Table parse(std::string_view text) {
  const Table whole = parse(text, text.size() + 1), bytewise = parse(text, 1);
  EXPECT_EQ(whole.names, bytewise.names);
  EXPECT_EQ(whole.rows, bytewise.rows);
  EXPECT_EQ(whole.numbers, bytewise.numbers);
  return whole;
}

std::string error_of(std::string_view text, CsvOptions options = {.file = "f.csv"}) {
  std::string first;
  for (const std::size_t step : {std::size_t{1}, text.size() + 1}) {
    try {
      parse(text, step, options);
      return "no error";
    } catch (const Error& error) {
      if (first.empty()) first = error.what();
      EXPECT_EQ(first, error.what());
    }
  }
  return first;
}

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsRowsWithAnyLineEnd) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    std::string text = "id,flag~a,1~~b,0~c,1";
    for (std::size_t at; (at = text.find('~')) != text.npos;) text.replace(at, 1, end);
    const Table table = parse(text);
    EXPECT_EQ(table.names, (std::vector<std::string>{"id", "flag"}));
    EXPECT_EQ(table.rows, (Rows{{"a", "1"}, {"b", "0"}, {"c", "1"}}));
    EXPECT_EQ(table.numbers, (std::vector<std::size_t>{2, 4, 5})) << "a blank line counts";
  }
}

TEST(Csv, KeepsQuotesSpacesAndLineEndsInCells) {
  const Table table =
      parse("id,note\r\n\"a,\"\"b\"\"\", x \r\n\"two\r\nlines\",\"\"\r\nlast,y\r\n");
  EXPECT_EQ(table.rows, (Rows{{"a,\"b\"", " x "}, {"two\r\nlines", ""}, {"last", "y"}}));
  EXPECT_EQ(table.numbers, (std::vector<std::size_t>{2, 3, 4})) << "a cell of two lines is one row";
}

TEST(Csv, AcceptsAByteOrderMarkAndTrimsNames) {
  EXPECT_EQ(parse("\xEF\xBB\xBF id , flag\n1,2\n").names, (std::vector<std::string>{"id", "flag"}));
  EXPECT_EQ(parse("\xEF\xBB\xBF\"id\"\n").names, (std::vector<std::string>{"id"}));
}

TEST(Csv, FindsSemicolonsAndTabs) {
  EXPECT_EQ(parse("id;flag\na,b;1\n").rows, (Rows{{"a,b", "1"}}));
  EXPECT_EQ(parse("id\tflag\na\t1\n").rows, (Rows{{"a", "1"}}));
  EXPECT_EQ(parse("id,a;b\n1,2;3\n").rows, (Rows{{"1", "2;3"}})) << "a comma wins";
}

TEST(Csv, AHeaderWithoutRowsIsATable) {
  EXPECT_TRUE(parse("client_id,flagged").rows.empty());
  EXPECT_TRUE(parse("client_id,flagged\n\n").rows.empty());
}

TEST(Csv, NoBytesOrOnlyBlankLinesIsAnError) {
  for (const char* text : {"", "\n\r\n", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(error_of(text),
              "f.csv: the file is empty; its first row must name the columns (a party without "
              "clients is a header without rows)");
  }
}

TEST(Csv, NamesTheByteThatIsNotUtf8) {
  EXPECT_EQ(
      error_of("id,name\n1,a\n2,caf\xE9\n"),
      "f.csv: row 3, column 'name': byte 17 of the file is not UTF-8; save the file as CSV UTF-8");
  EXPECT_EQ(
      error_of("id\n\xC0\xAF\n"),
      "f.csv: row 2, column 'id': byte 3 of the file is not UTF-8; save the file as CSV UTF-8");
  EXPECT_EQ(error_of("i\xFF"),
            "f.csv: row 1, column 1: byte 1 of the file is not UTF-8; save the file as CSV UTF-8");
  EXPECT_EQ(error_of("id\nab\xE2\x82"),
            "f.csv: row 2, column 'id': the file ends within a character; save it as CSV UTF-8, or "
            "copy it again");
}

TEST(Csv, RefusesNul) {
  EXPECT_EQ(
      error_of(std::string_view("id,x\na,b\0\n", 10)),
      "f.csv: row 2, column 'x': a NUL byte at byte 8 of the file; export it again as CSV text");
}

TEST(Csv, RefusesAColumnNamedTwice) {
  EXPECT_EQ(error_of("id,flag, id\n"),
            "f.csv: the header names column 'id' twice; rename or remove one");
}

TEST(Csv, RefusesRaggedRows) {
  EXPECT_EQ(error_of("id,flag\na,1\n\nb\n"),
            "f.csv: row 4 has 1 cells, the header has 2; quote cells that hold a separator, and "
            "fill up short rows");
}

TEST(Csv, RefusesAnOpenQuote) {
  EXPECT_EQ(error_of("id,flag\na,1\n\"b,1\nc,0\n"),
            "f.csv: row 3, column 'id': the file ends within quotes; close the quote or copy the "
            "file again");
  EXPECT_EQ(error_of("id\na\"b\n"),
            "f.csv: row 2, column 'id': a quote in the middle of a cell; put the whole cell in "
            "quotes and double those in it");
}

TEST(Csv, RefusesAHugeCellBeforeItIsWhole) {
  const std::string text = "id,note\na," + std::string(10'000'000, 'x');
  const std::string quoted = "id,note\na,\"" + std::string(10'000'000, 'x');
  const std::string expected =
      "f.csv: row 2, column 'note': the cell is larger than 1048576 bytes; is a closing quote "
      "missing?";
  for (const std::string& each : {text, quoted}) {
    try {
      parse(each, each.size());
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), expected);
    }
  }
}

TEST(Csv, RefusesTooManyColumns) {
  std::string text = "c0";
  for (int i = 1; i < 1'000'000; ++i) text += ",c" + std::to_string(i);
  try {
    parse(text, text.size());
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_STREQ(
        error.what(),
        "f.csv: row 1, column 4097: more than 4096 columns; keep the ones that are needed");
  }
}

TEST(Csv, WhatAHandlerThrowsArrives) {
  CsvParser parser({.file = "f.csv"},
                   {.header = [](const auto&) {},
                    .row = [](std::size_t, Cells) { fail(Code::cancelled, "stop"); }});
  const std::string text = "id\n1\n2\n";
  EXPECT_THROW(parser.feed({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}),
               Error);
}

TEST(Csv, WrittenCellsReadBack) {
  const std::vector<std::string> cells = {"", "a", "a,b", "\"", "x\r\ny", " ", ";\t", "é", "=1+1"};
  std::string text = "id\n";
  for (const auto& cell : cells) {
    std::string line;
    append_csv_cell(line, cell);
    text += line + '\n';
  }
  const Table table = parse(text);
  ASSERT_EQ(table.rows.size(), cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) EXPECT_EQ(table.rows[i][0], cells[i]);
}

TEST(Csv, AMissingColumnListsThoseThatExist) {
  const std::vector<std::string> names = {"id", "flagged"};
  EXPECT_EQ(column_position(names, "flagged", "f.csv"), 1U);
  try {
    column_position(names, "client_id", "f.csv");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_schema);
    EXPECT_STREQ(error.what(),
                 "f.csv: there is no column 'client_id'; the columns are 'id', 'flagged'");
  }
}

}  // namespace
}  // namespace polder
