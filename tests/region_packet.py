"""A small region packet for the tests of verification: two stations, one recommended, figures included."""

import json
from datetime import date

from invented import province
from services.bundle.packet import Options, Source, bind
from services.check import Context
from services.settings import load_settings


def region_packet():
    stations = list(province(2))
    sources = [
        Source(name=f"{station.code}-{form}.json", data=json.dumps(record, ensure_ascii=False).encode())
        for station in stations
        for form, record in station.records.items()
    ]
    context = Context(today=date(2006, 10, 16))
    return bind("region", sources, context, load_settings(), Options(signed_on=date(2006, 10, 16)))
