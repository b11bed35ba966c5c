"""What codes mean, in words a committee reads. Source: SSDA903 guide 2020-21, DfE CIN census guide."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

PLACEMENT_TYPE = {
    **dict.fromkeys(["U1", "U2", "U3"], "Foster care: relative or friend"),
    **dict.fromkeys(["U4", "U5", "U6"], "Foster care: other carer"),
    **dict.fromkeys(["A3", "A4", "A5", "A6"], "Placed for adoption"),
    **dict.fromkeys(["K1", "K2"], "Children's home or secure unit"),
    **dict.fromkeys(["H5", "P2"], "Semi-independent or independent"),
    "P1": "With parents",
}
OTHER_PLACEMENT = "Other placement"
LEGAL_STATUS = {
    "C1": "Interim care order",
    "C2": "Full care order",
    "E1": "Placement order",
    "V2": "Accommodated (section 20)",
}
OTHER_LEGAL_STATUS = "Other legal status"
ACTIVITY = {
    **dict.fromkeys(["F1", "P1"], "Higher education"),
    **dict.fromkeys(["F2", "P2"], "Other education"),
    **dict.fromkeys(["F3", "P3", "F4", "P4", "F5", "P5"], "Training or employment"),
    "G4": "Not occupied: illness or disability",
    "G5": "Not occupied: other reason",
    "G6": "Not occupied: pregnancy or parenting",
}
UNKNOWN_ACTIVITY = "Not known"
AGE_BANDS = [
    (0, 1, "Under 1"),
    (1, 5, "1 to 4"),
    (5, 10, "5 to 9"),
    (10, 16, "10 to 15"),
    (16, 18, "16 and over"),
]
#: Miles from home to placement; the Department for Education reports more than 20.
DISTANCE_BOUNDS = [0, 5, 20, float("inf")]
DISTANCE = ("5 miles or less", "More than 5, up to 20 miles", "More than 20 miles")
UNKNOWN_DISTANCE = "Not known"
REFERRAL_SOURCE = {
    **dict.fromkeys(["1A", "1B", "1C", "1D"], "Family, friend or individual"),
    **dict.fromkeys(["2A", "2B"], "School or education service"),
    **dict.fromkeys(["3A", "3B", "3C", "3D", "3E", "3F"], "Health service"),
    "4": "Housing",
    **dict.fromkeys(["5A", "5B", "5C"], "Council service"),
    "6": "Police",
    "7": "Other legal agency",
    "8": "Other",
    "9": "Anonymous",
}
UNKNOWN_SOURCE = "Not known"
PRIMARY_NEED = {
    "N1": "Abuse or neglect",
    "N2": "Child's disability or illness",
    "N3": "Parental illness or disability",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
    "N9": "Cases other than children in need",
}
UNKNOWN_NEED = "Not stated"
EXCEPTION = {"0": "No exception", "1": "An exception applies"}
UNKNOWN_EXCEPTION = "Not stated"
ABUSE = {
    "NEG": "Neglect",
    "PHY": "Physical abuse",
    "SAB": "Sexual abuse",
    "EMO": "Emotional abuse",
    "MUL": "Multiple",
}
UNKNOWN_ABUSE = "Not recorded"


def label(codes: pd.Series, words: Mapping[str, str], otherwise: str) -> pd.Series:
    """Return what each code means; a blank or a code without words is ``otherwise``.

    Examples
    --------
    >>> label(pd.Series(["EMO", None, "NEG"]), ABUSE, UNKNOWN_ABUSE).tolist()
    ['Emotional abuse', 'Not recorded', 'Neglect']
    """
    places, known = pd.factorize(codes)
    meant = [*(words.get(code, otherwise) for code in known), otherwise]  # a blank is at place -1
    distinct, numbers = np.unique(meant, return_inverse=True)
    return pd.Series(pd.Categorical.from_codes(numbers[places], distinct), index=codes.index)
