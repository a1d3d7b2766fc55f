"""What the outline of a geofence must look like."""

from quotawatt.register.problems import Rule

OUTLINE_JSON = Rule(
    "outline_json",
    'must be a geometry of GeoJSON: {"type": ..., "coordinates": [...]}',
    '须为 GeoJSON 几何：{"type": ..., "coordinates": [...]}',
)
OUTLINE_TYPE = Rule(
    "outline_type",
    "must be a Polygon, a MultiPolygon, or a Point with a radius, and is {type}",
    "须为 Polygon、MultiPolygon 或附半径的 Point，而此处为 {type}",
)
OUTLINE_POSITION = Rule(
    "outline_position",
    "a position must be [longitude, latitude] in degrees, -180 to 180 and -90 to 90, and one is {position}",
    "坐标须为 [经度, 纬度]（经度 -180 至 180，纬度 -90 至 90），而有一处为 {position}",
)
OUTLINE_RING = Rule(
    "outline_ring",
    "a ring must have at least 4 positions, the last of them the first again, and ring {ring} has not",
    "每个环至少 4 个坐标且首尾相同，而第 {ring} 环不是",
)
OUTLINE_CROSSING = Rule(
    "outline_crossing",
    "an area must not cross or touch itself, and its holes must lie inside; it is not so at {position}",
    "区域边界不得自相交或重叠，内环须在外环之内，而 {position} 处不符",
)
OUTLINE_WIDE = Rule(
    "outline_wide",
    "a polygon must not be wider than 180° (one over the 180th meridian must be cut there into a"
    " MultiPolygon), and spans {west} to {east}",
    "多边形东西跨度不得超过 180°（跨 180° 经线的须在该处切成 MultiPolygon），而此处自 {west} 至 {east}",
)
RADIUS_DUE = Rule(
    "radius_due",
    "must be filled where the outline is a Point",
    "边界为 Point 时必须填写半径",
)
RADIUS_EMPTY = Rule(
    "radius_empty",
    "must be empty where the outline is no Point",
    "边界不是 Point 时须为空",
)
