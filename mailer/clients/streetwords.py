"""The words of USPS Publication 28: street suffixes (Appendix C1), units (C2), directions. Pure.

Keys and values are in capitals. Of C1 those suffixes are left out that are far more often a street's own name
(BURG, FORT, KEY, LIGHT, LOAF, LOCK, PORT, RADIAL, REST, UNION, VILLE): such a street stays as given.
"""

from __future__ import annotations

from typing import Final

# The Postal Service's suffix: what is commonly written for it.
_C1: Final = {
    "ALY": "ALLEY ALLEE ALLY", "ANX": "ANNEX ANEX", "ARC": "ARCADE", "AVE": "AVENUE AV AVEN AVENU AVN AVNUE",
    "BCH": "BEACH", "BLF": "BLUFF", "BLFS": "BLUFFS", "BLVD": "BOULEVARD BOUL BOULV", "BND": "BEND",
    "BR": "BRANCH", "BRG": "BRIDGE", "BRK": "BROOK", "BYP": "BYPASS BYPAS", "BYU": "BAYOU",
    "CIR": "CIRCLE CIRC CIRCL CRCL CRCLE", "CLB": "CLUB", "CLF": "CLIFF", "CLFS": "CLIFFS", "CMN": "COMMON",
    "COR": "CORNER", "CORS": "CORNERS", "CP": "CAMP", "CPE": "CAPE", "CRES": "CRESCENT CRSENT",
    "CRK": "CREEK", "CRSE": "COURSE", "CRST": "CREST", "CSWY": "CAUSEWAY", "CT": "COURT CRT",
    "CTR": "CENTER CENTRE CNTR", "CTRS": "CENTERS", "CTS": "COURTS", "CURV": "CURVE", "CV": "COVE",
    "CYN": "CANYON", "DL": "DALE", "DM": "DAM", "DR": "DRIVE DRIV DRV", "DV": "DIVIDE", "EST": "ESTATE",
    "ESTS": "ESTATES", "EXPY": "EXPRESSWAY", "EXT": "EXTENSION EXTN", "FLD": "FIELD", "FLDS": "FIELDS",
    "FLS": "FALLS", "FLT": "FLAT", "FLTS": "FLATS", "FRD": "FORD", "FRG": "FORGE", "FRK": "FORK",
    "FRKS": "FORKS", "FRST": "FOREST", "FRY": "FERRY", "FWY": "FREEWAY FREEWY FRWY", "GDN": "GARDEN",
    "GDNS": "GARDENS", "GLN": "GLEN", "GRN": "GREEN", "GRV": "GROVE", "GTWY": "GATEWAY", "HBR": "HARBOR",
    "HL": "HILL", "HLS": "HILLS", "HOLW": "HOLLOW HOLLOWS", "HTS": "HEIGHTS HGTS", "HVN": "HAVEN",
    "HWY": "HIGHWAY HIGHWY HIWAY HIWY HWAY", "INLT": "INLET", "IS": "ISLAND", "JCT": "JUNCTION JCTN",
    "KNL": "KNOLL", "KNLS": "KNOLLS", "LDG": "LODGE", "LK": "LAKE", "LKS": "LAKES", "LN": "LANE",
    "LNDG": "LANDING", "MDW": "MEADOW", "MDWS": "MEADOWS", "ML": "MILL", "MLS": "MILLS", "MNR": "MANOR",
    "MSN": "MISSION", "MT": "MOUNT", "MTN": "MOUNTAIN MTIN", "MTNS": "MOUNTAINS", "MTWY": "MOTORWAY",
    "NCK": "NECK", "OPAS": "OVERPASS", "ORCH": "ORCHARD", "PARK": "PRK", "PKWY": "PARKWAY PARKWY PKWAY PKY",
    "PL": "PLACE", "PLN": "PLAIN", "PLNS": "PLAINS", "PLZ": "PLAZA PLZA", "PNE": "PINE", "PNES": "PINES",
    "PR": "PRAIRIE", "PSGE": "PASSAGE", "PT": "POINT", "PTS": "POINTS", "RD": "ROAD", "RDG": "RIDGE RDGE",
    "RDS": "ROADS", "RIV": "RIVER", "RNCH": "RANCH", "RPDS": "RAPIDS", "RTE": "ROUTE", "SHL": "SHOAL",
    "SHR": "SHORE", "SHRS": "SHORES", "SKWY": "SKYWAY", "SMT": "SUMMIT", "SPG": "SPRING", "SPGS": "SPRINGS",
    "SQ": "SQUARE SQR SQRE", "ST": "STREET STR STRT", "STA": "STATION", "STRM": "STREAM",
    "TER": "TERRACE TERR", "TPKE": "TURNPIKE TPK TRNPK", "TRAK": "TRACK", "TRCE": "TRACE",
    "TRFY": "TRAFFICWAY", "TRL": "TRAIL TRAILS TRLS", "TRWY": "THROUGHWAY", "TUNL": "TUNNEL",
    "UPAS": "UNDERPASS", "VIA": "VIADUCT", "VIS": "VISTA", "VLG": "VILLAGE", "VLY": "VALLEY", "VW": "VIEW",
    "VWS": "VIEWS", "WAY": "WY", "WL": "WELL", "WLS": "WELLS", "XING": "CROSSING CRSSNG", "XRD": "CROSSROAD",
}  # fmt: skip
_WHOLE: Final = (
    "LOOP MALL MEWS OVAL PASS PATH PIKE RAMP ROW RUN SPUR WALK WALL WAYS"  # C1 has no shorter word
)

SUFFIXES: Final = {word: short for short, words in _C1.items() for word in words.split()}
SHORT_SUFFIXES: Final = frozenset((*_C1, *_WHOLE.split()))

DIRECTIONS: Final = {
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW",
}  # fmt: skip

UNITS: Final = {
    "APARTMENT": "APT", "BUILDING": "BLDG", "DEPARTMENT": "DEPT", "FLOOR": "FL", "HANGAR": "HNGR",
    "OFFICE": "OFC", "PENTHOUSE": "PH", "ROOM": "RM", "SPACE": "SPC", "SUITE": "STE", "TRAILER": "TRLR",
}  # fmt: skip
"""Those that are followed by a number or letter; OFC and PH also stand alone."""
UNIT_WORDS: Final = frozenset((*UNITS, *UNITS.values(), "KEY", "LOT", "PIER", "PMB", "SLIP", "STOP", "UNIT"))
ALONE: Final = {
    "BASEMENT": "BSMT", "FRONT": "FRNT", "LOBBY": "LBBY", "LOWER": "LOWR", "OFFICE": "OFC",
    "PENTHOUSE": "PH", "UPPER": "UPPR",
}  # fmt: skip
"""Those that need no number."""
ALONE_WORDS: Final = frozenset((*ALONE, *ALONE.values(), "REAR", "SIDE"))
