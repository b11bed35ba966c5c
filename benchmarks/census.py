"""Show that reading a children in need census does not need the size of its file in memory.

    python benchmarks/census.py                     files of 20 and of 200 MB
    python benchmarks/census.py --megabytes 1000    a file of the nation's size

Each file is made up as it is written, and read in a process of its own, once child by child without
keeping anything and once into tables. The most memory the process used at once is told above what it
used before it began to read.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from csd_helpers.extract.cin_census import read_cin_census
from csd_helpers.extract.xml_return import records

MB = 1_000_000
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Message><Header><CollectionDetails><Collection>CIN</Collection><ReferenceDate>2021-03-31</ReferenceDate>
</CollectionDetails></Header><Children>
"""
CHILD = """<Child>
  <ChildIdentifiers>
    <LAchildID>{number:010}</LAchildID><UPN>A{number:012}</UPN><FormerUPN>B{number:012}</FormerUPN>
    <PersonBirthDate>20{year}-05-01</PersonBirthDate><GenderCurrent>2</GenderCurrent>
  </ChildIdentifiers>
  <ChildCharacteristics>
    <Ethnicity>WBRI</Ethnicity><Disabilities><Disability>NONE</Disability></Disabilities>
  </ChildCharacteristics>
  <CINdetails>
    <CINreferralDate>2020-0{month}-02</CINreferralDate><ReferralSource>6</ReferralSource>
    <PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>false</ReferralNFA>
    <Assessments>
      <AssessmentActualStartDate>2020-0{month}-03</AssessmentActualStartDate>
      <AssessmentInternalReviewDate>2020-0{month}-13</AssessmentInternalReviewDate>
      <AssessmentAuthorisationDate>2020-0{month}-28</AssessmentAuthorisationDate>
      <FactorsIdentifiedAtAssessment>
        <AssessmentFactors>2B</AssessmentFactors><AssessmentFactors>3A</AssessmentFactors>
        <AssessmentFactors>4B</AssessmentFactors>
      </FactorsIdentifiedAtAssessment>
    </Assessments>
    <Section47>
      <S47ActualStartDate>2020-0{month}-05</S47ActualStartDate>
      <InitialCPCtarget>2020-0{month}-25</InitialCPCtarget>
      <DateOfInitialCPC>2020-0{month}-20</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired>
    </Section47>
    <ChildProtectionPlans>
      <CPPstartDate>2020-0{month}-20</CPPstartDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>
      <LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse><NumberOfPreviousCPP>0</NumberOfPreviousCPP>
      <Reviews><CPPreviewDate>2020-10-10</CPPreviewDate><CPPreviewDate>2021-03-10</CPPreviewDate></Reviews>
    </ChildProtectionPlans>
  </CINdetails>
</Child>
"""


def write_census(path: Path, size: int) -> int:
    """Write a census of about so many bytes, child by child; return how many children it holds."""
    number = 0
    with path.open("w", encoding="utf-8") as file:
        written = file.write(HEAD)
        while written < size:
            number += 1
            written += file.write(CHILD.format(number=number, year=10 + number % 9, month=4 + number % 6))
        file.write("</Children></Message>\n")
    return number


def peak() -> float:
    """Return the most memory this process has used at once, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB


def measure(path: Path, into_tables: bool) -> None:
    """Read a census and print how long it took and how much memory."""
    before, start = peak(), time.perf_counter()
    if into_tables:
        read_cin_census(path)
    else:
        for _ in records(path, "Child"):
            pass
    what = "into tables" if into_tables else "child by child"
    print(
        f"  {what}: {time.perf_counter() - start:.1f} s, {peak() - before:.0f} MB above the start", flush=True
    )


def main() -> None:
    """Run what was asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--megabytes", type=int, nargs="+", default=[20, 200], help="sizes of the files")
    options.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--into-tables", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.read:
        measure(given.read, given.into_tables)
        return
    for size in given.megabytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "census.xml"
            children = write_census(path, size * MB)
            print(f"{path.stat().st_size / MB:,.0f} MB, {children:,} children", flush=True)
            for more in ([], ["--into-tables"]):
                subprocess.run([sys.executable, __file__, "--read", str(path), *more], check=True)


if __name__ == "__main__":
    main()
