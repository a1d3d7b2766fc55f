"""A small register, right in every row, as CSV text; tests break one thing at a time."""

from pathlib import Path

from quotawatt.register.editing import rows_of
from quotawatt.register.found import Found
from quotawatt.register.model import Register
from quotawatt.register.rows import KINDS, columns

FILES = {
    "organisations": """code,name_zh,name_en,kind,level,region_parent,system_parent,owner_zh,owner_en
ORG-1,岚泉市机关事务管理局,Lanquan Office Affairs Bureau,party_government,city,,,节能科科长,Head of energy
ORG-2,岚泉市教育局,Lanquan Education Bureau,party_government,city,ORG-1,,办公室主任,Office head
""",
    "headcounts": """organisation,component,people,valid_from,valid_until
ORG-1,in_post,120,2022-01-01,2023-07-01
ORG-1,in_post,125.5,2023-07-01,
""",
    "sites": """code,name_zh,name_en,timezone,province,quota_zone,latitude_deg,longitude_deg
SITE-1,东院,East court,Asia/Shanghai,shandong,B,36.2,117.1
""",
    "buildings": """code,name_zh,name_en,site,organisation,gross_area_m2,heated_area_m2,year_built
BLD-1,主楼（一号）,"Main building, no. 1",SITE-1,ORG-1,8000,7500.5,1998
BLD-2,附楼,Annex,SITE-1,ORG-2,,,
""",
    "meters": """code,name_zh,name_en,building,carrier,item,parent,rated_power_kw
MTR-1,总表,Main,BLD-1,electricity,,,400
MTR-2,照明插座,Lighting,BLD-1,electricity,A,MTR-1,120
MTR-3,水表,Water,BLD-1,water,,,
""",
    "pv_plants": """code,name_zh,name_en,building,peak_power_kw
PV-1,屋顶光伏,Roof plant,BLD-1,120
""",
    "vehicles": """code,name_zh,name_en,organisation,plate,kind,energy,tank_l,battery_kwh
VEH-1,公务车一,Car one,ORG-1,鲁Z·00001,car,petrol,55,
""",
    "bindings": """\
device,channel,quantity,asset,point_quantity,valid_from,valid_until,multiplier,register_size
dev-1,,,MTR-1,,2022-01-01T00:00:00+08:00,2023-01-01T00:00:00+08:00,40,99999
dev-9,,,MTR-1,,2023-01-01T00:00:00+08:00,,40,100000
dev-2,1,electricity_import_kwh,PV-1,pv_generation_kwh,2023-01-01T00:00:00+08:00,,,
""",
    "base_values": """asset,measure,year,value,source
ORG-1,carbon_kgco2_per_m2,2020,61.5,年报，虚构
""",
}


def write_example(folder: Path, **changed: str) -> Path:
    """Write the example, with the files of ``changed`` in place of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, text in {**FILES, **changed}.items():
        (folder / f"{kind}.csv").write_text(text, encoding="utf-8")
    return folder


def edited(kind: str, old: str, new: str) -> dict[str, str]:
    """The file of a kind with ``old`` replaced by ``new``."""
    assert old in FILES[kind]
    return {kind: FILES[kind].replace(old, new, 1)}


def found_of(register: Register) -> Found:
    """The register as if all of it had been read of files."""
    return Found(
        rows=rows_of(register),
        columns={kind: frozenset(column.name for column in columns(kind)) for kind in KINDS},
        sheets={kind: f"{kind}.csv" for kind in KINDS},
    )
