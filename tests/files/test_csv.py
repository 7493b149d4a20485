"""CSV of any usual delimiter, encoding, line end and packing."""

import random

import pyarrow as pa
import pytest

from tests.files.desk import LEADS, Desk

ROWS = [("d1", "Zoé Müller", 12.0), ("d2", "l’Œuvre", 7.0)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(desk: Desk, delimiter: str) -> None:
    content = delimiter.join(["lead", "job_title", "employees"]) + "\n"
    content += f"a{delimiter}CEO{delimiter}12\nb{delimiter}CTO{delimiter}7\n"

    desk.read_leads(content)

    assert desk.rows("lead, job_title, employees") == [("a", "CEO", 12.0), ("b", "CTO", 7.0)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["leads.csv", "leads.csv.gz"])
def test_any_usual_encoding_line_end_and_packing_is_read(
    desk: Desk, encoding: str, line_end: str, name: str
) -> None:
    content = "lead;job_title;employees\nd1;Zoé Müller;12\nd2;l’Œuvre;7\n"

    desk.read(desk.put(name, content.replace("\n", line_end), encoding=encoding))

    assert desk.rows("lead, job_title, employees") == ROWS


def test_latin_1_is_read_and_named(desk: Desk) -> None:
    loaded = desk.read_leads("lead;job_title\na;Gérant\n".encode("latin-1"))

    assert desk.rows("job_title") == [("Gérant",)]
    assert loaded.mapping["leads"].files[0].encoding == "cp1252"


def test_utf_8_with_a_few_stray_bytes_keeps_its_other_letters(desk: Desk) -> None:
    content = "lead,job_title\na,Gérante\nb,Directeur général\nc,".encode() + b"Pr\xe9sident\n"

    desk.read_leads(content)

    assert desk.rows("job_title") == [("Directeur général",), ("Gérante",), ("Président",)]


def test_zstd_is_unpacked(desk: Desk) -> None:
    path = desk.folder / "leads.csv.zst"
    with pa.output_stream(str(path), compression="zstd") as file:
        file.write(LEADS.encode())

    loaded = desk.read(str(path))

    assert loaded.lead_count == 2


def test_quoted_line_feeds_and_doubled_quotes_stay_in_their_cell(desk: Desk) -> None:
    desk.read_leads('lead,job_title\r\na,"head of\r\n""growth"", EMEA"\r\nb,CEO\r\n')

    assert desk.rows("job_title") == [("CEO",), ('head of\n"growth", EMEA',)]


def test_title_lines_the_sep_line_and_empty_rows_are_passed_over(desk: Desk) -> None:
    loaded = desk.read_leads(
        "sep=;\nExport of 3 May\n\nlead;email;employees\na;a@x.example;3\n;;\n\nb;b@x.example;4\n"
    )

    assert desk.rows("lead, employees") == [("a", 3.0), ("b", 4.0)]
    assert loaded.rejected.total == 0


def test_a_header_cell_with_a_line_feed_is_one_name(desk: Desk) -> None:
    loaded = desk.read_leads('lead,"Nombre\nde salariés"\na,12\nb,many\n')

    assert desk.rows("lead, employees") == [("a", 12.0), ("b", None)]
    assert desk.rejects(loaded) == [("leads.csv", 4, "bad_number", "cell_emptied")]


def test_columns_without_a_name_or_with_the_same_one_are_told_apart(desk: Desk) -> None:
    loaded = desk.read_leads("lead,note,Note,\na,1,2,3\n")

    assert loaded.unmapped == ("note", "Note (2)", "column 4")
    assert desk.rows('note, "Note (2)", "column 4"') == [("1", "2", "3")]


def test_several_files_by_glob_are_one_table(desk: Desk) -> None:
    desk.put("may.csv", "lead,email\na,a@x.example\n")
    desk.put("june.csv", "email;Contact ID\nb@x.example;b\n")

    loaded = desk.read(str(desk.folder / "*.csv"))

    assert desk.rows("lead, email") == [("a", "a@x.example"), ("b", "b@x.example")]
    assert [file.label for file in loaded.mapping["leads"].files] == ["june.csv", "may.csv"]


@pytest.mark.parametrize(
    "name", ["a[1].csv", "b*.csv", "it's; DROP.csv", "c?{x,y}.csv", "é $1.csv"]
)
def test_odd_file_names_name_that_file_alone(desk: Desk, name: str) -> None:
    desk.put("b-other.csv", "lead\nother\n")

    desk.read(desk.put(name, "lead,x\nmine,1\n"))

    assert desk.rows("lead") == [("mine",)]


def test_names_of_columns_cannot_reach_into_the_sql(desk: Desk) -> None:
    name = "x\"; DROP TABLE leads; --'"
    quoted = name.replace('"', '""')

    loaded = desk.read_leads(f'lead,"{quoted}"\na,1\n', fields={name: "number"})

    assert loaded.mapping["leads"].absent == ()
    assert desk.connection.execute("SELECT * FROM leads").fetchall() == [("a", 1.0)]


def test_lines_are_told_right_across_a_long_file_of_quoted_line_feeds(desk: Desk) -> None:
    chance = random.Random(3)
    lines, bad = ["lead,job_title,employees"], []
    for turn in range(3000):
        if chance.random() < 0.01:
            bad.append(len(lines) + 1)
            lines.append(f"l{turn}" if chance.random() < 0.5 else f"l{turn},x,many")
        elif chance.random() < 0.2:
            lines += [f'l{turn},"two', 'lines",3']
        elif chance.random() < 0.1:
            lines.append("")
        else:
            lines.append(f"l{turn},x,5")

    loaded = desk.read_leads("\n".join(lines) + "\n")

    assert sorted(line or 0 for _, line, _, _ in desk.rejects(loaded)) == bad
