"""What codes mean, in words a committee reads. Source: SSDA903 guide 2020-21."""

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
