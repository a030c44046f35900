// Oracle: rows written down by hand; every text is also fed byte by byte, which must change
// nothing.
#include "client/files/csv.h"

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
  EXPECT_EQ(parse("\xEF\xBB\xBF\xEF\xBB\xBFid\n1\n").names, (std::vector<std::string>{"id"}));
}

TEST(Csv, FindsSemicolonsAndTabs) {
  EXPECT_EQ(parse("id;flag\na,b;1\n").rows, (Rows{{"a,b", "1"}}));
  EXPECT_EQ(parse("id\tflag\na\t1\n").rows, (Rows{{"a", "1"}}));
  EXPECT_EQ(parse("id,a;b\n1,2;3\n").rows, (Rows{{"1", "2;3"}})) << "a comma wins";
}

// The separator is that of whole records, outside quotes (F7).
TEST(Csv, TheSeparatorIsFoundInRecordsAndNotInTheFirstLine) {
  EXPECT_EQ(parse("client_id;name, first;branch\nK1;Jansen, P;9\nK2;Smit, Q;9\n").names,
            (std::vector<std::string>{"client_id", "name, first", "branch"}));
  EXPECT_EQ(parse("client_id|reason\nK2|fraud\n").rows, (Rows{{"K2", "fraud"}}));
  EXPECT_EQ(parse("client_id;flagged;\"amount (EUR, net)\"\nK1;0;\"1,5\"\n").rows,
            (Rows{{"K1", "0", "1,5"}}));
  EXPECT_EQ(parse("\"Klant\nnummer\";client_id;flagged\n1;K1;0\n").rows, (Rows{{"1", "K1", "0"}}));
  EXPECT_EQ(parse("\"a;b\",c\n1,2\n").names, (std::vector<std::string>{"a;b", "c"}));
  EXPECT_EQ(parse("a\tb, c; d\n1\t2, 3; 4\n").names.size(), 2u) << "as many cells, fewer blanks";
}

CsvOptions said(char delimiter, std::size_t header_row = 0) {
  return {.file = "f.csv", .dialect = {.delimiter = delimiter, .header_row = header_row}};
}

TEST(Csv, TheSeparatorThatIsSaidCounts) {
  const std::string_view text = "a;b,c\n1;2,3\n";
  EXPECT_EQ(parse(text, 1, said(';')).rows, (Rows{{"1", "2,3"}}));
  EXPECT_EQ(parse(text, 1, said(',')).rows, (Rows{{"1;2", "3"}}));
  EXPECT_EQ(parse("a^b\n1^2\n", 1, said('^')).rows, (Rows{{"1", "2"}}));
  EXPECT_EQ(error_of("a^b\n1^2\n"),
            "f.csv: row 1: the header is one column whose name holds '^'; if that separates the "
            "columns, say so with --delimiter, else put the name in quotes");
  EXPECT_EQ(error_of("a;b\n1;2\n", said(',')),
            "f.csv: row 1: the header is one column whose name holds ';'; if that separates the "
            "columns, say so with --delimiter, else put the name in quotes");
  EXPECT_EQ(parse("\"a;b\"\n1\n").names, (std::vector<std::string>{"a;b"})) << "it is quoted";
}

// A first line sep=X says the separator and is no header (F3).
TEST(Csv, ASepLineIsHonouredAndDropped) {
  for (const char* line : {"sep=;", "\"sep=;\"", "SEP=;", "\xEF\xBB\xBFsep=;"}) {
    const Table table = parse(std::string(line) + "\r\nclient_id;a,b\r\nK1;1\r\n");
    EXPECT_EQ(table.names, (std::vector<std::string>{"client_id", "a,b"})) << line;
    EXPECT_EQ(table.rows, (Rows{{"K1", "1"}})) << line;
    EXPECT_EQ(table.numbers, (std::vector<std::size_t>{3})) << line;
  }
}

TEST(Csv, LinesAboveTheHeaderAreSkippedIfThatIsSaid) {
  const Table table = parse("Bank A, \"clients\n;;;\nclient_id,branch\nK1,1\n", 1, said('\0', 3));
  EXPECT_EQ(table.names, (std::vector<std::string>{"client_id", "branch"}));
  EXPECT_EQ(table.numbers, (std::vector<std::size_t>{4}));
}

// What exports leave over: separators without cells, unnamed columns, the mark of an end (F14,
// F16).
TEST(Csv, UnnamedColumnsAndRowsOfSeparatorsAreSkipped) {
  EXPECT_EQ(parse("id;flag;;\nK1;0;;\nK2;1\n;;;\n;\n").rows,
            (Rows{{"K1", "0", "", ""}, {"K2", "1", "", ""}}));
  EXPECT_EQ(parse("id,flag\nK1,0,,\n , \nK2,1\n").rows, (Rows{{"K1", "0"}, {"K2", "1"}}));
  EXPECT_EQ(error_of("id,flag\nK1,0,x\n").substr(0, 24), "f.csv: row 2 has 3 cells");
  EXPECT_EQ(error_of("id,flag,\nK1\n").substr(0, 24), "f.csv: row 2 has 1 cells");
}

TEST(Csv, ControlZAtTheEndIsNoCell) {
  for (const char* end : {"\n\x1A", "\n\x1A\r\n", "\x1A", "\n\x1A\x1A\n\n"}) {
    EXPECT_EQ(parse(std::string("id\nK1\nK2") + end).rows, (Rows{{"K1"}, {"K2"}}));
    EXPECT_EQ(parse(std::string("id,flag\nK1,1") + end).rows, (Rows{{"K1", "1"}}));
  }
  EXPECT_EQ(error_of("id\nK1\n\x1A\nK2\n"),
            "f.csv: row 4, column 2: it follows a line of Control-Z (U+001A), the mark of a file's "
            "end; remove that line");
}

std::string utf16(std::u16string_view text, bool little) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    bytes += little ? low : high;
    bytes += little ? high : low;
  }
  return bytes;
}

// Excel's "Unicode text" is UTF-16 with tabs (F17).
TEST(Csv, Utf16IsRead) {
  for (const bool little : {true, false}) {
    for (const char16_t* mark : {u"\uFEFF", u""}) {
      const std::u16string text =
          std::u16string(mark) + u"client_id\tname\r\nK1\tZo\u00EB \U0001F600\r\n";
      EXPECT_EQ(parse(utf16(text, little)).rows, (Rows{{"K1", "Zo\u00EB \U0001F600"}}));
    }
    EXPECT_EQ(error_of(utf16(u"\uFEFFid\nK1", little) + "x"),
              "f.csv: begins as UTF-16 text but is not all of it; save it as CSV UTF-8, or copy it "
              "again");
  }
}

TEST(Csv, WhatIsNoTextIsNamed) {
  using namespace std::string_view_literals;
  const auto starts = [](std::string_view text, std::string_view words) {
    const std::string error = error_of(text);
    EXPECT_EQ(error.substr(0, words.size()), words) << error;
  };
  starts("\x1F\x8B\x08\0"sv, "f.csv: is compressed with gzip; unpack it");
  starts("PK\x03\x04\x14\0\x06\0 [Content_Types].xml"sv, "f.csv: is an Excel workbook");
  starts("PK\x03\x04 clients.csv", "f.csv: is a zip archive; unpack it");
  starts("PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
         "f.csv: is a LibreOffice spreadsheet");
  starts("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "f.csv: is an Excel workbook");
  starts("<!DOCTYPE html><html>", "f.csv: is a web page (HTML)");
  starts("\xEF\xBB\xBF\n <Table><tr>", "f.csv: is a web page (HTML)");
  starts("<?xml version=\"1.0\"?>", "f.csv: is an XML file");
  starts("{\"clients\": []}", "f.csv: is a JSON file");
  starts("[{\"id\": 1}]", "f.csv: is a JSON file");
  starts("%PDF-1.7", "f.csv: is a PDF document");
  starts("PAR1", "f.csv: is a Parquet file");
  starts("-----BEGIN PGP MESSAGE-----", "f.csv: is a key, certificate or encrypted message");
  starts("\xFF\xFE\0\0i\0\0\0"sv, "f.csv: is UTF-32 text");
}

TEST(Csv, AHeaderWithoutRowsIsATable) {
  EXPECT_TRUE(parse("client_id,flagged").rows.empty());
  EXPECT_TRUE(parse("client_id,flagged\n\n").rows.empty());
}

TEST(Csv, NoBytesOrOnlyBlankLinesIsAnError) {
  for (const char* text : {"", "\n\r\n", "\xEF\xBB\xBF", ";;\n;;\n", "\x1A", "\n\x1A\n"}) {
    EXPECT_EQ(error_of(text),
              "f.csv: the file is empty; its first row must name the columns (a party without "
              "clients is a header without rows)");
  }
}

TEST(Csv, NamesTheByteThatIsNotUtf8) {
  EXPECT_EQ(error_of("id,name\n1,a\n2,caf\xE9\n"),
            "f.csv: row 3, column 'name': byte 17 of the file is not UTF-8 but probably "
            "windows-1252; save "
            "the file as CSV UTF-8");
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
  parser.feed({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  EXPECT_THROW(parser.finish(), Error);
}

TEST(Csv, WrittenCellsReadBack) {
  const std::vector<std::string> cells = {"", "a", "a,b", "\"", "x\r\ny", " ", ";\t", "é", "=1+1"};
  std::string text = "cell,id\n";
  for (const auto& cell : cells) {
    std::string line;
    append_csv_cell(line, cell);
    append_csv_cell(line, "K1");
    text += line + '\n';
  }
  const Table table = parse(text);
  ASSERT_EQ(table.rows.size(), cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) EXPECT_EQ(table.rows[i][0], cells[i]);
}

}  // namespace
}  // namespace polder
