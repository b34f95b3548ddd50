"""The editions every form is issued in: 2006 as the notice had it, and today's names and codes."""

from services.form import Edition

EDITION_2006 = Edition(
    id="2006", version="2006版 1.0", profile="2006", ministry="劳动和社会保障部", department="劳动保障"
)
EDITION_TODAY = Edition(
    id="today", version="现行版 1.0", profile="today", ministry="人力资源和社会保障部", department="人力资源社会保障"
)
EDITIONS = (EDITION_2006, EDITION_TODAY)
