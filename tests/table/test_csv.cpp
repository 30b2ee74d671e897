// SPDX-License-Identifier: Apache-2.0
#include "table/csv.hpp"

#include <filesystem>
#include <fstream>
#include <limits>

#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace sink;
using sink::tests::refusal;

namespace {

std::string refused(const std::string& text) {
  return refusal(Error::Kind::input, [&] { parse_csv(text, "t.csv"); });
}

std::string refused_number(const std::string& cell) {
  const CsvTable table = parse_csv("code,value\n1," + cell + "\n", "t.csv");
  return refusal(Error::Kind::input, [&] { return table.number(0, 1); });
}

}  // namespace

TEST_CASE("cells are text, by header name") {
  const CsvTable table = parse_csv("code,name\n1,杉木\n2,\"a, \"\"b\"\"\"\n", "t.csv");
  CHECK(table.header == std::vector<std::string>{"code", "name"});
  CHECK(table.rows == std::vector<std::vector<std::string>>{{"1", "杉木"}, {"2", "a, \"b\""}});
  CHECK(table.find("name") == 1);
  CHECK(table.find("nam") == -1);
  CHECK(table.place(1) == "t.csv:3");
  CHECK_THAT(refusal(Error::Kind::input, [&] { return table.column("key"); }),
             Catch::Contains("t.csv: has no column 'key', only code,name"));
}

TEST_CASE("what spreadsheets leave behind is no matter") {
  const CsvTable table =
      parse_csv("\xEF\xBB\xBF# a comment, with \"quotes\r\n\r\ncode,name\r\n\r\n1,x\r\n  \r\n,,\r\n2,y", "t.csv");
  CHECK(table.rows == std::vector<std::vector<std::string>>{{"1", "x"}, {"2", "y"}});
  CHECK(table.lines == std::vector<int>{5, 8});
}

TEST_CASE("a row starts on its first line, however many it has") {
  const CsvTable table = parse_csv("code,name\n1,\"two\n# lines\n\nand more\"\n2,y\n", "t.csv");
  CHECK(table.rows[0][1] == "two\n# lines\n\nand more");
  CHECK(table.lines == std::vector<int>{2, 6});
}

TEST_CASE("text that is no table is refused with its line") {
  CHECK_THAT(refused(""), Catch::Contains("t.csv: is empty"));
  CHECK_THAT(refused("# only a comment\n"), Catch::Contains("is empty"));
  CHECK_THAT(refused("a,b\n1,2\n3\n"), Catch::Contains("t.csv:3: has 1 cells, the header has 2"));
  CHECK_THAT(refused("a,b\n1,2,3\n"), Catch::Contains("has 3 cells"));
  CHECK_THAT(refused("a,b\n1,2\n3,\"x\n4,5\n"), Catch::Contains("t.csv:3: a quote is opened and never closed"));
  CHECK_THAT(refused("a,b\n1,x\"y\n"), Catch::Contains("t.csv:2: a quote inside a cell"));
  CHECK_THAT(refused("a,b\n1,\"x\"y\n"), Catch::Contains("a quote inside a cell"));
  CHECK_THAT(refused("a,a\n1,2\n"), Catch::Contains("column 'a' stands twice"));
}

TEST_CASE("text that is not UTF-8 is refused with the command that converts it") {
  const std::string gbk_bamboo = "\xC3\xAB\xD6\xF1";
  CHECK_THAT(refused("code,name\n1," + gbk_bamboo + "\n"),
             Catch::Contains("t.csv:2: not UTF-8") && Catch::Contains("iconv -f GB18030 -t UTF-8 't.csv'"));
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE6\x9D", "\xFF"})
    CHECK_THAT(refused("a\n" + std::string(bad)), Catch::Contains("not UTF-8"));
  for (const char* good : {"\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    CHECK(parse_csv("a\n" + std::string(good), "t.csv").rows[0][0] == good);
  CHECK_THAT(refused(std::string("a\0b\0", 4)), Catch::Contains("zero bytes"));
}

TEST_CASE("a number is a whole cell and finite") {
  const CsvTable table = parse_csv("a,b,c\n1.5,-2e-3,+7\n", "t.csv");
  CHECK(table.number(0, 0) == 1.5);
  CHECK(table.number(0, 1) == -0.002);
  CHECK(table.number(0, 2) == 7);
  for (const char* cell : {"x", "1.5 t", "\"1,5\"", "nan", "inf", "1e999", "0x10", "++1"})
    CHECK_THAT(refused_number(cell),
               Catch::StartsWith("t.csv:2: '") && Catch::Contains("in column value is no number"));
  CHECK_THAT(refused_number("\"\""), Catch::Contains("is no number"));
}

TEST_CASE("numbers are written with the shortest digits that read back") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(1.0 / 3) == "0.3333333333333333");
  CHECK(number_text(2049577.2) == "2049577.2");
  CHECK(number_text(1000000) == "1000000");
  CHECK(number_text(-2.5) == "-2.5");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(1e300) == "1e+300");
  CHECK(number_text(1e-9) == "1e-09");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN()).empty());
  for (const double value : {5e-324, 1.7976931348623157e308, 123456789.123456789, 9007199254740993.0, 0.1 + 0.2})
    CHECK(parse_csv("a\n" + number_text(value), "t.csv").number(0, 0) == value);
}

TEST_CASE("a cell reads back as it was written") {
  for (const char* text :
       {"plain", "", "a,b", "say \"so\"", "two\nlines", " spaced ", "# no comment", "杉木", "=1+1"}) {
    const CsvTable table = parse_csv("first,second\n" + csv_cell(text) + ",x\n", "t.csv");
    REQUIRE(table.rows.size() == 1);
    CHECK(table.rows[0][0] == text);
  }
  CHECK(csv_cell("plain") == "plain");
}

TEST_CASE("files that cannot be read are refused by name") {
  CHECK_THAT(refusal(Error::Kind::input, [] { read_csv("no such.csv"); }),
             Catch::Contains("no such.csv: no such file"));
  CHECK_THAT(refusal(Error::Kind::input, [] { read_csv("."); }), Catch::Contains("is no file"));
  const auto path = std::filesystem::temp_directory_path() / "sinkcalc 杉木.csv";
  std::ofstream(path) << "code,name\n1,x\n";
  CHECK(read_csv(path.string()).rows.size() == 1);
  std::filesystem::remove(path);
}
