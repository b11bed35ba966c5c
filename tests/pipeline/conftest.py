"""A council small enough to count by hand."""

import shutil
from pathlib import Path

import pytest

FILES = {
    "cla_episodes": [
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
        "A,2019-09-02,S,C2,N1,U4,PR1,,,,A1 1AA,B1 1BB,SC1",
        "=B,2020-05-01,S,C2,N1,U4,PR1,,,,A1 1AA,B1 1BB,SC1",
        "C,2020-06-01,S,V3,N1,U4,PR1,,,,A1 1AA,B1 1BB,SC1",  # an agreed short break
    ],
    "cla_reviews": [  # A is reviewed on time; B's first was due on 2 June and held on the 10th
        "CHILD,DOB,REVIEW,REVIEW_CODE",
        "A,2010-01-01,2019-09-20,PN1",
        "A,2010-01-01,2019-12-10,PN1",
        "A,2010-01-01,2020-06-01,PN1",
        "=B,2010-01-01,2020-06-10,PN1",
        "=B,2010-01-01,2020-09-01,PN1",
    ],
    "care_leavers": [
        "CHILD,DOB,birthday_date,IN_TOUCH,ACTIV,ACCOM",
        "L1,2001-05-01,2020-05-01,YES,F2,U1",
        "L2,2000-06-01,2020-06-01,NO,G5,U2",
        "L3,2000-06-02,2020-06-02,DIED,,",
        "L4,1998-06-03,2020-06-03,YES,F2,U1",
    ],
    "population": ["year,population_0_17,population_10_17", "2018,10000,4000", "2020,10000,4000"],
    "returns": [
        "indicator,period,numerator,denominator,value,as_at,status,source",
        "children_looked_after,2020-09,2,10000,,2020-09-30,final,dashboard",
        "children_looked_after,2020-10,5,10000,,2020-10-31,final,dashboard",
        "foster_carers_recruited,2020-10,11,,,2020-10-31,final,fostering team",
        "persistent_absence,2020-10,,,8.85,2020-10-31,provisional,schools team",
    ],
}


@pytest.fixture(scope="module")
def small(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a council of three children looked after and four care leavers."""
    folder = tmp_path_factory.mktemp("small")
    shutil.copytree(root / "parameters", folder / "parameters")
    extract = folder / "outputs" / "demo" / "extract"
    extract.mkdir(parents=True)
    for name, lines in FILES.items():
        (extract / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
