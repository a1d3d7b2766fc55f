"""What adds up to what: points to rooms, buildings and organisations; hours to days and months."""
