"""The units of measure of the Automated Export System (AES): Schedule B's units of quantity.

Source: the codes that Schedule B asks for, as filers of AES list them
(simplifiedtradesolutions.com/units-of-measure-used-in-the-automated-export-system); PFL and MWH as users of
the Census Bureau's export statistics name them. Of those marked unverified no source was at hand.
"""

UNITS = {
    "BBL": "barrels",
    "CAR": "carats",
    "CGM": "content grams",
    "CKG": "content kilograms",
    "CM2": "square centimeters",
    "CTN": "content metric tons",
    "DOZ": "dozens",
    "DPR": "dozen pairs",
    "FBM": "fiber meters",  # unverified
    "GBQ": "gigabecquerels",  # unverified
    "GM": "grams",
    "GRS": "gross",
    "HUN": "hundreds",  # unverified
    "JWL": "jewels",  # unverified
    "KG": "kilograms",
    "KM3": "thousand cubic meters",
    "KTS": "kilograms total sugars",  # unverified
    "L": "liters",
    "LNM": "linear meters",  # unverified
    "M": "meters",
    "M2": "square meters",
    "M3": "cubic meters",
    "MBQ": "megabecquerels",  # unverified
    "MWH": "megawatt hours",
    "NO": "number",
    "ODE": "ozone depletion equivalents",  # unverified
    "PCS": "pieces",
    "PFL": "proof liters",
    "PK": "packs",  # unverified
    "PRS": "pairs",
    "RBA": "running bales",  # unverified
    "SQ": "squares",  # unverified
    "T": "metric tons",
    "THS": "thousands",
    "X": "no unit required",
}

ALSO_WRITTEN = {
    "bag": ("NO", "PK"),
    "box": ("NO", "PK"),
    "carton": ("NO", "PK"),
    "copies": ("NO",),
    "copy": ("NO",),
    "device": ("NO",),
    "devices": ("NO",),
    "ea": ("NO",),
    "each": ("NO",),
    "ft": ("M",),
    "g": ("GM",),
    "gal": ("L",),
    "gallons": ("L",),
    "item": ("NO",),
    "items": ("NO",),
    "kgs": ("KG",),
    "kilo": ("KG",),
    "kilos": ("KG",),
    "lbs": ("KG",),
    "license": ("NO", "X"),
    "licenses": ("NO", "X"),
    "litres": ("L",),
    "lot": ("NO", "X"),
    "lots": ("NO", "X"),
    "metres": ("M",),
    "none": ("X",),
    "package": ("PK",),
    "pc": ("PCS",),
    "pce": ("PCS",),
    "pounds": ("KG",),
    "set": ("NO",),
    "sets": ("NO",),
    "ton": ("T",),
    "tonnes": ("T",),
    "tons": ("T",),
    "unit": ("NO",),
    "units": ("NO",),
}
"""Units as people write them and AES does not, and what each may be there.

AES takes metric weights and lengths.
"""
