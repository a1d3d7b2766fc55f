"""Places on the ground: datums, distances, areas, areas as files. Degrees; WGS84 unless said otherwise."""
